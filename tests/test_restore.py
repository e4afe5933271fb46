"""A submitted file is settled from the instructor's source, whatever its student's metadata says."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import nbformat
import pytest

from graders.engine.answers import reference
from graders.engine.assignment import Assignment
from graders.engine.restore import UnreadableNotebook, restore


def submitted(tiny: Assignment) -> dict[str, Any]:
    return json.loads(reference().notebook(tiny))


def restored(tiny: Assignment, data: dict[str, Any]) -> nbformat.NotebookNode:
    notebook = restore(json.dumps(data).encode(), tiny).notebook
    nbformat.validate(notebook)
    return notebook


def order(notebook: nbformat.NotebookNode) -> list[str]:
    return [c.metadata.nbgrader.grade_id for c in notebook.cells if "nbgrader" in c.metadata]


def frame(tiny: Assignment) -> list[str]:
    return order(tiny.instructor)


def test_an_honest_notebook_keeps_its_answers(tiny: Assignment) -> None:
    """Answers stay as they are, locked cells are the instructor's, and there is nothing to remark."""
    result = restore(reference().notebook(tiny), tiny)
    assert result.notices == []
    assert result.untouched == set()
    assert order(result.notebook) == frame(tiny)


@pytest.mark.parametrize("seed", range(20))
def test_any_shuffle_of_cells_gives_the_frame_in_order(tiny: Assignment, seed: int) -> None:
    """Cells moved, doubled and deleted at random: every instructor's cell is there once, graded after its answer."""
    chance = random.Random(seed)
    data = submitted(tiny)
    cells = [copy.deepcopy(c) for c in data["cells"] for _ in range(chance.choice([0, 1, 1, 2]))]
    chance.shuffle(cells)
    names = order(restored(tiny, {**data, "cells": cells}))
    assert sorted(names) == sorted(frame(tiny))
    for graded in tiny.graded_cells.values():
        for answer in graded.answers:
            assert names.index(answer) < names.index(graded.grade_id)


def test_metadata_of_the_student_reaches_nothing(tiny: Assignment) -> None:
    """Points, flags, tags, ids, kernelspec and outputs are the instructor's."""
    data = submitted(tiny)
    data["metadata"] = {"kernelspec": {"name": "evil", "display_name": "evil", "language": "bash"}, "widgets": {"x": 1}}
    for cell in data["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception"]
        cell["metadata"]["editable"] = "yes"
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"].update(points=99, solution=True, locked=False, grade=False, checksum="0")
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "7"}, "metadata": {}}]
    honest = restored(tiny, submitted(tiny))
    changed = restored(tiny, data)
    assert changed == honest


def test_a_graded_cell_of_another_type_and_text_is_put_right(tiny: Assignment) -> None:
    """A graded cell made a raw cell, with other text, is the instructor's again; the text is shown behind it."""
    data = submitted(tiny)
    for cell in data["cells"]:
        if cell["id"] == "add":
            cell.update(cell_type="raw", source="gone")
            cell.pop("outputs", None)
    cells = restored(tiny, data).cells
    (shown,) = [c for c in cells if c.id.startswith("student")]
    assert "Cell `add` was changed" in shown.source
    assert shown.source.endswith("gone")
    assert cells.pop(cells.index(shown) - 1).id == "add"
    cells.remove(shown)
    assert cells == [c for c in restored(tiny, submitted(tiny)).cells if c.id != "add"]


def test_copies_of_an_answer_run_as_ordinary_cells_and_the_last_counts(tiny: Assignment) -> None:
    """nbgrader's rule: of several copies the last one is the answer."""
    data = submitted(tiny)
    at = next(i for i, c in enumerate(data["cells"]) if c["id"] == "add-answer")
    first = copy.deepcopy(data["cells"][at])
    first.update(id="older", source="def add(a, b):\n    return 0")
    data["cells"].insert(at, first)
    notebook = restored(tiny, data)
    sources = [c.source for c in notebook.cells]
    assert sources.index(first["source"]) < next(i for i, c in enumerate(notebook.cells) if c.id == "add-answer")
    assert "return total" in next(c.source for c in notebook.cells if c.id == "add-answer")


def test_a_missing_answer_cell_does_not_undo_what_was_written_elsewhere(tiny: Assignment) -> None:
    """A student who moved the answer into a cell of their own keeps it: no stub is put back over it."""
    data = submitted(tiny)
    for cell in data["cells"]:
        if cell["id"] == "add-answer":
            cell["metadata"] = {}
    notebook = restored(tiny, data)
    assert not any("NotImplementedError" in c.source for c in notebook.cells if c.id == "add-answer")
    assert any("return total" in c.source for c in notebook.cells)


UNREADABLE = {
    "empty": b"",
    "text": b"Dear TA",
    "binary": bytes(range(256)),
    "utf-16": '{"cells": []}'.encode("utf-16"),
    "list": b"[]",
    "number": b"4",
    "old format": b'{"nbformat": 3, "worksheets": []}',
    "no cells": b'{"nbformat": 4}',
    "cells of text": b'{"nbformat": 4, "cells": ["x"]}',
    "source a number": b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 7}]}',
    "deep": b"[" * 200_000,
    "too many cells": json.dumps({"nbformat": 4, "cells": [{"cell_type": "raw", "source": ""}] * 3000}).encode(),
    "too large": b" " * (21 * 2**20),
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_notebook_is_refused_in_a_sentence(tiny: Assignment, content: bytes) -> None:
    """Files of other kinds are told apart from notebooks, in words for the student."""
    with pytest.raises(UnreadableNotebook, match=r"^The (file|notebook) .*\.$"):
        restore(content, tiny)


def test_odd_but_readable_cells_are_read(tiny: Assignment) -> None:
    """Lone surrogates, unknown cell types, missing metadata and odd claims make no trouble."""
    cells = [
        {"cell_type": "code", "source": ["x = '\ud800'\n", "y = 1"]},
        {"cell_type": "heading", "source": "old"},
        {"cell_type": "code", "source": "1", "metadata": None},
        {"cell_type": "code", "source": "2", "metadata": {"nbgrader": "all points"}},
        {"cell_type": "code", "source": "3", "metadata": {"nbgrader": {"grade_id": ["add"]}}},
        {"source": "no type"},
    ]
    notebook = restored(tiny, {"nbformat": 4, "cells": cells})
    nbformat.writes(notebook).encode()
    assert set(order(notebook)) == set(frame(tiny))
