# why: The distances are averaged as they are, not as the root of their mean square.
# fails: test_noise_falls_with_the_root_of_the_batch_size
# %% batch-answer
def updates(rows, batch_size, epochs=1):
    return -(-rows // batch_size) * epochs


def gradient_noise(gradients, batch_size, draws, seed):
    rng = np.random.default_rng(seed)
    chosen = rng.integers(len(gradients), size=(draws, batch_size))
    distances = gradients[chosen].mean(axis=1) - gradients.mean(axis=0)
    return float(np.linalg.norm(distances, axis=1).mean())
