# why: Rounds to three decimals: small penalties are lost.
# fails: test_l1_penalty, test_l2_penalty
# %% penalty-answer
def weight_penalty(weights, l1=0.0, l2=0.0):
    total = 0.0
    for w in weights:
        if w.ndim > 1:
            total += l1 * np.abs(w).sum() + l2 * np.square(w).sum()
    return round(float(total), 3)
