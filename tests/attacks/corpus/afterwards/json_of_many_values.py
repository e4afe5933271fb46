"""JSON of millions of empty values, of which each takes many times its length in memory."""
# places: file


def hand_in(folder, notebook):
    (folder / "tiny.ipynb").write_text('{"cells": [' + "{}," * 5_000_000 + "{}]}")
