# why: The rows of x are shuffled, but their labels stay where they were.
# fails: test_each_repetition_validates_every_row_once
# %% iterated-kfold-answer
def fold_scores(build_model, x, y, splits):
    scores = []
    for train, val in splits:
        model = build_model()
        model.fit(x[train], y[train])
        scores.append(model.score(x[val], y[val]))
    return np.array(scores)



def iterated_k_fold(build_model, x, y, k, repeats, seed):
    rng = np.random.default_rng(seed)
    folds = k_fold(np.arange(len(x)), k)
    return np.array([fold_scores(build_model, rng.permutation(x), y, folds) for _ in range(repeats)])
