# why: np.unique on filled rows, a count of rows rounded up, masked arrays and keras.ops, SciPy's binomtest, np.add.at.
# %% audit-answer
import warnings


def audit(x, y):
    filled = np.where(np.isnan(x), np.inf, x)
    unique = np.unique(filled, axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        low, high = np.nanmin(x, axis=0), np.nanmax(x, axis=0)
    shares = pd.Series(y).groupby(y).size() / len(y)
    return dict(copies=len(x) - len(unique), missing=list(np.isnan(x).sum(0)), constant=np.where(~(low < high))[0].tolist(), shares=shares.to_dict())
# %% split-answer
def first_copies(x, day):
    first = {}
    for i in sorted(range(len(x)), key=lambda i: day[i]):
        first.setdefault(tuple(repr(v + 0.0) for v in x[i].tolist()), i)
    return np.array(sorted(first.values()), dtype="int64")


def split_by_day(day, share):
    order = np.argsort(-np.asarray(day), kind="stable")
    wanted = max(1, math.ceil(share * len(day)))
    border = day[order[wanted - 1]]
    val = order[np.asarray(day)[order] >= border]
    train = np.setdiff1d(np.arange(len(day)), val)
    if not train.size:
        raise ValueError
    return train[::-1], val
# %% prepare-answer
def prepare(x_train, x_new):
    hidden = np.ma.masked_invalid(np.asarray(x_train, dtype=float))
    middle = np.ma.median(hidden, axis=0).filled(0)
    full = hidden.filled(0) + np.isnan(x_train) * middle
    centre = full.mean(axis=0, keepdims=True)
    width = np.sqrt(((full - centre) ** 2).mean(axis=0, keepdims=True))
    width[:, np.ptp(full, axis=0) == 0] = 1
    new = np.asarray(x_new, dtype=float).copy()
    for i, j in zip(*np.where(np.isnan(new))):
        new[i, j] = middle[j]
    return tuple(keras.ops.convert_to_numpy(keras.ops.clip(keras.ops.convert_to_tensor((part - centre) / width, dtype="float64"), -4, 4)) for part in (full, new))
# %% baseline-answer
import statistics

from scipy.stats import binomtest


def baseline_answers(y_train, n):
    return np.repeat(min(statistics.multimode(np.asarray(y_train).tolist())), n)


def sign_test(y, ours, theirs):
    table = np.stack([np.equal(ours, y), np.equal(theirs, y)])
    win, lose = np.sum(table[0] > table[1]), np.sum(table[1] > table[0])
    return win, lose, binomtest(int(win), int(win + lose), alternative="greater").pvalue if win + lose else 1
# %% columns-answer
def column_score(values, y, bins=5):
    keep = np.isfinite(values)
    if not keep.any() or np.ptp(y[keep]) == 0:
        return np.float32(0)
    v, t = values[keep], y[keep].astype(float)
    edges = np.percentile(v, 100 * np.arange(1, bins) / bins) if bins > 1 else np.array([])
    place = (v[:, None] >= edges[None]).sum(1)
    n, s = np.zeros(bins), np.zeros(bins)
    np.add.at(n, place, 1)
    np.add.at(s, place, t)
    some = n > 0
    return (n[some] * (s[some] / n[some] - t.mean()) ** 2).sum() / (len(t) * t.var())


def stable_columns(x, y, day, train, blocks=3, least=0.03, bins=5):
    table = pd.DataFrame({"row": np.array(train), "day": day[train]}).sort_values(["day", "row"])
    keep = set(range(x.shape[1]))
    for rows in np.array_split(table["row"].to_numpy(), blocks):
        keep &= {j for j in keep if column_score(x[rows, j], y[rows], bins) >= least}
    return np.array(sorted(keep), dtype=np.int64)
