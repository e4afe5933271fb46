"""A Lambda layer as the loss of a model inside the model."""
# places: model
# bgw: BGW-129


def save(path):
    import json

    import keras

    inner = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    inner.compile("sgd", "mse")
    config = json.loads(keras.Sequential([keras.Input((2,)), inner]).to_json())
    config["config"]["layers"][1]["compile_config"]["loss"] = smuggled
    rewrite(path, lambda parts, old: (old.clear(), old.update(config)))
