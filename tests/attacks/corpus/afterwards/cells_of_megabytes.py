"""Sources of many megabytes, in one line, in many, and in lists of single characters."""
# places: file


def hand_in(folder, notebook):
    from nbformat.v4 import new_code_cell, new_markdown_cell

    notebook.cells.append(new_code_cell("#" * (9 << 20), id="line"))
    notebook.cells.append(new_markdown_cell("x\n" * (3 << 20), id="lines"))
    cell = new_code_cell("", id="list")
    cell["source"] = list("#" * 1_000_000)
    notebook.cells.append(cell)
