# why: Labels are drawn with replacement, so that the class counts vary as well.
# fails: test_shuffles_spread_as_shuffles_do
# %% shuffle-answer
def shuffle_accuracies(labels, repeats, seed):
    rng = np.random.default_rng(seed)
    labels = np.asarray(labels)
    return np.array([np.mean(rng.choice(labels, len(labels)) == labels) for _ in range(repeats)])
