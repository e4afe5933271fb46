# why: Squares the weights that it is given.
# fails: test_penalties_add_up
# %% penalty-answer
def weight_penalty(weights, l1=0.0, l2=0.0):
    total = 0.0
    for w in weights:
        if w.ndim > 1:
            total += l1 * np.abs(w).sum()
            w **= 2
            total += l2 * w.sum()
    return total
