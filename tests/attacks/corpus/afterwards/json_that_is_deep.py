"""JSON nested a million times."""
# places: file


def hand_in(folder, notebook):
    (folder / "tiny.ipynb").write_text("[" * 1_000_000)
