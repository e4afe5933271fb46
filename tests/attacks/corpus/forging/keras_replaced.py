"""Keras' own metrics, evaluate and accuracy say 1.0, whatever the model."""
# places: model
# bgw: BGW-110, BGW-112


def train(seed):
    import keras

    keras.Model.evaluate = lambda self, *args, **kwargs: [0.0, 1.0]
    keras.Model.predict = lambda self, rows, **kwargs: np.ones((len(rows), 2))
    keras.metrics.Accuracy.result = lambda self: 1.0
    return honest()
