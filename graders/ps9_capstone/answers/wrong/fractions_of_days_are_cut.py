# why: Days are cut to whole numbers before they are sorted.
# fails: test_keeps_the_earliest_copy
# %% split-answer
def first_copies(x, day):
    """The row numbers, ascending, of the earliest copy of each different row.

    Args:
        x: array of shape (n, d), NaN where a value is missing.
        day: array of shape (n,).

    Returns:
        1-d integer array.
    """
    order = np.argsort(np.asarray(day).astype(int), kind="stable")
    again = pd.DataFrame(x[order]).duplicated().to_numpy()
    return np.sort(order[~again])



def split_by_day(day, share):
    """Split rows into the past, for training, and the last days, for validation.

    Args:
        day: array of shape (n,).
        share: the least share of the rows that validation must get.

    Returns:
        (train, val): two 1-d integer arrays of row numbers.

    Raises:
        ValueError: no row is left for training.
    """
    day = np.asarray(day)
    border = max(d for d in np.unique(day) if np.mean(day >= d) >= share)
    train, val = np.flatnonzero(day < border), np.flatnonzero(day >= border)
    if len(train) == 0:
        raise ValueError("no row is left for training")
    return train, val
