# why: Goes back `window` epochs from the present one, which makes window + 1 values.
# fails: test_averages_the_window
# %% smooth-answer
def trailing_mean(values, window):
    values = np.asarray(values, dtype=float)
    return np.array([values[max(0, t - 1 - window if t > window else 0) : t].mean() for t in range(1, len(values) + 1)])
