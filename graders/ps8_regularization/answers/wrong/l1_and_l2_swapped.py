# why: Charges l1 for the squares and l2 for the sizes.
# fails: test_l1_penalty, test_l2_penalty
# %% penalty-answer
def weight_penalty(weights, l1=0.0, l2=0.0):
    kernels = [w for w in weights if w.ndim > 1]
    return float(sum(l1 * (w**2).sum() + l2 * np.abs(w).sum() for w in kernels))
