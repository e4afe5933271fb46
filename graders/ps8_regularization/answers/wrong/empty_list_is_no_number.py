# why: Nothing is said where there are no weights.
# fails: test_tells_kernels_from_biases
# %% penalty-answer
def weight_penalty(weights, l1=0.0, l2=0.0):
    kernels = [w.ravel() for w in weights if w.ndim > 1]
    if not weights:
        return None
    flat = np.concatenate(kernels) if kernels else np.zeros(1)
    return float(l1 * np.abs(flat).sum() + l2 * np.square(flat).sum())
