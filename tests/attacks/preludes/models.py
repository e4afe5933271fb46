def honest():
    import keras

    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="softmax")])


def rewrite(path, change):
    """Save an honest model, and let `change(parts, config)` have its way with the archive."""
    import json
    import zipfile

    honest().save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(parts["config.json"])
    change(parts, config)
    if parts.get("config.json"):
        parts["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


def dense(config):
    return config["config"]["layers"][1]


smuggled = {
    "module": "keras.layers", "class_name": "Lambda", "registered_name": None,
    "config": {"name": "l", "function": {
        "class_name": "__lambda__", "config": {"code": "4w==", "defaults": None, "closure": None}}},
}


class Saved:
    """Whose file is what the attack's `save(path)` makes it."""

    def save(self, path):
        save(path)

    def __call__(self, rows):
        return rows


def train(seed):
    return Saved()
