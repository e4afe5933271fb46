# why: There is no row, however long the series.
# fails: test_windows_before_the_target, test_horizon, test_too_short_a_series, test_beats_persistence
# %% series-answer
def lag_windows(series, k, horizon=1):
    return np.zeros((0, k)), np.zeros(0)


def forecast(past, future, k):
    return np.concatenate([past[-1:], future[:-1]])
