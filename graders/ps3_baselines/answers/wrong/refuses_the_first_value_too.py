# why: The very first value of the series is refused as well.
# fails: test_refuses_to_look_before_the_start, test_persistence_answers_with_the_newest_value, test_seasonal_forecast_goes_one_season_back, test_long_horizons_use_nothing_newer
# %% series-answer
def naive_forecast(series, times, horizon, season=1):
    lag = season * math.ceil(horizon / season)
    sources = np.asarray(times) - lag
    if (sources < 1).any():
        raise ValueError(f"a forecast needs a value {lag} steps back, before the series starts")
    return np.asarray(series)[sources]


def relative_error(actual, forecast, naive):
    actual = np.asarray(actual)
    return float(np.mean(np.abs(forecast - actual)) / np.mean(np.abs(naive - actual)))
