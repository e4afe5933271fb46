# why: With both factors only the L1 penalty is charged.
# fails: test_penalties_add_up
# %% penalty-answer
def weight_penalty(weights, l1=0.0, l2=0.0):
    kernels = [w for w in weights if w.ndim > 1]
    if l1 > 0:
        return float(l1 * sum(np.abs(w).sum() for w in kernels))
    return float(l2 * sum((w**2).sum() for w in kernels))
