# why: Changes the values given, also where nothing is to be done.
# fails: test_drops_nothing_at_inference
# %% dropout-answer
def dropout(values, rate, rng, training=True):
    if not training:
        return np.multiply(values, 1 - rate, out=values) / (1 - rate)
    draws = rng.random(values.shape)
    return np.where(draws < rate, 0, values / (1 - rate))
