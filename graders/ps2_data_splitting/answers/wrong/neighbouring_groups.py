# why: The groups for test are neighbours in the order of their names; only where they start is random.
# fails: test_chooses_a_share_of_the_groups
# %% split-groups-answer
def first_copies(x):
    return np.sort(np.unique(x, axis=0, return_index=True)[1])


def group_split(groups, test_fraction, seed):
    names = np.unique(groups)
    names = np.roll(names, np.random.default_rng(seed).integers(len(names)))
    n_test = max(1, round(test_fraction * len(names)))
    in_test = np.isin(groups, names[:n_test])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
