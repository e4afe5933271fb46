# why: Always a hundred mini-batches are drawn.
# fails: test_noise_falls_with_the_root_of_the_batch_size
# %% batch-answer
def updates(rows, batch_size, epochs=1):
    return epochs * -(-rows // batch_size)


def gradient_noise(gradients, batch_size, draws, seed):
    rng = np.random.default_rng(seed)
    gradients = np.asarray(gradients, dtype=float)
    means = np.array([gradients[rng.integers(len(gradients), size=batch_size)].mean(axis=0) for _ in range(100)])
    return float(np.sqrt(((means - gradients.mean(axis=0)) ** 2).sum(axis=1).mean()))
