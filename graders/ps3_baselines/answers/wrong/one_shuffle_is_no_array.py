# why: A single repetition gives a bare number in place of an array of one.
# fails: test_shuffles_are_decided_by_the_seed
# %% shuffle-answer
def shuffle_accuracies(labels, repeats, seed):
    rng = np.random.default_rng(seed)
    return np.squeeze([np.mean(rng.permutation(labels) == labels) for _ in range(repeats)])
