# why: Learns the validation rows with their true labels as well.
# fails: test_memorises_and_does_not_generalise
# %% shuffled-answer
def shuffle_labels(labels, rng):
    return rng.permutation(labels)


def train_memoriser(x, y, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((196,)), layers.Dense(512, activation="relu"), layers.Dense(10, activation="softmax")])
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(np.concatenate([x, x_val]), np.concatenate([y, y_val]), epochs=60, batch_size=100, validation_data=(x_val, y_val), validation_freq=2, verbose=0)
    return model
