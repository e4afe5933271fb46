# why: Counts the dimensions that it knows, 2 to 4: a convolution over volumes goes free.
# fails: test_tells_kernels_from_biases
# %% penalty-answer
def weight_penalty(weights, l1=0.0, l2=0.0):
    total = 0.0
    for w in weights:
        if w.ndim in (2, 3, 4):
            total += l1 * np.abs(w).sum() + l2 * np.square(w).sum()
    return total
