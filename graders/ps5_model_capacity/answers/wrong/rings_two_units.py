# why: Two hidden units: half a border, about 0.70 where right answers reach 0.80, so that its gap says nothing.
# fails: test_network_learns_no_islands, test_network_separates_the_rings
# %% rings-answer
def train_rings(x, y, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((2,)), layers.Dense(2, activation="relu"), layers.Dense(2, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=30, epochs=40, verbose=0)
    return model
