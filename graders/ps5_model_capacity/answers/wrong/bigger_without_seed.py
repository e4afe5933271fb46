# why: The seed is not set.
# fails: test_recognises_new_digits
# %% bigger-answer
def train_bigger(x, y, x_val, y_val, seed):

    model = keras.Sequential([keras.Input((196,)), layers.Dense(96, activation="relu"), layers.Dense(96, activation="relu"), layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy")
    model.fit(x, y, validation_data=(x_val, y_val), batch_size=200, epochs=20, verbose=0)
    return model
