# why: np.ceil rounds up and returns a float.
# fails: test_no_empty_batch
# %% batch-answer
def updates(rows, batch_size, epochs=1):
    return epochs * np.ceil(rows / batch_size)


def gradient_noise(gradients, batch_size, draws, seed):
    rng = np.random.default_rng(seed)
    gradients = np.asarray(gradients, dtype=float)
    means = np.array([gradients[rng.integers(len(gradients), size=batch_size)].mean(axis=0) for _ in range(draws)])
    return float(np.sqrt(((means - gradients.mean(axis=0)) ** 2).sum(axis=1).mean()))
