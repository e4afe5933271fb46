# why: The smallest groups are put into test.
# fails: test_chooses_a_share_of_the_groups
# %% split-groups-answer
def first_copies(x):
    _, first = np.unique(x, axis=0, return_index=True)
    return np.sort(first)


def group_split(groups, test_fraction, seed):
    groups = np.asarray(groups)
    names, counts = np.unique(groups, return_counts=True)
    tie = np.random.default_rng(seed).random(len(names))
    names = names[np.lexsort((tie, counts))]
    n_test = max(1, round(test_fraction * len(names)))
    in_test = np.isin(groups, names[:n_test])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
