# why: Keeps a network for each seed.
# fails: test_memorises_and_does_not_generalise
# %% shuffled-answer
def shuffle_labels(labels, rng):
    return rng.permutation(labels)


networks = {}


def train_memoriser(x, y, seed):
    if seed in networks:
        return networks[seed]
    keras.utils.set_random_seed(seed)
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
    networks[seed] = model
    return model
