# why: The first windows hold the last value of the past again and again.
# fails: test_beats_persistence
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
    return model.predict(lag_windows(np.concatenate([np.full(k, past[-1]), future]), k)[0])
