"""A folder under the notebook's name, with a notebook in it."""
# places: file


def hand_in(folder, notebook):
    import json

    (folder / "tiny.ipynb").mkdir()
    (folder / "tiny.ipynb" / "tiny.ipynb").write_text(json.dumps(notebook))
