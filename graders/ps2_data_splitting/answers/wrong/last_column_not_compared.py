# why: The last column, taken for a label, is not compared.
# fails: test_keeps_near_copies
# %% split-groups-answer
def group_split(groups, test_fraction, seed):
    groups = np.asarray(groups)
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    n_test = max(1, round(test_fraction * len(names)))
    in_test = np.isin(groups, names[:n_test])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)


def first_copies(x):
    _, first = np.unique(x[:, : max(1, x.shape[1] - 1)], axis=0, return_index=True)
    return np.sort(first)
