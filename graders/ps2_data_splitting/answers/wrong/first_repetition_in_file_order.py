# why: The first repetition is not shuffled.
# fails: test_shuffles_anew_by_the_seed
# %% iterated-kfold-answer
def fold_scores(build_model, x, y, splits):
    scores = []
    for train, val in splits:
        model = build_model()
        model.fit(x[train], y[train])
        scores.append(np.mean(model.predict(x[val]) == y[val]))
    return np.array(scores)


def iterated_k_fold(build_model, x, y, k, repeats, seed):
    rng = np.random.default_rng(seed)
    lines = []
    for _ in range(repeats):
        rows = rng.permutation(len(x)) if lines else np.arange(len(x))
        lines.append(fold_scores(build_model, x, y, _own_folds(rows, k)))
    return np.array(lines)


def _own_folds(rows, k):
    pieces = np.array_split(rows, k)
    return [(np.concatenate(pieces[:i] + pieces[i + 1 :]), pieces[i]) for i in range(k)]
