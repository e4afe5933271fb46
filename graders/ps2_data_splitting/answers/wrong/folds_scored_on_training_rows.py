# why: Each score is the accuracy on the rows that the model was fitted on.
# fails: test_scores_each_fold_on_its_validation_rows
# %% iterated-kfold-answer
def fold_scores(build_model, x, y, splits):
    scores = []
    for train, val in splits:
        model = build_model()
        model.fit(x[train], y[train])
        scores.append(model.score(x[train], y[train]))
    return np.array(scores)



def iterated_k_fold(build_model, x, y, k, repeats, seed):
    rng = np.random.default_rng(seed)
    return np.array([fold_scores(build_model, x, y, k_fold(rng.permutation(len(x)), k)) for _ in range(repeats)])
