# why: Counters, a ValueError of one's own, the statistics module in single precision, Decimal, and one minus what the bins leave.
# %% audit-answer
from collections import Counter, OrderedDict


def audit(x, y):
    n, d = np.shape(x)
    keys = Counter(tuple((bool(np.isnan(v)), 0.0 if np.isnan(v) else float(v)) for v in row) for row in np.asarray(x))
    out = OrderedDict()
    out["constant"] = np.array([j for j in range(d) if len(set(np.asarray(x)[:, j][~np.isnan(np.asarray(x)[:, j])])) <= 1], dtype=int)
    out["shares"] = {k: v / n for k, v in Counter(y).items()}
    out["copies"] = np.int64(n - len(keys))
    out["missing"] = np.count_nonzero(np.isnan(x), axis=0).astype(float)
    return out
# %% split-answer
class NothingLeft(ValueError):
    pass


def first_copies(x, day):
    table = pd.DataFrame(x)
    codes = table.groupby(list(table.columns), dropna=False, sort=False).ngroup().to_numpy()
    order = np.lexsort((np.arange(len(day)), day, codes))
    new = np.r_[True, codes[order][1:] != codes[order][:-1]]
    return np.sort(order[new])


def split_by_day(day, share):
    n = len(day)
    days = sorted(set(np.asarray(day).tolist()))

    def search(i):
        late = [r for r in range(n) if day[r] >= days[i]]
        return late if len(late) / n >= share else search(i - 1)

    late = search(len(days) - 1)
    if len(late) == n:
        raise NothingLeft("nothing")
    return tuple(r for r in range(n) if r not in set(late)), tuple(late)
# %% prepare-answer
import statistics


def prepare(x_train, x_new):
    a, b = np.empty(np.shape(x_train), "float32"), np.empty(np.shape(x_new), "float32")
    for j, column in enumerate(np.transpose(x_train).tolist()):
        middle = statistics.median(v for v in column if v == v)
        filled = [middle if v != v else v for v in column]
        m = statistics.fmean(filled)
        s = statistics.pstdev(filled) if len(set(filled)) > 1 else 1.0
        m = m if len(set(filled)) > 1 else filled[0]
        for out, table in ((a, x_train), (b, x_new)):
            values = [middle if v != v else v for v in np.transpose(table)[j].tolist()]
            out[:, j] = [min(max((v - m) / s, -4), 4) for v in values]
    return a, b
# %% baseline-answer
from decimal import Decimal, getcontext


def baseline_answers(y_train, n):
    return pd.Series(y_train).mode().iloc[[0] * n].to_numpy()


def sign_test(y, ours, theirs):
    getcontext().prec = 60
    right = pd.DataFrame({"we": ours == y, "they": theirs == y})
    w, l = len(right.query("we and not they")), len(right.query("they and not we"))
    p = sum((Decimal(math.comb(w + l, k)) for k in range(w, w + l + 1)), Decimal(0)) / Decimal(2) ** (w + l)
    return (w, l, float(p))
# %% columns-answer
from sklearn.preprocessing import OneHotEncoder
from sklearn.linear_model import LinearRegression


def column_score(values, y, bins=5):
    v, t = (np.asarray(a, dtype=float)[~np.isnan(np.asarray(values, dtype=float))] for a in (values, y))
    if len(set(t)) < 2:
        return 0
    edges = [-np.inf, *np.quantile(v, [b / bins for b in range(1, bins)]), np.inf]
    place = [sum(1 for e in edges if e <= one) for one in v]
    rest = sum(((g - g.mean()) ** 2).sum() for _, g in pd.Series(t).groupby(place))
    return 1 - rest / ((t - t.mean()) ** 2).sum()


def stable_columns(x, y, day, train, blocks=3, least=0.03, bins=5):
    order = np.lexsort((train, np.asarray(day)[train]))
    parts = np.array_split(np.asarray(train)[order], blocks)
    return np.array([j for j in range(x.shape[1]) if min(column_score(x[p][:, j], y[p], bins=bins) for p in parts) >= least], dtype=int)
