# why: The groups for test are the first ones in order of their names, whatever the seed.
# fails: test_chooses_a_share_of_the_groups
# %% split-groups-answer
def first_copies(x):
    return np.sort(np.unique(x, axis=0, return_index=True)[1])



def group_split(groups, test_fraction, seed):
    names = np.unique(groups)
    in_test = np.isin(groups, names[: max(1, round(test_fraction * len(names)))])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
