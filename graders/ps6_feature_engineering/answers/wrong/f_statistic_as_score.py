# why: The F statistic of the analysis of variance: the same order, but not the share asked for.
# fails: test_scores_columns
# %% table-pick-answer
def column_scores(x, y):
    total = ((x - x.mean(axis=0)) ** 2).sum(axis=0)
    explained = np.zeros(x.shape[1])
    for label in np.unique(y):
        rows = x[y == label]
        explained += len(rows) * (rows.mean(axis=0) - x.mean(axis=0)) ** 2
    constant = (x == x[0]).all(axis=0)
    classes = len(np.unique(y))
    within = np.where(constant, 1, total - explained)
    return np.where(constant, 0, explained / (classes - 1) / (within / (len(x) - classes)))


def best_columns(x, y, k):
    return np.argsort(-column_scores(x, y))[:k]


def suspect_labels(x, y, k):
    distance = ((x[:, None] - x[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distance, np.inf)
    nearest = np.argsort(distance, axis=1)[:, :k]
    return 2 * (y[nearest] == y[:, None]).sum(axis=1) < k
