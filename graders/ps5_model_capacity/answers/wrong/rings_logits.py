# why: The outputs are no probabilities: the loss is told so, and softmax is left out.
# fails: test_network_separates_the_rings
# %% rings-answer
def train_rings(x, y, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((2,)), layers.Dense(24, activation="relu"), layers.Dense(2)])
    model.compile(keras.optimizers.Adam(0.03), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(x, y, batch_size=30, epochs=40, verbose=0)
    return model
