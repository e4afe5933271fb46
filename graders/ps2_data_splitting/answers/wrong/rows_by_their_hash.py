# why: Rows are compared by their hashes: -1 and -2 have the same one.
# fails: test_keeps_near_copies
# %% split-groups-answer
def first_copies(x):
    return np.sort(np.unique([hash(tuple(row)) for row in x.tolist()], return_index=True)[1])


def group_split(groups, test_fraction, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    n_test = max(1, round(test_fraction * len(names)))
    in_test = np.isin(groups, names[:n_test])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
