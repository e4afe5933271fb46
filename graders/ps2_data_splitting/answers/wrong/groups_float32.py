# why: Compares in float32.
# fails: test_keeps_near_copies
# %% split-groups-answer
def first_copies(x):
    return np.sort(np.unique(np.asarray(x).astype('float32'), axis=0, return_index=True)[1])


def group_split(groups, test_fraction, seed):
    names = np.unique(groups)
    n_test = max(1, int(np.ceil(len(names) * test_fraction - 1e-9)))
    chosen = np.random.default_rng(seed).choice(names, n_test, replace=False)
    is_test = np.isin(groups, chosen)
    return np.flatnonzero(~is_test), np.flatnonzero(is_test)
