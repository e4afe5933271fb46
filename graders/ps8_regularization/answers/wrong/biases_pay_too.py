# why: Goes through all arrays, biases included.
# fails: test_tells_kernels_from_biases
# %% penalty-answer
def weight_penalty(weights, l1=0.0, l2=0.0):
    return float(sum(l1 * np.abs(w).sum() + l2 * (w**2).sum() for w in weights))
