# why: Draws a second time and does not use it: the generator is one step too far.
# fails: test_drops_the_right_values
# %% dropout-answer
def dropout(values, rate, rng, training=True):
    if not training:
        return values.copy()
    draws = rng.random(values.shape)
    rng.random(values.shape)
    return np.where(draws < rate, 0, values / (1 - rate))
