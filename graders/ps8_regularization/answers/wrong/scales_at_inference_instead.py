# why: The first form of dropout: unscaled in training, multiplied by the keep rate at inference.
# fails: test_scales_by_the_keep_rate, test_drops_nothing_at_inference
# %% dropout-answer
def dropout(values, rate, rng, training=True):
    if not training:
        return values * (1 - rate)
    return values * (rng.random(values.shape) >= rate)
