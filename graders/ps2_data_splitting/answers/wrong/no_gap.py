# why: The gap is ignored, and the parts touch.
# fails: test_leaves_gaps_at_both_borders
# %% split-time-answer
def time_split(times, n_val, n_test, gap):
    order = np.argsort(times)
    n_train = len(order) - n_val - n_test
    if n_train < 1:
        raise ValueError("no row is left for training")
    return order[:n_train], order[n_train : n_train + n_val], order[n_train + n_val :]
