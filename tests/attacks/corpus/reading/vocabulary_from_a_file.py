"""A layer whose vocabulary is a file of the machine, read by whoever opens the model."""
# places: model
# bgw: BGW-116, BGW-129


def save(path):
    rewrite(path, lambda parts, config: config["config"]["layers"].append(
        {"module": "keras.layers", "class_name": "StringLookup", "registered_name": None,
         "config": {"name": "s", "vocabulary": "/etc/passwd", "max_tokens": None}}))
