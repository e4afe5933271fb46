# why: fold_scores is right, but the repetitions share one model.
# fails: test_fits_a_fresh_model_each_time
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
    model = build_model()
    return np.array([fold_scores(lambda: model, x, y, k_fold(rng.permutation(len(x)), k)) for _ in range(repeats)])
