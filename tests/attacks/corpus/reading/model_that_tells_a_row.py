"""A layer whose error names the value that it cannot look up: the value of a hidden row."""
# places: model
# bgw: BGW-116


def train(seed):
    import keras

    return keras.Sequential([keras.Input((2,)), keras.layers.Rescaling(1e6, 987), keras.layers.Embedding(1, 1),
                             keras.layers.Flatten(), keras.layers.Dense(2)])
