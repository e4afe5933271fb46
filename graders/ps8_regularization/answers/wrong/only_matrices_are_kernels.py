# why: Takes arrays of exactly two dimensions for kernels, so that convolutions go free.
# fails: test_tells_kernels_from_biases, test_no_pull_on_biases
# %% penalty-answer
def weight_penalty(weights, l1=0.0, l2=0.0):
    kernels = [w for w in weights if w.ndim == 2]
    return float(sum(l1 * np.abs(w).sum() + l2 * (w**2).sum() for w in kernels))
# %% gradient-answer
def penalty_gradient(weights, l1=0.0, l2=0.0):
    return [l1 * np.sign(w) + 2 * l2 * w if w.ndim == 2 else np.zeros_like(w) for w in weights]
