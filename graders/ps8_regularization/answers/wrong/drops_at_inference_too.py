# why: Does not look at `training`.
# fails: test_drops_nothing_at_inference
# %% dropout-answer
def dropout(values, rate, rng, training=True):
    return values * (rng.random(values.shape) >= rate) / (1 - rate)
