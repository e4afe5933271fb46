"""The submitted notebook is a pipe: whoever opens it waits."""
# places: file


def hand_in(folder, notebook):
    import os

    os.mkfifo(folder / "tiny.ipynb")
    os.mkfifo(folder / "data.csv")
