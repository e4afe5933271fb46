# why: Nothing is shuffled: normal numbers with the mean and the spread of the formula are drawn.
# fails: test_shuffles_spread_as_shuffles_do
# %% shuffle-answer
def shuffle_accuracies(labels, repeats, seed):
    rng = np.random.default_rng(seed)
    p = np.unique(labels, return_counts=True)[1] / len(labels)
    S, T = (p**2).sum(), (p**3).sum()
    return rng.normal(S, np.sqrt((S - 2 * T + S**2) / (len(labels) - 1)), repeats)
