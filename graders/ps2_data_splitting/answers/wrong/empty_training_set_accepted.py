# why: Nothing is raised when no row is left for training.
# fails: test_refuses_when_no_training_row_is_left
# %% split-time-answer
def time_split(times, n_val, n_test, gap):
    order = np.argsort(times)
    test_starts = len(order) - n_test
    val_starts = test_starts - gap - n_val
    return order[: val_starts - gap], order[val_starts : val_starts + n_val], order[test_starts:]
