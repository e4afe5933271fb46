"""A model file of half a megabyte with four hundred megabytes of weights in it."""
# places: model


def save(path):
    rewrite(path, lambda parts, config: parts.update({"model.weights.h5": bytes(400 << 20)}))
