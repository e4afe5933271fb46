# why: The differences are taken in the arrays that were given.
# fails: test_error_as_a_multiple_of_the_naive_one
# %% series-answer
def naive_forecast(series, times, horizon, season=1):
    lag = season * math.ceil(horizon / season)
    sources = np.asarray(times) - lag
    if (sources < 0).any():
        raise ValueError(f"a forecast needs a value {lag} steps back, before the series starts")
    return np.asarray(series)[sources]


def relative_error(actual, forecast, naive):
    forecast -= actual
    naive -= actual
    actual = 0
    return float(np.mean(np.abs(forecast - actual)) / np.mean(np.abs(naive - actual)))
