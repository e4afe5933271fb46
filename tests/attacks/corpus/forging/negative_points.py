"""The file says that cells are worth less than nothing, or nothing that is a number."""
# places: file
# bgw: BGW-128


def hand_in(folder, notebook):
    for cell, points in zip(notebook.cells, (-1000, "7", None, 1e308, [7], True) * 3):
        cell.metadata.get("nbgrader", {}).update(points=points)
