# why: The lag is subtracted from the times that were given.
# fails: test_refuses_to_look_before_the_start
# %% series-answer
def naive_forecast(series, times, horizon, season=1):
    lag = season * math.ceil(horizon / season)
    sources = np.asarray(times)
    sources -= lag
    if (sources < 0).any():
        raise ValueError(f"a forecast needs a value {lag} steps back, before the series starts")
    return np.asarray(series)[sources]


def relative_error(actual, forecast, naive):
    actual = np.asarray(actual)
    return float(np.mean(np.abs(forecast - actual)) / np.mean(np.abs(naive - actual)))
