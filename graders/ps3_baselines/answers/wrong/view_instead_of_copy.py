# why: `labels[:]` of an array is a view: the labels are shuffled along and agree with themselves.
# fails: test_shuffles_agree_with_the_formula, test_shuffles_spread_as_shuffles_do, test_shuffles_are_decided_by_the_seed
# %% shuffle-answer
def shuffle_accuracies(labels, repeats, seed):
    rng = np.random.default_rng(seed)
    labels = np.asarray(labels)
    accuracies = []
    for _ in range(repeats):
        shuffled = labels[:]
        rng.shuffle(shuffled)
        accuracies.append(np.mean(shuffled == labels))
    return np.array(accuracies)
