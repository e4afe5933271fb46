"""Cells whose sources, outputs, ids and attachments are numbers, lists of lists, or each other."""
# places: file


def hand_in(folder, notebook):
    for i, cell in enumerate(notebook.cells[3:]):
        cell["source"] = [7, [[]], {"a": 1}, None, True, ["a", 7], "x"][i % 7]
        cell["outputs"] = [None, 7, [[1]], {"a": []}][i % 4]
        cell["id"] = [7, None, [], "x" * 10_000][i % 4]
        cell["attachments"] = [7, {"a": 7}, {"a": {"image/png": []}}][i % 3]
        cell["metadata"] = [None, [], 7, {"nbgrader": []}][i % 4]
        cell["cell_type"] = ["code", "evil", None, ["code"]][i % 4]
