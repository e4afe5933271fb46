# why: Takes the values before the epoch and not the one of the epoch itself.
# fails: test_looks_back_only
# %% smooth-answer
def trailing_mean(values, window):
    values = np.asarray(values, dtype=float)
    first = [values[: t + 1].mean() for t in range(min(window - 1, len(values)))]
    return np.array(first + [values[t - window : t].mean() if t >= window else values[:t].mean() if t else values[0] for t in range(len(first), len(values))])
