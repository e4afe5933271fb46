# why: The means are right, and written into the array that came in.
# fails: test_averages_the_window
# %% smooth-answer
def trailing_mean(values, window):
    values = np.asarray(values, dtype=float)
    values[:] = [values[max(0, t - window + 1) : t + 1].mean() for t in range(len(values))]
    return values
