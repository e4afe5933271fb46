# why: The results are written into an array of the dtype that came in.
# fails: test_averages_the_window
# %% smooth-answer
def trailing_mean(values, window):
    values = np.asarray(values)
    out = np.empty_like(values)
    for t in range(len(values)):
        out[t] = values[max(0, t + 1 - window) : t + 1].mean()
    return out
