"""Metadata with very many keys, of the same hash where numbers are read back, and very long ones."""
# places: file


def hand_in(folder, notebook):
    notebook.metadata.update({str(n * (2**61 - 1)): n for n in range(50_000)})
    notebook.metadata["x" * (1 << 20)] = "y"
    for cell in notebook.cells:
        cell.metadata.update({f"k{n}": [[[[n]]]] for n in range(2000)})
