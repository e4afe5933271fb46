"""A notebook that nobody may read, and folders that nobody may enter or delete."""
# places: file


def hand_in(folder, notebook):
    import json

    (folder / "tiny.ipynb").write_text(json.dumps(notebook))
    (folder / "closed").mkdir()
    (folder / "closed" / "x.csv").write_text("x")
    (folder / "closed").chmod(0o000)
    (folder / "unreadable.csv").write_text("x")
    (folder / "unreadable.csv").chmod(0o000)
