# why: Rows are drawn until there are enough groups, so large groups are tested more often.
# fails: test_chooses_a_share_of_the_groups
# %% split-groups-answer
def first_copies(x):
    _, first = np.unique(x, axis=0, return_index=True)
    return np.sort(first)


def group_split(groups, test_fraction, seed):
    groups = np.asarray(groups)
    names = np.array(list(dict.fromkeys(np.random.default_rng(seed).permutation(groups).tolist())))
    n_test = max(1, round(test_fraction * len(names)))
    in_test = np.isin(groups, names[:n_test])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
