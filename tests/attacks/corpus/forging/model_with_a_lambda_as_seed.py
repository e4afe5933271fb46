"""A Lambda layer where an initializer keeps its seed."""
# places: model
# bgw: BGW-129


def save(path):
    rewrite(path, lambda parts, config: dense(config)["config"]["kernel_initializer"]["config"].update(seed=smuggled))
