# why: Trains on the notebook's points, with whatever labels are given.
# fails: test_network_separates_the_rings
# %% rings-answer
def train_rings(points, y, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((2,)), layers.Dense(24, activation="relu"), layers.Dense(2, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.05), loss="sparse_categorical_crossentropy")
    model.fit(x_rings, y, batch_size=60, epochs=60, verbose=0)
    return model
