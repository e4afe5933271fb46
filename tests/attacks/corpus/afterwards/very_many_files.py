"""Thousands of files, and folders in folders, beside the notebook."""
# places: file


def hand_in(folder, notebook):
    deep = folder
    for n in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (folder / "many").mkdir()
    for n in range(3000):
        (folder / "many" / f"{n}").touch()
