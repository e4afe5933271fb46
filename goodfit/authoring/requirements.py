"""``requirements.txt`` beside a notebook: what a student installs to have what they are graded with."""

from __future__ import annotations

from importlib.metadata import packages_distributions, version

from goodfit.files import write_whole
from goodfit.notebooks.assignment import Assignment, imported

FILE = "requirements.txt"
HEAD = """\
# What this notebook needs, in the versions that it is graded with; in a terminal, beside this file:
#     python -m pip install -r requirements.txt
"""
ELSEWHERE = {"tensorflow-cpu": "tensorflow"}  # the smaller package is not made for every machine
WITH = {"keras": "tensorflow"}  # keras itself does not say on what it computes
TO_WORK_IN = "jupyterlab"


def ensure(assignment: Assignment) -> None:
    """Write a set's ``requirements.txt`` where it has none: from then on it is its author's."""
    path = assignment.source_dir / FILE
    if not path.exists():
        write_whole(path, needed(assignment))


def needed(assignment: Assignment) -> str:
    """The text: every package that the source notebook imports, at the minor version that is installed here."""
    modules = imported(cell.source for cell in assignment.source.cells if cell.cell_type == "code")
    modules |= {other for module, other in WITH.items() if module in modules}
    known = packages_distributions()
    packages = {package for module in modules for package in known.get(module, [])} | {TO_WORK_IN}
    packages = {package.replace("_", "-").lower() for package in packages}
    pins = {ELSEWHERE.get(package, package): ".".join(version(package).split(".")[:2]) for package in packages}
    return HEAD + "".join(f"{package}=={pins[package]}.*\n" for package in sorted(pins))
