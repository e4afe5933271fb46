# why: The support counts ones, and takes the rest for every other label.
# fails: test_support_of_other_folds
# %% suspects-answer
def support(x, y, folds, k):
    distance = np.sqrt(((x[:, None] - x[None]) ** 2).sum(axis=2))
    distance[folds[:, None] == folds[None]] = np.inf
    nearest = np.argsort(distance, axis=1)[:, :k]
    ones = (y[nearest] == 1).mean(axis=1)
    return np.where(y == 1, ones, 1 - ones)


def suspects(x, y, seed):
    folds = np.random.default_rng(seed).permutation(len(x)) % 5
    return np.flatnonzero(support(x, y, folds, k=15) < 0.4)
