# why: The running mean of the shuffles so far is returned, which settles down.
# fails: test_shuffles_spread_as_shuffles_do
# %% shuffle-answer
def shuffle_accuracies(labels, repeats, seed):
    rng = np.random.default_rng(seed)
    labels = np.asarray(labels)
    single = np.array([np.mean(rng.permutation(labels) == labels) for _ in range(repeats)])
    return np.cumsum(single) / np.arange(1, repeats + 1)
