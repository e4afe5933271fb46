"""The model's configuration names os.system."""
# places: model
# bgw: BGW-129


def save(path):
    rewrite(path, lambda parts, config: config.update(module="os", class_name="system", registered_name="system"))
