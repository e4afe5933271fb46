# why: The generator is made from the notebook's SEED.
# fails: test_shuffles_are_decided_by_the_seed
# %% shuffle-answer
def shuffle_accuracies(labels, repeats, seed):
    rng = np.random.default_rng(SEED)
    labels = np.asarray(labels)
    return np.array([np.mean(rng.permutation(labels) == labels) for _ in range(repeats)])
