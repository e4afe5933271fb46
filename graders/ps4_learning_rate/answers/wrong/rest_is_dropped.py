# why: Rounded down: the smaller last batch is forgotten.
# fails: test_last_batch_counts
# %% batch-answer
def updates(rows, batch_size, epochs=1):
    return rows // batch_size * epochs


def gradient_noise(gradients, batch_size, draws, seed):
    rng = np.random.default_rng(seed)
    chosen = rng.integers(len(gradients), size=(draws, batch_size))
    distances = gradients[chosen].mean(axis=1) - gradients.mean(axis=0)
    return float(np.sqrt((distances**2).sum(axis=1).mean()))
