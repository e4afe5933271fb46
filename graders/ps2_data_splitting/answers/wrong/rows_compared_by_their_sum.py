# why: Two rows with the same sum are taken for copies.
# fails: test_keeps_near_copies
# %% split-groups-answer
def first_copies(x):
    return np.sort(np.unique(x.sum(axis=1), return_index=True)[1])



def group_split(groups, test_fraction, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    in_test = np.isin(groups, names[: max(1, round(test_fraction * len(names)))])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
