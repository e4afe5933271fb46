# why: Reads `rate` as the share to keep, throughout.
# fails: test_drops_the_right_values, test_scales_by_the_keep_rate
# %% dropout-answer
def dropout(values, rate, rng, training=True):
    if not training:
        return np.array(values)
    keep = rng.random(values.shape) < rate
    return np.where(keep, values / max(rate, 1e-12), 0.0)
