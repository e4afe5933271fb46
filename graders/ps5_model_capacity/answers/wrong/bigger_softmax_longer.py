# why: Softmax regression, trained for longer.
# fails: test_is_more_than_linear
# %% bigger-answer
def train_bigger(x, y, x_val, y_val, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((196,)), layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=200, epochs=120, verbose=0, validation_data=(x_val, y_val), validation_batch_size=400)
    return model
