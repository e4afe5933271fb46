# why: The fraction is given to the training part.
# fails: test_chooses_a_share_of_the_groups
# %% split-groups-answer
def first_copies(x):
    return np.sort(np.unique(x, axis=0, return_index=True)[1])



def group_split(groups, test_fraction, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    in_train = np.isin(groups, names[: max(1, round(test_fraction * len(names)))])
    return np.flatnonzero(in_train), np.flatnonzero(~in_train)
