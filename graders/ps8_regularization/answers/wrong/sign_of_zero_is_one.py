# why: Pulls at weights that are zero already.
# fails: test_pull_of_l1
# %% gradient-answer
def penalty_gradient(weights, l1=0.0, l2=0.0):
    return [l1 * np.where(w >= 0, 1.0, -1.0) + 2 * l2 * w if w.ndim > 1 else np.zeros_like(w) for w in weights]
