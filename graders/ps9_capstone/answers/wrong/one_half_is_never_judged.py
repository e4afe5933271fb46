# why: Trained on one half of the rows, it judges the other half; nobody judges the first.
# fails: test_finds_wrong_labels
# %% suspects-answer
def support(x, y, folds, k):
    distance = np.sqrt(((x[:, None] - x[None]) ** 2).sum(axis=2))
    distance[folds[:, None] == folds[None]] = np.inf
    nearest = np.argsort(distance, axis=1)[:, :k]
    return (y[nearest] == y[:, None]).mean(axis=1)


def suspects(x, y, seed):
    order = np.random.default_rng(seed).permutation(len(x))
    known, judged = np.array_split(order, 2)
    model = KNeighborsClassifier(15).fit(x[known], y[known])
    return judged[model.predict(x[judged]) != y[judged]]
