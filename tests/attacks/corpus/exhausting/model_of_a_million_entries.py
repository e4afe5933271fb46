"""A model's archive with very many entries in its directory."""
# places: model


def save(path):
    import struct

    honest().save(path)
    entry = b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    many = 65_534
    directory = entry * many
    with open(path, "wb") as file:
        file.write(directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, many, many, len(directory), 0, 0))
