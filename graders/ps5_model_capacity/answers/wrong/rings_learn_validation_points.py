# why: Trained on the validation points as well.
# fails: test_network_separates_the_rings
# %% rings-answer
def train_rings(x, y, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((2,)), layers.Dense(24, activation="relu"), layers.Dense(2, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.05), loss="sparse_categorical_crossentropy")
    model.fit(np.concatenate([x, x_rings_val]), np.concatenate([y, y_rings_val]), batch_size=60, epochs=60, verbose=0)
    return model
