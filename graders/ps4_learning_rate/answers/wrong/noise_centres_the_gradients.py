# why: The mean is subtracted in place, in the array of the caller.
# fails: test_noise_is_repeatable
# %% batch-answer
def updates(rows, batch_size, epochs=1):
    return -(-rows // batch_size) * epochs


def gradient_noise(gradients, batch_size, draws, seed):
    gradients -= gradients.mean(axis=0)
    rng = np.random.default_rng(seed)
    chosen = rng.integers(len(gradients), size=(draws, batch_size))
    return float(np.sqrt((gradients[chosen].mean(axis=1) ** 2).sum(axis=1).mean()))
