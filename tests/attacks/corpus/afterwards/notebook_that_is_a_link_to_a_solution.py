"""The submitted notebook is a link to the instructor's, which has the solutions."""
# places: file
# bgw: BGW-116


def hand_in(folder, notebook):
    (folder / "tiny.ipynb").symlink_to(folder.parents[2] / "source" / "tiny" / "tiny.ipynb")
