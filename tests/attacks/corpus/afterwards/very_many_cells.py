"""A hundred thousand cells."""
# places: file


def hand_in(folder, notebook):
    from nbformat.v4 import new_markdown_cell

    notebook.cells += [new_markdown_cell("x", id=f"m{n}") for n in range(100_000)]
