"""Every locked cell is deleted, the graded ones among them."""
# places: file
# bgw: BGW-109
# quick: yes


def hand_in(folder, notebook):
    notebook.cells = [c for c in notebook.cells if not c.metadata.get("nbgrader", {}).get("locked")]
