# why: The season is ignored unless the horizon is longer than it.
# fails: test_seasonal_forecast_goes_one_season_back
# %% series-answer
def naive_forecast(series, times, horizon, season=1):
    lag = season * math.ceil(horizon / season)
    sources = np.asarray(times) - lag
    if (sources < 0).any():
        raise ValueError(f"a forecast needs a value {lag} steps back, before the series starts")
    if horizon <= season:
        sources = np.asarray(times) - horizon
    return np.asarray(series)[sources]


def relative_error(actual, forecast, naive):
    actual = np.asarray(actual)
    return float(np.mean(np.abs(forecast - actual)) / np.mean(np.abs(naive - actual)))
