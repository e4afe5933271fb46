# why: A zero for each value.
# fails: test_one_prediction_for_each_value, test_forecast_leaks_nothing, test_beats_persistence
# %% series-answer
def lag_windows(series, k, horizon=1):
    series = np.asarray(series, dtype=float)
    m = max(0, len(series) - k - horizon + 1)
    return np.array([series[i : i + k] for i in range(m)]).reshape(m, k), series[k + horizon - 1 :][:m]


def forecast(past, future, k):
    return np.zeros(len(future))
