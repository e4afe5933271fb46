"""Weights that only begin like a file of weights."""
# places: model


def save(path):
    rewrite(path, lambda parts, config: parts.update({"model.weights.h5": b"\x89HDF\r\n" * 99}))
