"""A link among the submission's folders leads to the instructor's, and the notebook is found through it."""
# places: file
# bgw: BGW-116


def hand_in(folder, notebook):
    (folder / "sub").symlink_to(folder.parents[2] / "source" / "tiny")
    (folder / "tiny.ipynb").mkdir()
