# why: One update an epoch, whatever the batch size.
# fails: test_last_batch_counts, test_no_empty_batch, test_every_epoch_ends_with_its_own_batch
# %% batch-answer
def updates(rows, batch_size, epochs=1):
    return epochs


def gradient_noise(gradients, batch_size, draws, seed):
    rng = np.random.default_rng(seed)
    chosen = rng.integers(len(gradients), size=(draws, batch_size))
    distances = gradients[chosen].mean(axis=1) - gradients.mean(axis=0)
    return float(np.sqrt((distances**2).sum(axis=1).mean()))
