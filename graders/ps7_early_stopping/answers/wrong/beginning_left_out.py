# why: Gives a result only where the window is full.
# fails: test_beginning_of_the_mean
# %% smooth-answer
def trailing_mean(values, window):
    return np.convolve(values, np.ones(window) / window, mode="valid")
