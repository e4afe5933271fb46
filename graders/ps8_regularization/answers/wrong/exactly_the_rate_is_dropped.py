# why: Also drops a value whose draw is exactly the rate, and not below it.
# fails: test_drops_the_right_values
# %% dropout-answer
def dropout(values, rate, rng, training=True):
    if not training:
        return values.copy()
    draws = rng.random(values.shape)
    return np.where(draws <= rate, 0, values / (1 - rate))
