# why: Takes the means off the very table that it was given.
# fails: test_finds_wrong_labels, test_suspects_are_often_wrong
# %% suspects-answer
def support(x, y, folds, k):
    distance = np.sqrt(((x[:, None] - x[None]) ** 2).sum(axis=2))
    distance[folds[:, None] == folds[None]] = np.inf
    nearest = np.argsort(distance, axis=1)[:, :k]
    return (y[nearest] == y[:, None]).mean(axis=1)


def suspects(x, y, seed):
    x -= x.mean(axis=0)
    folds = np.random.default_rng(seed).permutation(len(x)) % 5
    return np.flatnonzero(support(x, y, folds, k=15) < 0.4)
