# why: Each row is compared with the one before it only; copies that lie apart stay.
# fails: test_keeps_the_first_copies
# %% split-groups-answer
def first_copies(x):
    same = (x[1:] == x[:-1]).all(axis=1)
    return np.flatnonzero(np.concatenate([[True], ~same]))



def group_split(groups, test_fraction, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    in_test = np.isin(groups, names[: max(1, round(test_fraction * len(names)))])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
