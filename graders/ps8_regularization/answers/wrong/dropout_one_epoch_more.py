# why: Trains the dropout network for one epoch more than `epochs`.
# fails: test_dropout_after_each_hidden_layer
# %% drop-model-answer
def train_dropout_network(x, y, rate=0.5, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((196,)),
            layers.Dense(128, activation="relu"),
            layers.Dropout(rate),
            layers.Dense(128, activation="relu"),
            layers.Dropout(rate),
            layers.Dense(10, activation="softmax"),
        ]
    )
    fit(model, x, y, epochs + 1)
    return model
