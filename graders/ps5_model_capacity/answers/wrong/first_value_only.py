# why: Predicts the first value of the future and none after it.
# fails: test_one_prediction_for_each_value, test_forecast_leaks_nothing, test_beats_persistence
# %% series-answer
def lag_windows(series, k, horizon=1):
    """Rows of k values in a row, oldest first, and the value `horizon` steps after each row's last one.

    Args:
        series: n numbers in the order of time.
        k: number of lags.
        horizon: how many steps ahead the target is.

    Returns:
        (x, y) of shapes (m, k) and (m,); m is 0 where the series is too short.
    """
    series = np.asarray(series, dtype=float)
    m = max(0, len(series) - k - horizon + 1)
    return np.array([series[i : i + k] for i in range(m)]).reshape(m, k), series[k + horizon - 1 :][:m]


def forecast(past, future, k):
    """Predict each value of `future` from the k values before it, by a linear model fitted on `past`.

    Args:
        past: values in the order of time, more than k.
        future: the values that follow, at least one.
        k: number of lags.

    Returns:
        Predictions, shape (len(future),).
    """
    from sklearn.linear_model import Ridge

    model = Ridge(alpha=1.0).fit(*lag_windows(past, k))
    return model.predict([past[-k:]])
