"""Runs of blank lines that cost a lexer the square of their length."""
# places: file
# alone: yes


def hand_in(folder, notebook):
    from nbformat.v4 import new_code_cell

    notebook.cells.append(new_code_cell("x = 1" + "\n \t" * 12_000, id="blank"))
    notebook.cells.append(new_code_cell("a" + ".a" * 20_000, id="dots"))
