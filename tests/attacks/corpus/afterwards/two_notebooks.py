"""Several notebooks, one of which may be taken for the newer one: copies, capitals, checkpoints."""
# places: file
# bgw: BGW-109


def hand_in(folder, notebook):
    import json

    for name in ("TINY.ipynb", "tiny (1).ipynb", "tiny.ipynb.txt", "Copy of tiny.ipynb", ".ipynb_checkpoints/tiny-checkpoint.ipynb"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({**notebook, "cells": notebook["cells"][:3]}))
