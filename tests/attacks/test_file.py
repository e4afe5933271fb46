"""Attacked: the grader's trust in the notebook file, its marks, outputs and metadata."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from attack_tools import RIGHT, WRONG, Grade, Submit, assert_worthless
from nbformat import NotebookNode


def everywhere(change: Callable[[NotebookNode], Any]) -> Callable[[NotebookNode], None]:
    def edit(notebook: NotebookNode) -> None:
        for cell in notebook.cells:
            change(cell)

    return edit


def nbgrader_of(cell: NotebookNode) -> dict[str, Any]:
    return cell.metadata.get("nbgrader", {})  # type: ignore[no-any-return]


def swap_ids(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        ids = {"add": "mean", "mean": "add", "model": "title", "setup": "model"}
        meta = nbgrader_of(cell)
        meta["grade_id"] = ids.get(meta["grade_id"], meta["grade_id"])


def unknown_ids(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if nbgrader_of(cell).get("grade"):
            cell.metadata.nbgrader.grade_id = "extra-credit"


def kernelspec(notebook: NotebookNode) -> None:
    notebook.metadata = NotebookNode(
        kernelspec={"name": "bash", "display_name": "Bash", "language": "bash"},
        language_info={"name": "html", "pygments_lexer": "html"},
        widgets={"application/vnd.jupyter.widget-state+json": {"state": {}}},
        title="<script>alert(1)</script>",
    )


def duplicate(notebook: NotebookNode) -> None:
    for n in (1, 2):
        for cell in [c for c in notebook.cells if nbgrader_of(c).get("grade") and c.id.count("-copy") < n]:
            copy = nbformat.from_dict({**cell, "id": f"{cell.id}-copy{n}", "source": "7", "outputs": []})
            notebook.cells.insert(0, copy)
            notebook.cells.append(copy)


def delete(notebook: NotebookNode) -> None:
    notebook.cells = [c for c in notebook.cells if not nbgrader_of(c).get("locked")]


def reverse(notebook: NotebookNode) -> None:
    notebook.cells.reverse()


def foretell(notebook: NotebookNode) -> None:
    """Outputs as nbgrader reads points from, in a notebook that claims to be executed."""
    result = nbformat.v4.new_output("execute_result", data={"text/plain": "7.0"}, execution_count=1)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [result], 1


FILES = {
    "tags that skip cells": everywhere(lambda c: c.metadata.update(tags=["skip-execution", "raises-exception", ""])),
    "more points": everywhere(lambda c: nbgrader_of(c).update(points=1000)),
    "negative points": everywhere(lambda c: nbgrader_of(c).update(points=-1000)),
    "other grade ids": unknown_ids,
    "swapped grade ids": swap_ids,
    "grade ids that are no text": everywhere(lambda c: nbgrader_of(c).update(grade_id=["add", {"mean": 1}])),
    "code as markdown": everywhere(lambda c: c.update(cell_type="markdown")),
    "other locks": everywhere(lambda c: nbgrader_of(c).update(locked=False, solution=True, grade=False, task=True)),
    "another kernel": kernelspec,
    "graded cells three times": duplicate,
    "locked cells deleted": delete,
    "cells in reverse": reverse,
    "outputs with points": foretell,
}


@pytest.mark.parametrize("edit", FILES.values(), ids=FILES)
def test_the_files_own_claims_mean_nothing(submit: Submit, grade: Grade, edit: Callable[[NotebookNode], Any]) -> None:
    """Attacked: metadata, tags, points, ids, cell types, kernelspec, number and order of cells, stored outputs."""
    assert_worthless(grade(submit(WRONG, edit=edit)))


@pytest.mark.parametrize("name", ["other locks", "graded cells three times", "cells in reverse"])
def test_a_right_answer_in_an_odd_file_keeps_its_points(submit: Submit, grade: Grade, name: str) -> None:
    """Not even against the student: what is settled from the instructor's source costs an honest answer nothing."""
    bundle = grade(submit(edit=FILES[name]))
    assert not bundle.verdict.needs_human, bundle.log
    assert bundle.verdict.earned == RIGHT
