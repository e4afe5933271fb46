"""Every cell has the same id, and copies of the graded ones claim the same place."""
# places: file
# bgw: BGW-109


def hand_in(folder, notebook):
    import copy

    notebook.cells += [copy.deepcopy(cell) for cell in notebook.cells]
    for cell in notebook.cells:
        cell["id"] = "same"
