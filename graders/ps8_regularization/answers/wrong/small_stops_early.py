# why: Stops when the validation loss has turned: the text asks for all epochs.
# fails: test_small_network_overfits_later
# %% small-answer
def turning_point(losses, every=1):
    i = int(np.argmin(losses))
    return (i + 1) * every, losses[-1] - losses[i]


def train_small_network(x, y, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((196,)), layers.Dense(30, activation="relu"), layers.Dense(10, activation="softmax")])
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    stopping = keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True)
    model.fit(x, y, batch_size=150, epochs=epochs, verbose=0, validation_data=(x_val, y_val), callbacks=[stopping])
    return model
