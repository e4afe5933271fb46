"""A student's file, read as hostile data and put back on the instructor's frame.

Of the file only the *text* of cells is kept. Ids, points, tags, kernelspec, locked text and the order of the
instructor's cells come from the assignment, so nothing that a student can write in the metadata reaches the verdict.
"""

from __future__ import annotations

import copy
import json
import textwrap
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from graders.engine.assignment import Assignment, grade_id

MAX_FILE = 20 * 2**20  # bytes of a notebook file, outputs included
MAX_CELLS = 2_000
MAX_SOURCE = 2**20  # characters of one cell
MISSING_ANSWER = "# This answer cell was missing from the submission."


class UnreadableNotebook(Exception):
    """The file is no notebook that can be graded; the message is for the student."""


@dataclass
class Restored:
    """A submission on the instructor's frame.

    Attributes:
        notebook: ready to run; every instructor's cell once, in order.
        notices: what was put right, one sentence each.
        untouched: grade_ids of answer cells that are missing, empty or as handed out.
    """

    notebook: NotebookNode
    notices: list[str] = field(default_factory=list)
    untouched: set[str] = field(default_factory=set)


@dataclass
class _Cell:
    """A student's cell, reduced to text."""

    kind: str
    source: str
    claim: str | None  # the grade_id that the file claims for it


def restore(content: bytes, assignment: Assignment) -> Restored:
    """Rebuild a submitted notebook on the instructor's frame.

    Raises:
        UnreadableNotebook: when the file is no notebook (then nothing of it can be graded).
    """
    cells = _read(content)
    frame = {name: c for c in assignment.instructor.cells if (name := grade_id(c))}
    result = Restored(new_notebook(metadata=copy.deepcopy(assignment.instructor.metadata)))

    # nbgrader's rule for copies of a cell: the last one counts, the others are ordinary cells
    last = {cell.claim: i for i, cell in enumerate(cells) if cell.claim in frame}
    for name in last:
        if sum(cell.claim == name for cell in cells) > 1:
            result.notices.append(f"Cell `{name}` is there more than once; the last one counts.")
    # locked cells keep the student's place only where the order is the instructor's; the fewest are moved
    present = [name for name in frame if name in last]
    in_order = _longest_ordered([last[name] for name in present])
    placed = {name for i, name in enumerate(present) if i in in_order or not _locked(frame[name])}

    out: list[tuple[str | None, NotebookNode]] = []
    for i, cell in enumerate(cells):
        name = cell.claim if cell.claim in frame and last[cell.claim] == i else None
        if name is None and cell.claim in frame and _locked(frame[cell.claim]):
            continue  # a copy of a locked cell adds nothing
        if name is None:
            out.append((None, _plain(cell, i)))
        elif name in placed:
            out.append((name, _framed(frame[name], cell.source)))

    previous: str | None = None
    for wanted, base in frame.items():
        if wanted not in placed:
            at = 1 + _index(out, previous) if previous else 0
            out.insert(at, (wanted, _framed(base, None)))
            result.notices.append(_put_back(wanted, moved=wanted in last))
        previous = wanted
    # an answer that was moved behind its graded cell still counts
    for graded in assignment.graded_cells.values():
        at = _index(out, graded.grade_id)
        behind = max((_index(out, a) for a in graded.answers), default=-1)
        if behind > at:
            out.insert(behind, out.pop(at))

    result.notebook.cells = [cell for _, cell in out]
    stubs = {grade_id(c): c.source.strip() for c in assignment.instructor.cells}
    for name, node in out:
        if name in assignment.solutions and node.source.strip() in ("", MISSING_ANSWER, stubs[name]):
            result.untouched.add(name)
    return result


def blank(assignment: Assignment) -> Restored:
    """The frame with nothing in it: what stands in the gradebook for a file that cannot be read."""
    return restore(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}).encode(), assignment)


def _read(content: bytes) -> list[_Cell]:
    if len(content) > MAX_FILE:
        raise UnreadableNotebook(f"The file has {len(content) >> 20} MiB; a notebook may have {MAX_FILE >> 20} MiB.")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableNotebook("The file is not a notebook: it is damaged or of another kind.") from error
    if not isinstance(data, dict) or data.get("nbformat") != 4 or not isinstance(data.get("cells"), list):
        raise UnreadableNotebook("The file is not a notebook of format 4, as Jupyter writes it.")
    if len(data["cells"]) > MAX_CELLS:
        raise UnreadableNotebook(f"The notebook has more than {MAX_CELLS} cells.")
    return [_read_cell(cell) for cell in data["cells"]]


def _read_cell(cell: Any) -> _Cell:
    if not isinstance(cell, dict):
        raise UnreadableNotebook("The file is not a valid notebook: one of its cells is not a cell.")
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or len(source) > MAX_SOURCE:
        raise UnreadableNotebook("The file is not a valid notebook: one of its cells has no text, or far too much.")
    meta = cell.get("metadata")
    claim = meta.get("nbgrader") if isinstance(meta, dict) else None
    name = claim.get("grade_id") if isinstance(claim, dict) else None
    kind = cell.get("cell_type")
    return _Cell(
        kind if kind in ("code", "markdown") else "raw",
        source.encode("utf-8", "replace").decode(),  # lone surrogates would break every later write
        name if isinstance(name, str) else None,
    )


def _plain(cell: _Cell, position: int) -> NotebookNode:
    name = f"student-{position}"
    if cell.kind == "code":
        return new_code_cell(cell.source, id=name)
    if cell.kind == "raw":  # nbconvert passes raw cells through to the browser: show them as the text they are
        return new_markdown_cell(textwrap.indent(cell.source, "    "), id=name)
    return new_markdown_cell(cell.source, id=name)


def _framed(base: NotebookNode, source: str | None) -> NotebookNode:
    """The instructor's cell; with the student's text where it is an answer (None: the answer is missing)."""
    cell = copy.deepcopy(base)
    if not _locked(base):
        if source is not None:
            cell.source = source
        elif cell.cell_type == "code":
            cell.source = MISSING_ANSWER
    return cell


def _locked(cell: NotebookNode) -> bool:
    return not cell.metadata.nbgrader.get("solution")


def _put_back(name: str, moved: bool) -> str:
    if moved:
        return f"Cell `{name}` was moved out of order and was put back in its place."
    return f"Cell `{name}` was missing and was put back."


def _index(out: list[tuple[str | None, NotebookNode]], name: str | None) -> int:
    return next(i for i, (n, _) in enumerate(out) if n == name)


def _longest_ordered(positions: list[int]) -> set[int]:
    """Indices of a longest increasing subsequence (patience sorting)."""
    tails: list[int] = []
    tail_index: list[int] = []
    before: list[int] = []
    for i, position in enumerate(positions):
        k = bisect_left(tails, position)
        tails[k : k + 1], tail_index[k : k + 1] = [position], [i]
        before.append(tail_index[k - 1] if k else -1)
    chosen: set[int] = set()
    i = tail_index[-1] if tail_index else -1
    while i >= 0:
        chosen.add(i)
        i = before[i]
    return chosen
