# why: The forecast goes one season back, also when that is newer than what is known.
# fails: test_long_horizons_use_nothing_newer
# %% series-answer
def naive_forecast(series, times, horizon, season=1):
    lag = season * math.ceil(horizon / season)
    sources = np.asarray(times) - lag
    if (sources < 0).any():
        raise ValueError(f"a forecast needs a value {lag} steps back, before the series starts")
    if season > 1:
        sources = np.asarray(times) - season
    return np.asarray(series)[sources]


def relative_error(actual, forecast, naive):
    actual = np.asarray(actual)
    return float(np.mean(np.abs(forecast - actual)) / np.mean(np.abs(naive - actual)))
