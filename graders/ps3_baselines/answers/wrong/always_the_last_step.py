# why: Without a season persistence takes the value one step back, whatever the horizon is.
# fails: test_persistence_answers_with_the_newest_value
# %% series-answer
def naive_forecast(series, times, horizon, season=1):
    lag = 1 if season == 1 else season * math.ceil(horizon / season)
    sources = np.asarray(times) - lag
    if (np.asarray(times) < season * math.ceil(horizon / season)).any():
        raise ValueError(f"a forecast needs a value {lag} steps back, before the series starts")
    return np.asarray(series)[sources]


def relative_error(actual, forecast, naive):
    actual = np.asarray(actual)
    return float(np.mean(np.abs(forecast - actual)) / np.mean(np.abs(naive - actual)))
