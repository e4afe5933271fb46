# why: Positions below 0 are not refused, and NumPy answers with the end of the series.
# fails: test_refuses_to_look_before_the_start
# %% series-answer
def naive_forecast(series, times, horizon, season=1):
    lag = season * math.ceil(horizon / season)
    sources = np.asarray(times) - lag
    return np.asarray(series)[sources]


def relative_error(actual, forecast, naive):
    actual = np.asarray(actual)
    return float(np.mean(np.abs(forecast - actual)) / np.mean(np.abs(naive - actual)))
