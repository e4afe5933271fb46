# why: The share of rows that disagree is returned.
# fails: test_shuffles_agree_with_the_formula
# %% shuffle-answer
def shuffle_accuracies(labels, repeats, seed):
    rng = np.random.default_rng(seed)
    labels = np.asarray(labels)
    return np.array([np.mean(rng.permutation(labels) != labels) for _ in range(repeats)])
