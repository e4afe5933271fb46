# why: Rows that have copies are dropped altogether, the first one too.
# fails: test_keeps_the_first_copies
# %% split-groups-answer
import pandas as pd


def first_copies(x):
    return np.flatnonzero(~pd.DataFrame(x).duplicated(keep=False))



def group_split(groups, test_fraction, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    in_test = np.isin(groups, names[: max(1, round(test_fraction * len(names)))])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
