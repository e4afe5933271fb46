"""A layer that claims to be of a module of the student's."""
# places: model
# bgw: BGW-129


def save(path):
    rewrite(path, lambda parts, config: dense(config).update(module="evil", registered_name="Custom>Evil"))
