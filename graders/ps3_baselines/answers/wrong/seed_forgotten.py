# why: The generator is made without the seed.
# fails: test_shuffles_are_decided_by_the_seed
# %% shuffle-answer
def shuffle_accuracies(labels, repeats, seed):
    rng = np.random.default_rng()
    labels = np.asarray(labels)
    return np.array([np.mean(rng.permutation(labels) == labels) for _ in range(repeats)])
