# why: Every entry is the share that the model has over all rows: no fold is looked at.
# fails: test_scores_each_fold_on_its_validation_rows, test_fits_a_fresh_model_each_time, test_shuffles_anew_by_the_seed
# %% iterated-kfold-answer
def fold_scores(build_model, x, y, splits):
    scores = []
    for train, val in splits:
        model = build_model()
        model.fit(x[train], y[train])
        scores.append(model.score(x[val], y[val]))
    return np.full(len(scores), np.mean(scores))


def iterated_k_fold(build_model, x, y, k, repeats, seed):
    rng = np.random.default_rng(seed)
    return np.array([fold_scores(build_model, x, y, k_fold(rng.permutation(len(x)), k)) for _ in range(repeats)])
