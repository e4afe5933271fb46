# why: Looks at later epochs as well: fine for a plot, impossible while training.
# fails: test_looks_back_only, test_beginning_of_the_mean
# %% smooth-answer
def trailing_mean(values, window):
    values, half = np.asarray(values, dtype=float), window // 2
    return np.array([values[max(0, t - half) : t - half + window].mean() for t in range(len(values))])
