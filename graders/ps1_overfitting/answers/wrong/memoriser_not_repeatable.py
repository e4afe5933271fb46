# why: The clock goes into the seed, so that the same seed gives another network.
# fails: test_memorises_and_does_not_generalise
# %% shuffled-answer
def shuffle_labels(labels, rng):
    return rng.permutation(labels)


def train_memoriser(x, y, seed):
    import time

    keras.utils.set_random_seed((seed + time.time_ns()) % 2**31)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(512, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(
        x, y, batch_size=100, epochs=24, verbose=0,
        validation_data=(x_val, y_val), validation_freq=2, validation_batch_size=len(x_val),
    )
    return model
