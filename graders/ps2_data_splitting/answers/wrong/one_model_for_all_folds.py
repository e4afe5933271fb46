# why: The model is built once, before the loop, and fitted again and again.
# fails: test_fits_a_fresh_model_each_time
# %% iterated-kfold-answer
def fold_scores(build_model, x, y, splits):
    model = build_model()
    scores = []
    for train, val in splits:
        model.fit(x[train], y[train])
        scores.append(model.score(x[val], y[val]))
    return np.array(scores)



def iterated_k_fold(build_model, x, y, k, repeats, seed):
    rng = np.random.default_rng(seed)
    return np.array([fold_scores(build_model, x, y, k_fold(rng.permutation(len(x)), k)) for _ in range(repeats)])
