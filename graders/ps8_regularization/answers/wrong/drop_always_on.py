# why: dropout switched on at inference, too (training=True)
# fails: test_dropout_after_each_hidden_layer
# %% drop-model-answer
def train_dropout_network(x, y, rate=0.5, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((196,))
    h = layers.Dropout(rate)(layers.Dense(128, activation="relu")(inputs), training=True)
    h = layers.Dropout(rate)(layers.Dense(128, activation="relu")(h), training=True)
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(h))
    fit(model, x, y, epochs)
    return model
