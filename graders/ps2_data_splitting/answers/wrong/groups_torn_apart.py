# why: Rows are shuffled and split, whatever group they belong to.
# fails: test_tears_no_group_apart
# %% split-groups-answer
def first_copies(x):
    return np.sort(np.unique(x, axis=0, return_index=True)[1])



def group_split(groups, test_fraction, seed):
    rows = np.random.default_rng(seed).permutation(len(groups))
    n_test = round(test_fraction * len(rows))
    return rows[n_test:], rows[:n_test]
