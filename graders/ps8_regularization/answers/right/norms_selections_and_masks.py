# why: norm and dot, np.select, a masked array; the same in fewer words.
# %% penalty-answer
from functools import reduce


def weight_penalty(weights, l1=0.0, l2=0.0):
    flat = [np.asarray(w, dtype=np.float64).ravel() for w in weights if len(np.shape(w)) != 1]
    return reduce(lambda total, v: total + l1 * np.linalg.norm(v, 1) + l2 * (v @ v), flat, np.float64(0))
# %% gradient-answer
def penalty_gradient(weights, l1=0.0, l2=0.0):
    out = []
    for w in weights:
        out.append(np.select([w > 0, w < 0], [2 * l2 * w + l1, 2 * l2 * w - l1], 0.0) if w.ndim > 1 else np.zeros_like(w))
    return out
# %% dropout-answer
def dropout(values, rate, rng, training=True):
    if not training:
        return values.copy()
    draws = rng.random(values.shape)
    return np.ma.masked_array(values / (1 - rate), mask=draws < rate).filled(0)
