# why: The oldest rows are for test and the newest for training: the model would know the future.
# fails: test_past_trains_future_tests
# %% split-time-answer
def time_split(times, n_val, n_test, gap):
    order = np.argsort(times)
    val_starts = n_test + gap
    train_starts = val_starts + n_val + gap
    if train_starts >= len(order):
        raise ValueError("no row is left for training")
    return order[train_starts:], order[val_starts : val_starts + n_val], order[:n_test]
