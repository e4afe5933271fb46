# why: The rows are taken to be in time order already.
# fails: test_sorts_by_time
# %% split-time-answer
def time_split(times, n_val, n_test, gap):
    rows = np.arange(len(times))
    test_starts = len(rows) - n_test
    val_starts = test_starts - gap - n_val
    train_ends = val_starts - gap
    if train_ends < 1:
        raise ValueError("no row is left for training")
    return rows[:train_ends], rows[val_starts : val_starts + n_val], rows[test_starts:]
