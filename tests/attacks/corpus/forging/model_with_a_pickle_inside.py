"""A pickle beside the weights in the model's archive."""
# places: model
# bgw: BGW-129


def save(path):
    rewrite(path, lambda parts, config: parts.update({"evil.pkl": b"cos\nsystem\n."}))
