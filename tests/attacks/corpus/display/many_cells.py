"""Two thousand cells, each of which has to be drawn."""
# places: file
# alone: yes


def hand_in(folder, notebook):
    from nbformat.v4 import new_code_cell, new_markdown_cell

    for n in range(900):
        notebook.cells.append(new_code_cell("", id=f"c{n}"))
        notebook.cells.append(new_markdown_cell(f"# {n}\n$x$ `a` | b", id=f"m{n}"))
