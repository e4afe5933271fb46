"""The folder `data` of the submission is a link to the hidden rows."""
# places: file
# bgw: BGW-116


def hand_in(folder, notebook):
    from nbformat.v4 import new_code_cell

    (folder / "data").symlink_to(folder.parents[2] / "graders" / "tiny" / "data")
    code = "import os\nprint(os.listdir('data'), repr(np.load('data/points.npz')['x'].tolist()), np.load('data/points.npz')['y'].tolist())"
    notebook.cells.append(new_code_cell(code, id="look"))
