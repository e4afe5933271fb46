"""Reading an instructor's notebook, and saying in sentences what is wrong with it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

SCHEMA = 3  # of nbgrader's metadata
KINDS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")  # nbgrader looks for BEGIN and END of these anywhere in a line
CONFLICT = re.compile(r"^(?:\W*\*\*)?(?:<{7}|>{7})(?: |$)", re.MULTILINE)  # nbdime sets its own between asterisks


class AssignmentError(Exception):
    """The assignment itself is wrong: a fault of ours, to be repaired in ``source/`` or ``graders/``."""


@dataclass(frozen=True)
class Region:
    """A part of a cell that students do not get: its kind ("SOLUTION", …), its lines and their numbers, from 1."""

    kind: str
    lines: dict[int, str]


def read(path: Path) -> NotebookNode:
    """Read an instructor's notebook.

    Raises:
        AssignmentError: when it cannot be read, or is no notebook of format 4.
    """
    text, name = read_text(path), shown(path)
    if not text.strip():
        raise AssignmentError(f"{name} is no notebook: it is empty. Take it from the last commit.")
    try:
        content = json.loads(text)
    except ValueError as error:
        conflict = CONFLICT.search(text)
        line = text.count("\n", 0, conflict.start()) + 1 if conflict else getattr(error, "lineno", 1)
        why = "is it a merge conflict?" if conflict else f"{getattr(error, 'msg', error)}; was it cut off?"
        raise AssignmentError(f"{name} is no notebook (line {line}; {why})") from None
    except RecursionError:
        raise AssignmentError(f"{name} is no notebook: its JSON is nested too deeply.") from None
    version = content.get("nbformat") if isinstance(content, dict) else None
    if version != nbformat.current_nbformat:
        what = f"is a notebook of format {version}" if isinstance(version, int) else "is JSON, but no notebook"
        raise AssignmentError(f"{name} {what}; format 4 is needed. Open it in JupyterLab and save it.")
    invalid: dict[str, Exception] = {}
    try:
        notebook = nbformat.reads(text, as_version=4, capture_validation_error=invalid)
    except Exception as error:  # whatever the parser stumbles on: cells that are no list, a text for metadata, …
        invalid["ValidationError"] = error
    if invalid:
        fault = invalid["ValidationError"]
        place = "/".join(map(str, getattr(fault, "absolute_path", ())))
        why = (str(getattr(fault, "message", fault)).splitlines() or [type(fault).__name__])[0][:200]
        raise AssignmentError(f"{name} is no valid notebook{f' (at {place})' if place else ''}: {why}")
    return notebook


def read_text(path: Path) -> str:
    """Read a text file that an author wrote.

    Raises:
        AssignmentError: when it cannot be read or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise AssignmentError(f"{shown(path)} is not UTF-8 (line {line}). Save it with that encoding.") from None
    except OSError as error:
        raise AssignmentError(f"{shown(path)} cannot be read: {error.strerror}.") from None


def faults(notebook: NotebookNode) -> list[str]:
    """What makes nbgrader refuse an instructor's notebook, or a graded cell of it meaningless: a sentence each."""
    found: list[str] = []
    seen: set[str] = set()
    for number, cell in enumerate(notebook.cells, 1):
        meta = cell.metadata.get("nbgrader", {})
        name = (isinstance(meta, dict) and meta.get("grade_id")) or cell.get("id") or f"number {number}"
        marked = isinstance(meta, dict) and any(meta.get(key) for key in ("grade", "solution", "locked", "task"))
        problems = list(_of_metadata(cell, meta)) if meta else []
        if marked and name in seen:
            problems.append("its grade_id is that of a cell above")
        seen.add(name)
        if not problems:
            problems += _of_regions(cell, meta)
        if CONFLICT.search(cell.source):
            problems.append("it has the marks of a merge conflict")
        found += [f"Cell {name}: {problem}." for problem in problems]
    return found


def regions(text: str) -> list[Region]:
    """The solutions, hidden tests and mark schemes of a cell, as nbgrader finds them."""
    found: list[Region] = []
    for kind in KINDS:
        lines: dict[int, str] | None = None
        for number, line in enumerate(text.split("\n"), 1):
            if f"BEGIN {kind}" in line:
                lines = {}
            elif f"END {kind}" in line and lines is not None:
                found.append(Region(kind, lines))
                lines = None
            elif lines is not None:
                lines[number] = line
    return found


def shown(path: Path) -> str:
    """A path for people: relative where it lies below the present folder."""
    here = Path.cwd()
    whole = path if path.is_absolute() else here / path
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else str(whole)


def meant(name: str, names: Iterable[str]) -> str:
    """The end of a sentence about a misspelt name: "; did you mean …?" where one that exists is close, else "."."""
    close = get_close_matches(name, list(names), n=1)
    return f"; did you mean {close[0]}?" if close else "."


def _of_metadata(cell: NotebookNode, meta: Any) -> Iterator[str]:
    if not isinstance(meta, dict):
        yield "its nbgrader metadata is no table"
        return
    version, name = meta.get("schema_version", 0), meta.get("grade_id")
    cell_points: Any = meta.get("points")
    if version != SCHEMA:
        yield f"its nbgrader metadata is of version {version}, not {SCHEMA} (`nbgrader update` repairs the folder)"
        return
    flags = [key for key in ("grade", "solution", "locked", "task") if not isinstance(meta.get(key, False), bool)]
    flags += [key for key in ("grade", "solution", "locked") if key not in meta]
    if flags:
        yield f"{flags[0]} in its nbgrader metadata is neither true nor false"
        return
    grade, solution, task = meta["grade"], meta["solution"], meta.get("task", False)
    if (grade or solution or meta["locked"]) and not isinstance(name, str | None):
        yield f"its grade_id {name!r} is no text"
    elif (grade or solution or meta["locked"]) and not name:
        yield "it has no grade_id"
    elif name and not re.fullmatch(r"[a-zA-Z0-9_-]+", name):
        yield f"its grade_id {name!r} has other signs than letters, digits, - and _"
    if (grade or task) and cell_points is None:
        yield "it is graded and has no points (set them in JupyterLab's panel Create Assignment)"
    elif (grade or task) and (isinstance(cell_points, bool) or not isinstance(cell_points, int | float)):
        yield f"its points are no number: {cell_points!r}"
    elif (grade or task) and not (math.isfinite(cell_points) and cell_points >= 0):
        yield f"its points are {cell_points}, which is no number of points"
    elif grade and not (solution or task) and not cell_points:
        yield "it is graded by checks and worth no points"
    if grade and not (solution or task) and cell.cell_type != "code":
        yield f"it is graded by checks, so it must be a code cell, not {cell.cell_type}"
    if solution and not (grade or task) and cell.cell_type != "code":
        yield "it is a text answer, so it must be graded by hand (in Create Assignment: manually graded answer)"


def _of_regions(cell: NotebookNode, meta: dict[str, Any]) -> Iterator[str]:
    # a mark scheme in a text answer goes with the model answer
    places = {"SOLUTION": ("solution",), "HIDDEN TESTS": ("grade",), "MARK SCHEME": ("task", "solution")}
    cells = {"SOLUTION": "answer cell", "HIDDEN TESTS": "graded cell", "MARK SCHEME": "manually graded task or answer"}
    for kind in KINDS:
        inside = False
        for number, line in enumerate(cell.source.split("\n"), 1):
            if f"BEGIN {kind}" in line:
                if inside:
                    yield f"BEGIN {kind} twice without END {kind} between (line {number})"
                inside = True
                if not any(meta.get(key) for key in places[kind]):
                    yield f"it has BEGIN {kind} (line {number}), but it is no {cells[kind]}"
            elif f"END {kind}" in line:
                if not inside:
                    yield f"END {kind} without BEGIN {kind} (line {number})"
                inside = False
        if inside:
            yield f"BEGIN {kind} without END {kind}"
