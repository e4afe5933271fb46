"""JSON with NaN, infinities, numbers of a million digits, and keys that are there twice."""
# places: file


def hand_in(folder, notebook):
    digits = "9" * 1_000_000
    (folder / "tiny.ipynb").write_text(
        f'{{"nbformat": NaN, "nbformat": {digits}, "nbformat_minor": -Infinity, "cells": [], "cells": [{{"x": {digits}}}], "metadata": 1e999}}'
    )
