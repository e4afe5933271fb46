# why: Takes l2 · w for the derivative of l2 · w².
# fails: test_pull_of_l2
# %% gradient-answer
def penalty_gradient(weights, l1=0.0, l2=0.0):
    return [l1 * np.sign(w) + l2 * w if w.ndim > 1 else np.zeros_like(w) for w in weights]
