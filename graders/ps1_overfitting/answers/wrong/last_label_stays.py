# why: Shuffles by exchanges that never reach the last place.
# fails: test_shuffle_is_random
# %% shuffled-answer
def shuffle_labels(labels, rng):
    out = labels.copy()
    for i in range(len(out) - 1):
        j = rng.integers(i, len(out) - 1)
        out[i], out[j] = out[j], out[i]
    return out


def train_memoriser(x, y, seed):
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
    return model
