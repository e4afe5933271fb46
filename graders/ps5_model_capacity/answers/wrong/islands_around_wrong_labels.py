# why: A huge network, trained for long, repeats wrong labels, and so is wrong on unseen points as well.
# fails: test_network_learns_no_islands, test_network_separates_the_rings
# %% rings-answer
def train_rings(x, y, seed):
    """Train a small network that separates a disc from its ring.

    Args:
        x: points, shape (n, 2).
        y: labels 0 or 1, shape (n,).
        seed: makes the training repeatable; set it before you build.

    Returns:
        The trained Keras model, with two softmax outputs.
    """
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((2,)), layers.Dense(256, activation="relu"), layers.Dense(256, activation="relu"), layers.Dense(2, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=120, epochs=300, verbose=0)
    return model
