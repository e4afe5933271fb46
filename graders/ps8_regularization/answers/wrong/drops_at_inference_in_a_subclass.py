# why: dropout switched on at inference, inside a class of one's own, whose graph tells of no `training=True`
# fails: test_dropout_network_generalises, test_dropout_after_each_hidden_layer
# %% drop-model-answer
class Dropping(keras.Model):
    def __init__(self, rate):
        super().__init__()
        self.stack = [
            layers.Dense(128, activation="relu"), layers.Dropout(rate),
            layers.Dense(128, activation="relu"), layers.Dropout(rate),
        ]
        self.out = layers.Dense(10, activation="softmax")

    def call(self, x):
        for layer in self.stack:
            x = layer(x, training=True) if isinstance(layer, layers.Dropout) else layer(x)
        return self.out(x)


def train_dropout_network(x, y, rate=0.5, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = Dropping(rate)
    fit(model, x, y, epochs)
    return model
