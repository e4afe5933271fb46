# why: Adds the weights up with their signs, so that large weights of both signs cancel.
# fails: test_l1_penalty
# %% penalty-answer
def weight_penalty(weights, l1=0.0, l2=0.0):
    kernels = [w for w in weights if w.ndim > 1]
    return float(sum(l1 * w.sum() + l2 * (w**2).sum() for w in kernels))
