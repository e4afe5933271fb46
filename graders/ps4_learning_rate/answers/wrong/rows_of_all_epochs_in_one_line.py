# why: All epochs' rows are dealt out in one line and rounded once.
# fails: test_every_epoch_ends_with_its_own_batch
# %% batch-answer
def updates(rows, batch_size, epochs=1):
    return -(-rows * epochs // batch_size)


def gradient_noise(gradients, batch_size, draws, seed):
    rng = np.random.default_rng(seed)
    chosen = rng.integers(len(gradients), size=(draws, batch_size))
    distances = gradients[chosen].mean(axis=1) - gradients.mean(axis=0)
    return float(np.sqrt((distances**2).sum(axis=1).mean()))
