# why: best_columns takes the means off the array that it was given, for whoever goes on with it.
# fails: test_picks_the_best_columns
# %% table-pick-answer
def column_scores(x, y):
    total = ((x - x.mean(axis=0)) ** 2).sum(axis=0)
    explained = np.zeros(x.shape[1])
    for label in np.unique(y):
        rows = x[y == label]
        explained += len(rows) * (rows.mean(axis=0) - x.mean(axis=0)) ** 2
    constant = (x == x[0]).all(axis=0)
    return np.where(constant, 0, explained / np.where(constant, 1, total))


def best_columns(x, y, k):
    x -= x.mean(axis=0)
    return np.argsort(-column_scores(x, y))[:k]


def suspect_labels(x, y, k):
    distance = ((x[:, None] - x[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distance, np.inf)
    nearest = np.argsort(distance, axis=1)[:, :k]
    return 2 * (y[nearest] == y[:, None]).sum(axis=1) < k
