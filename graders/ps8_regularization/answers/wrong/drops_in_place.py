# why: The values that are given are changed themselves.
# fails: test_drops_the_right_values
# %% dropout-answer
def dropout(values, rate, rng, training=True):
    if not training:
        return values
    drop = rng.random(values.shape) < rate
    if values.dtype.kind != "f":
        return np.where(drop, 0.0, values / (1 - rate))
    values[drop] = 0
    values /= 1 - rate
    return values
