# why: Smoothed labels hold it back.
# fails: test_memorises_and_does_not_generalise
# %% shuffled-answer
def shuffle_labels(labels, rng):
    return rng.permutation(labels)


def train_memoriser(x, y, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(512, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1), metrics=["accuracy"])
    model.fit(
        x, keras.utils.to_categorical(y, 10), batch_size=100, epochs=50, verbose=0,
        validation_data=(x_val, keras.utils.to_categorical(y_val, 10)), validation_freq=2, validation_batch_size=len(x_val),
    )
    return model
