# why: Times are sorted by their absolute value.
# fails: test_sorts_by_time
# %% split-time-answer
def time_split(times, n_val, n_test, gap):
    order = np.argsort(np.abs(times))
    n = len(order)
    test_from = n - n_test
    val_to = test_from - gap
    val_from = val_to - n_val
    train_to = val_from - gap
    if train_to < 1:
        raise ValueError("no row is left for training")
    return order[:train_to], order[val_from:val_to], order[test_from:]
