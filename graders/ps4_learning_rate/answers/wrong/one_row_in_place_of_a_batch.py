# why: One row is drawn, and its distance divided by the root of the batch size.
# fails: test_noise_falls_with_the_root_of_the_batch_size
# %% batch-answer
def updates(rows, batch_size, epochs=1):
    return epochs * -(-rows // batch_size)


def gradient_noise(gradients, batch_size, draws, seed):
    rng = np.random.default_rng(seed)
    gradients = np.asarray(gradients, dtype=float)
    means = np.array([gradients[rng.integers(len(gradients), size=1)].mean(axis=0) for _ in range(draws)])
    return float(np.sqrt(((means - gradients.mean(axis=0)) ** 2).sum(axis=1).mean() / batch_size))
