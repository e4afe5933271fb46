"""A layer of ten million units."""
# places: model


def save(path):
    rewrite(path, lambda parts, config: dense(config)["config"].update(units=9_999_999))
