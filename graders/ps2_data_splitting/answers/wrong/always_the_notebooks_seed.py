# why: The shuffles come from the notebook's SEED, not from the argument.
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
    rng = np.random.default_rng(SEED)
    return np.array([fold_scores(build_model, x, y, k_fold(rng.permutation(len(x)), k)) for _ in range(repeats)])
