"""The course of the engine's tests: Goodfit's wiring with graders of its own."""

from pathlib import Path

load_subconfig(str(Path(__file__).resolve().parents[2] / "nbgrader_config.py"))  # noqa: F821 - given by traitlets
c = get_config()  # noqa: F821
c.Goodfit.graders_directory = str(Path(__file__).resolve().parent / "graders")
