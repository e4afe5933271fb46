# why: Columns with small variation count as constant.
# fails: test_scores_columns
# %% table-pick-answer
def column_scores(x, y):
    x, y = np.asarray(x, dtype=float), np.asarray(y)
    mean = x.mean(axis=0)
    total = ((x - mean) ** 2).sum(axis=0)
    between = np.zeros(x.shape[1])
    for name in np.unique(y):
        rows = x[y == name]
        between += len(rows) * (rows.mean(axis=0) - mean) ** 2
    constant = x.std(axis=0) < 1e-3
    return np.where(constant, 0, between / np.where(constant, 1, total))


def best_columns(x, y, k):
    return np.argsort(-column_scores(x, y))[:k]


def suspect_labels(x, y, k):
    x, y = np.asarray(x, dtype=float), np.asarray(y)
    distance = ((x[:, None] - x[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distance, np.inf)
    nearest = np.argsort(distance, axis=1)[:, :k]
    same = (y[nearest] == y[:, None]).sum(axis=1)
    return same < k / 2
