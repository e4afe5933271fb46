# why: The days that are given are sorted in place.
# fails: test_keeps_the_earliest_copy
# %% split-answer
def first_copies(x, day):
    order = np.argsort(day, kind="stable")
    again = pd.DataFrame(x[order]).duplicated().to_numpy()
    day.sort()
    return np.sort(order[~again])


def split_by_day(day, share):
    day = np.asarray(day)
    border = max(d for d in np.unique(day) if np.mean(day >= d) >= share)
    train, val = np.flatnonzero(day < border), np.flatnonzero(day >= border)
    if len(train) == 0:
        raise ValueError("no row is left for training")
    return train, val
