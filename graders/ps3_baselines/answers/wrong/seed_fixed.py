# why: The generator always has the same seed, whatever is asked for.
# fails: test_shuffles_are_decided_by_the_seed
# %% shuffle-answer
def shuffle_accuracies(labels, repeats, seed):
    rng = np.random.default_rng(7)
    labels = np.asarray(labels)
    return np.array([np.mean(rng.permutation(labels) == labels) for _ in range(repeats)])
