"""What an instructor's notebook calls itself and its exercises: the headings of its locked text cells."""

from __future__ import annotations

import re

from nbformat import NotebookNode

FENCE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
POINTS = re.compile(r"\s*\([^()]*\bpoints?\b[^()]*\)$")  # "(5 points)", "(4.5 + 2 points)": told elsewhere, and exactly


def title(notebook: NotebookNode) -> str:
    """The first heading of the first level; empty where there is none."""
    return next((words for cell in notebook.cells for level, words in _headings(cell) if level == 1), "")


def exercise_names(notebook: NotebookNode) -> dict[str, str]:
    """A name for every cell with points, by grade_id: the last heading before its answer, without the points in it.

    A cell has no name here where no heading stands between it and the points before it.

    Args:
        notebook: the instructor's.
    """
    found: dict[str, str] = {}
    name, answered = "", False
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        answered |= bool(meta.get("solution"))
        for level, words in _headings(cell):
            if level > 1 and not answered:
                name = words
        if meta.get("grade") or meta.get("task"):
            found |= {meta["grade_id"]: name} if name else {}
            name, answered = "", False
    return found


def _headings(cell: NotebookNode) -> list[tuple[int, str]]:
    meta = cell.metadata.get("nbgrader", {})
    if cell.cell_type != "markdown" or (meta.get("solution") and not meta.get("task")):
        return []
    text = FENCE.sub("", cell.source)
    return [(len(marks), POINTS.sub("", words)) for marks, words in HEADING.findall(text)]
