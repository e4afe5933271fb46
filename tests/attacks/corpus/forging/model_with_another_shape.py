"""Predictions of a shape in which every comparison with the labels is broadcast."""
# places: model
# bgw: BGW-123


def save(path):
    rewrite(path, lambda parts, config: config["config"]["layers"].append(
        {"module": "keras.layers", "class_name": "Reshape", "registered_name": None,
         "config": {"name": "r", "target_shape": [2, 1]}}))
