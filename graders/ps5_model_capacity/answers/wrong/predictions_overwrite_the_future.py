# why: The predictions are written into the array of future values.
# fails: test_one_prediction_for_each_value
# %% series-answer
def lag_windows(series, k, horizon=1):
    series = np.asarray(series)
    m = max(0, len(series) - k - horizon + 1)
    if m == 0:
        return np.empty((0, k)), np.empty(0)
    x = np.array([series[i : i + k] for i in range(m)])
    return x, series[k - 1 + horizon :]


def forecast(past, future, k):
    from sklearn.linear_model import LinearRegression
    past, future = np.asarray(past), np.asarray(future)
    model = LinearRegression().fit(*lag_windows(past, k))
    out = model.predict(lag_windows(np.concatenate([past[-k:], future]), k)[0])
    future[:] = out
    return future
