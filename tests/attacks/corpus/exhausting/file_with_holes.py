"""A file of a terabyte, most of which is not there, for whoever copies or reads it."""
# places: last

import os

for place in (".", "/tmp"):
    try:
        with open(f"{place}/holes", "wb") as file:
            file.truncate(1 << 40)
            print("REACHED", place)
    except OSError:
        pass
