# why: np.unique sorts by the rows' values, and so its row numbers are not ascending.
# fails: test_keeps_the_first_copies
# %% split-groups-answer
def first_copies(x):
    return np.unique(x, axis=0, return_index=True)[1]



def group_split(groups, test_fraction, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    in_test = np.isin(groups, names[: max(1, round(test_fraction * len(names)))])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
