# why: Manhattan distance; one column cannot tell.
# fails: test_finds_planted_wrong_labels
# %% table-pick-answer
def column_scores(x, y):
    x, y = np.asarray(x, dtype=float), np.asarray(y)
    mean = x.mean(axis=0)
    between = sum((y == c).sum() * (x[y == c].mean(axis=0) - mean) ** 2 for c in np.unique(y))
    total = ((x - mean) ** 2).sum(axis=0)
    return np.divide(between, total, out=np.zeros(x.shape[1]), where=total > 1e-12)


def best_columns(x, y, k):
    return np.argsort(-column_scores(x, y))[:k]


def suspect_labels(x, y, k):
    x, y = np.asarray(x, dtype=float), np.asarray(y)
    d = np.abs(x[:, None] - x[None]).sum(axis=2)
    np.fill_diagonal(d, np.inf)
    near = np.argsort(d, axis=1)[:, :k]
    return (y[near] == y[:, None]).sum(axis=1) < k / 2
