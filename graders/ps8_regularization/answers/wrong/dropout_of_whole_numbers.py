# why: The result has the dtype of what came in.
# fails: test_scales_by_the_keep_rate
# %% dropout-answer
def dropout(values, rate, rng, training=True):
    out = np.array(values)
    if training:
        out[:] = np.where(rng.random(values.shape) < rate, 0, values / (1 - rate))
    return out
