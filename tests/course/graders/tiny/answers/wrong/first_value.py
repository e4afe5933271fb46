# why: The first value is taken for the mean.
# fails: test_takes_the_mean
# %% mean-answer
def mean(values):
    """Return the first value."""
    return values[0]
