# why: Stops early and brings back the best epoch: the text asks for all epochs.
# fails: test_dropout_after_each_hidden_layer
# %% drop-model-answer
def train_dropout_network(x, y, rate=0.5, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((196,)), layers.Dense(128, activation='relu'), layers.Dropout(rate), layers.Dense(128, activation='relu'), layers.Dropout(rate), layers.Dense(10, activation='softmax')])
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=150, epochs=epochs, verbose=0, validation_data=(x_val, y_val), callbacks=[keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)])
    return model
