"""Ids that are lists and dictionaries."""
# places: file


def hand_in(folder, notebook):
    for cell in notebook.cells:
        cell.metadata.get("nbgrader", {}).update(grade_id=["add", {"mean": 1}])
