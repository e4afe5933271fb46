# why: The mean is summed in a loop.
# %% mean-answer
def mean(values):
    """Return the mean of a 1-d array."""
    total = 0.0
    for value in values:
        total += float(value)
    return total / len(values)
