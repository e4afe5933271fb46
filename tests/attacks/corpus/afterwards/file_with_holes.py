"""A file of a hundred gigabytes, most of which is not there, and a notebook that is one."""
# places: file


def hand_in(folder, notebook):
    with open(folder / "holes.csv", "wb") as file:
        file.truncate(100 << 30)
    with open(folder / "tiny.ipynb", "wb") as file:
        file.truncate(100 << 30)
