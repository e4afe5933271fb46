# why: The windows end right before the target, whatever the horizon is.
# fails: test_horizon
# %% series-answer
def lag_windows(series, k, horizon=1):
    series = np.asarray(series, dtype=float)
    m = max(0, len(series) - k - horizon + 1)
    start = horizon - 1
    return np.array([series[start + i : start + i + k] for i in range(m)]).reshape(m, k), series[k + start :][:m]


def forecast(past, future, k):
    full = np.concatenate([past, future])
    design = lambda rows: np.column_stack([np.ones(len(rows)), rows])
    rows = np.array([full[i - k : i] for i in range(k, len(full))])
    cut = len(past) - k
    w = np.linalg.lstsq(design(rows[:cut]), full[k : len(past)], rcond=None)[0]
    return design(rows[cut:]) @ w
