# why: Divides by `window` from the first epoch on, as if there had been zeros before.
# fails: test_beginning_of_the_mean
# %% smooth-answer
def trailing_mean(values, window):
    values = np.asarray(values, dtype=float)
    return np.array([values[max(0, t - window) : t].sum() / window for t in range(1, len(values) + 1)])
