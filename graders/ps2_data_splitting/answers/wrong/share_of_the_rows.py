# why: Groups go to test until they hold the wanted share of the rows.
# fails: test_chooses_a_share_of_the_groups
# %% split-groups-answer
def first_copies(x):
    return np.sort(np.unique(x, axis=0, return_index=True)[1])


def group_split(groups, test_fraction, seed):
    chosen, n_rows = [], 0
    for name in np.random.default_rng(seed).permutation(np.unique(groups)):
        if n_rows >= test_fraction * len(groups):
            break
        chosen.append(name)
        n_rows += np.sum(groups == name)
    in_test = np.isin(groups, chosen)
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
