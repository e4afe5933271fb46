"""Weights that are not numbers: every comparison with what they predict is False."""
# places: model
# bgw: BGW-126


def save(path):
    import numpy as np

    model = honest()
    model.set_weights([w * np.nan for w in model.get_weights()])
    model.save(path)
