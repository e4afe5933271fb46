# why: Takes the factor one half of many textbooks, which Keras does not have.
# fails: test_l2_penalty
# %% penalty-answer
def weight_penalty(weights, l1=0.0, l2=0.0):
    kernels = [w for w in weights if w.ndim > 1]
    return float(sum(l1 * np.abs(w).sum() + l2 * (w**2).sum() / 2 for w in kernels))
