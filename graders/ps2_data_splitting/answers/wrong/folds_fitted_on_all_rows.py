# why: Every model is fitted on all of x, the validation rows among them.
# fails: test_scores_each_fold_on_its_validation_rows
# %% iterated-kfold-answer
def fold_scores(build_model, x, y, splits):
    return np.array([build_model().fit(x, y).score(x[val], y[val]) for train, val in splits])



def iterated_k_fold(build_model, x, y, k, repeats, seed):
    rng = np.random.default_rng(seed)
    return np.array([fold_scores(build_model, x, y, k_fold(rng.permutation(len(x)), k)) for _ in range(repeats)])
