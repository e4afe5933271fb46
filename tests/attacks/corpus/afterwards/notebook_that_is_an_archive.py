"""An archive under the notebook's name, with members that climb out of it."""
# places: file


def hand_in(folder, notebook):
    import zipfile

    with zipfile.ZipFile(folder / "tiny.ipynb", "w") as archive:
        archive.writestr("../../../gradebook.db", "")
        archive.writestr("tiny.ipynb", "{}")
