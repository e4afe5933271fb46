# why: The kernels that are given become their gradients.
# fails: test_no_pull_on_biases
# %% gradient-answer
def penalty_gradient(weights, l1=0.0, l2=0.0):
    for w in weights:
        w[...] = l1 * np.sign(w) + 2 * l2 * w if w.ndim > 1 else 0
    return weights
