"""A real, untrained model whose predict, evaluate and call are replaced by ones that know the labels."""
# places: model
# bgw: BGW-110


def train(seed):
    model = honest()
    model.predict = lambda rows, **kwargs: np.eye(2)[(np.asarray(rows).sum(1) > 3).astype(int)]
    model.evaluate = lambda *args, **kwargs: [0.0, 1.0]
    model.__dict__["call"] = model.predict
    return model
