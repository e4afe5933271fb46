# why: Stops early and brings back the best epoch: the text asks for all epochs.
# fails: test_penalises_kernels_only
# %% penalised-answer
def train_penalised_network(x, y, l1, l2, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(128, activation="relu", kernel_regularizer=regularizers.L1L2(l1=l1, l2=l2)),
        layers.Dense(128, activation="relu", kernel_regularizer=regularizers.L1L2(l1=l1, l2=l2)),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=150, epochs=epochs, verbose=0, validation_data=(x_val, y_val), callbacks=[keras.callbacks.EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=True)])
    return model


def plain_cross_entropy(model, x, y):
    p = probabilities(model, x)[np.arange(len(y)), y]
    return float(-np.log(np.clip(p, 1e-7, None)).mean())
