# why: One neighbour with another label is enough to be suspect.
# fails: test_finds_wrong_labels, test_suspects_are_often_wrong
# %% suspects-answer
def support(x, y, folds, k):
    """The share of each row's k nearest rows of other folds that have its label.

    Args:
        x: array of shape (n, d).
        y: labels, shape (n,).
        folds: the fold of each row, shape (n,).
        k: number of neighbours.

    Returns:
        array of shape (n,), from 0 to 1.
    """
    distance = np.sqrt(((x[:, None] - x[None]) ** 2).sum(axis=2))
    distance[folds[:, None] == folds[None]] = np.inf
    nearest = np.argsort(distance, axis=1)[:, :k]
    return (y[nearest] == y[:, None]).mean(axis=1)


def suspects(x, y, seed):
    """The numbers of the rows whose label should be checked again.

    Args:
        x: prepared rows, shape (n, d).
        y: labels 0 and 1, shape (n,), about one in seven wrong.
        seed: for whatever is random.

    Returns:
        1-d integer array of row numbers, in any order.
    """
    folds = np.random.default_rng(seed).permutation(len(x)) % 5
    return np.flatnonzero(support(x, y, folds, k=15) < 1)
