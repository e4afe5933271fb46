# why: With both factors only L1 pulls.
# fails: test_pull_of_l2
# %% gradient-answer
def penalty_gradient(weights, l1=0.0, l2=0.0):
    out = []
    for w in weights:
        out.append((l1 * np.sign(w) if l1 else 2 * l2 * w) if w.ndim > 1 else np.zeros_like(w))
    return out
