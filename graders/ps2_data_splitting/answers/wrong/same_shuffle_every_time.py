# why: The generator is made anew in every repetition, from the same seed.
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
    lines = []
    for _ in range(repeats):
        rows = np.random.default_rng(seed).permutation(len(x))
        lines.append(fold_scores(build_model, x, y, k_fold(rows, k)))
    return np.array(lines)
