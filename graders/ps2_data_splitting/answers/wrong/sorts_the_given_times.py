# why: The times are sorted in place: the caller's rows no longer belong to them.
# fails: test_sorts_by_time
# %% split-time-answer
def time_split(times, n_val, n_test, gap):
    order = np.argsort(times)
    times.sort()
    test_starts = len(order) - n_test
    val_starts = test_starts - gap - n_val
    train_ends = val_starts - gap
    if train_ends < 1:
        raise ValueError(f"{len(order)} rows are too few: none is left for training")
    return order[:train_ends], order[val_starts : val_starts + n_val], order[test_starts:]
