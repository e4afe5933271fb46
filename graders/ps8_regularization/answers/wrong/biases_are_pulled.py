# why: Gives biases the gradient of kernels.
# fails: test_no_pull_on_biases
# %% gradient-answer
def penalty_gradient(weights, l1=0.0, l2=0.0):
    return [l1 * np.sign(w) + 2 * l2 * w for w in weights]
