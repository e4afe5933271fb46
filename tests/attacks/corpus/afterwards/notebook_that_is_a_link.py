"""The submitted notebook is a link to another student's."""
# places: file
# bgw: BGW-114
# quick: yes


def hand_in(folder, notebook):
    (folder / "tiny.ipynb").symlink_to("../../marlene-dumas/tiny/tiny.ipynb")
