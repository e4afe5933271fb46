# why: Divides by the drop rate; at 0.5 nobody would notice.
# fails: test_scales_by_the_keep_rate
# %% dropout-answer
def dropout(values, rate, rng, training=True):
    if not training:
        return np.array(values)
    keep = rng.random(values.shape) >= rate
    scale = rate if rate > 0 else 1.0
    return values * keep / scale
