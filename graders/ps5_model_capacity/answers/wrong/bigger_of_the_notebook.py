# why: Trained on the notebook's digits, whatever it is called with.
# fails: test_recognises_new_digits
# %% bigger-answer
def train_bigger(x, y, x_val, y_val, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(96, activation="relu"),
        layers.Dense(96, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy")
    model.fit(x_digits, y_digits, batch_size=200, epochs=20, verbose=0, validation_data=(x_val, y_val), validation_batch_size=400)
    return model
