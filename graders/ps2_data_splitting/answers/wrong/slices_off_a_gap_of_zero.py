# why: `order[:-gap]` is empty when gap is 0, instead of everything.
# fails: test_past_trains_future_tests
# %% split-time-answer
def time_split(times, n_val, n_test, gap):
    order = np.argsort(times)
    if len(order) - n_val - n_test - 2 * gap < 1:
        raise ValueError("no row is left for training")
    test, before = order[-n_test:], order[:-n_test]
    before = before[:-gap]
    val, before = before[-n_val:], before[:-n_val]
    return before[:-gap], val, test
