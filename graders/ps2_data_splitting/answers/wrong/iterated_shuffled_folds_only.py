# why: Shuffles the order of the folds, not the rows.
# fails: test_shuffles_anew_by_the_seed
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
    lines = []
    for _ in range(repeats):
        folds = k_fold(np.arange(len(x)), k)
        lines.append(fold_scores(build_model, x, y, [folds[i] for i in rng.permutation(k)]))
    return np.array(lines)
