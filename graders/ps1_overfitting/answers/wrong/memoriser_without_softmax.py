# why: No softmax: the network returns logits.
# fails: test_memorises_and_does_not_generalise
# %% shuffled-answer
def shuffle_labels(labels, rng):
    return rng.permutation(labels)


def train_memoriser(x, y, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(512, activation="relu"),
        layers.Dense(10),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    model.fit(
        x, y, batch_size=100, epochs=24, verbose=0,
        validation_data=(x_val, y_val), validation_freq=2, validation_batch_size=len(x_val),
    )
    return model
