# why: Rows are made floats before they are compared: large whole numbers that differ by one become equal.
# fails: test_keeps_near_copies
# %% split-groups-answer
def first_copies(x):
    return np.sort(np.unique(x.astype(float), axis=0, return_index=True)[1])


def group_split(groups, test_fraction, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    n_test = max(1, round(test_fraction * len(names)))
    in_test = np.isin(groups, names[:n_test])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
