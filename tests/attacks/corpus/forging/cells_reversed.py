"""The notebook's cells stand in the reverse order."""
# places: file
# bgw: BGW-109


def hand_in(folder, notebook):
    notebook.cells.reverse()
