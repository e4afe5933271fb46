# why: Takes the absolute values in place: the weights given lose their signs.
# fails: test_penalties_add_up
# %% penalty-answer
def weight_penalty(weights, l1=0.0, l2=0.0):
    total = 0.0
    for w in weights:
        if w.ndim > 1:
            total += l1 * np.abs(w, out=w).sum() + l2 * np.square(w).sum()
    return total
