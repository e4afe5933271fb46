"""A pickle where the model file should be."""
# places: model
# bgw: BGW-129


def save(path):
    import pickle

    open(path, "wb").write(pickle.dumps(print))
