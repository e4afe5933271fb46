# why: Takes all values for outputs of a ReLU: what is negative becomes 0.
# fails: test_drops_the_right_values
# %% dropout-answer
def dropout(values, rate, rng, training=True):
    if not training:
        return values.copy()
    draws = rng.random(values.shape)
    return np.where(draws < rate, 0, np.maximum(values, 0) / (1 - rate))
