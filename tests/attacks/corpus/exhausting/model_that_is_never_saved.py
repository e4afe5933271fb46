"""Saving the model takes for ever, and writes without end."""
# places: model


def save(path):
    with open(path, "wb") as file:
        while True:
            file.write(bytes(1 << 20))
            file.seek(0)
