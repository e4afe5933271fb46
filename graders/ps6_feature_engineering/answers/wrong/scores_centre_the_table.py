# why: The means are subtracted in place, in the table of the caller.
# fails: test_scores_columns
# %% table-pick-answer
def column_scores(x, y):
    constant = (x == x[0]).all(axis=0)
    if x.dtype.kind == "f":
        x -= x.mean(axis=0)
    else:
        x = x - x.mean(axis=0)
    explained = np.zeros(x.shape[1])
    for label in np.unique(y):
        explained += np.sum(y == label) * x[y == label].mean(axis=0) ** 2
    return np.where(constant, 0, explained / np.where(constant, 1, (x**2).sum(axis=0)))


def best_columns(x, y, k):
    return np.argsort(-column_scores(x.copy(), y))[:k]


def suspect_labels(x, y, k):
    distance = ((x[:, None] - x[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distance, np.inf)
    nearest = np.argsort(distance, axis=1)[:, :k]
    return 2 * (y[nearest] == y[:, None]).sum(axis=1) < k
