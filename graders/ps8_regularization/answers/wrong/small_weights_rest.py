# why: Takes weights next to zero for zero: L1 pulls them, too.
# fails: test_pull_of_l1
# %% gradient-answer
def penalty_gradient(weights, l1=0.0, l2=0.0):
    out = []
    for w in weights:
        out.append(l1 * np.sign(w) * (np.abs(w) > 1e-6) + 2 * l2 * w if w.ndim > 1 else np.zeros_like(w))
    return out
