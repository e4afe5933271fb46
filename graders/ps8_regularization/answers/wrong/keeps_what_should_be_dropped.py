# why: Keeps the values whose draw is below the rate.
# fails: test_drops_the_right_values
# %% dropout-answer
def dropout(values, rate, rng, training=True):
    if not training:
        return np.array(values)
    return values * (rng.random(values.shape) < rate) / (1 - rate)
