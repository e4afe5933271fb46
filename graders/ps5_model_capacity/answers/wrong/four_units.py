# why: A hidden layer of four units is a bottleneck.
# fails: test_has_room_enough, test_recognises_new_digits, test_is_more_than_linear
# %% bigger-answer
def train_bigger(x, y, x_val, y_val, seed):
    """Train a network with more capacity than softmax regression.

    Args:
        x, y: training images (n, 196) and labels (n,).
        x_val, y_val: validation images and labels, for the record only.
        seed: makes the training repeatable; set it before you build.

    Returns:
        The trained Keras model, with ten softmax outputs.
    """
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(4, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=200, epochs=20, verbose=0, validation_data=(x_val, y_val), validation_batch_size=400)
    return model
