# why: Counts the dimensions that it knows, 2 to 4: a convolution over volumes is not pulled.
# fails: test_no_pull_on_biases
# %% gradient-answer
def penalty_gradient(weights, l1=0.0, l2=0.0):
    out = []
    for w in weights:
        out.append(l1 * np.sign(w) + 2 * l2 * w if w.ndim in (2, 3, 4) else np.zeros_like(w))
    return out
