"""A submitted file is settled from the instructor's source, whatever its student's metadata says."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from nbgrader.preprocessors import ComputeChecksums
from restoring import PNG, read, released, submitted

from goodfit.authoring.answers import reference
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.restore import Restored, UnreadableNotebook, restore


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


# ---- cells without their marks


def without(data: dict[str, Any], *, marks: bool = True, ids: bool = False) -> dict[str, Any]:
    for cell in data["cells"]:
        if marks:
            cell["metadata"] = {}
        if ids:
            cell.pop("id")
    return data


def sources(result: Restored) -> list[tuple[str, str]]:
    return [(c.cell_type, c.source) for c in result.notebook.cells]


def converted(text: str) -> str:
    return text.replace("\n", " \r\n").replace("    ", "\u00a0\u00a0\u00a0\u00a0").replace('"', "“")


CONVERTERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "marks gone": lambda d: without(d),
    "marks and ids gone": lambda d: without(d, ids=True),
    "ids anew": lambda d: [c.update(metadata={}, id=f"x{i}") for i, c in enumerate(d["cells"])],
    "ids in the metadata": lambda d: [c.update(metadata={"id": c.pop("id")}) for c in d["cells"]],
    "marks of answers gone": lambda d: [c.update(metadata={}) for c in d["cells"] if c["id"].endswith("-answer")],
    "marks and text of locked cells changed": lambda d: [
        c.update(source=converted(c["source"])) for c in without(d, ids=True)["cells"] if "def " not in c["source"]
    ],
    "format 3": lambda d: d.update(nbformat=3, worksheets=[{"cells": without(d, ids=True)["cells"]}]),
}


@pytest.mark.parametrize("convert", CONVERTERS.values(), ids=CONVERTERS)
def test_answers_whose_marks_are_gone_are_found_again(tiny: Assignment, convert: Callable[[Any], Any]) -> None:
    """By ids, places and text: every cell is in its place once, with one remark, and nobody is needed."""
    honest, data = read(tiny, released(tiny)), released(tiny)
    convert(data)
    for cell in data["cells"] if data["nbformat"] == 3 else ():
        cell["input" if cell["cell_type"] == "code" else "source"] = cell.pop("source")
    result = read(tiny, data)
    assert order(result.notebook) == frame(tiny)
    assert {n.replace("\r", "").replace(" ", "") for _, n in sources(result)} >= {
        n.replace(" ", "") for _, n in sources(honest) if "def " in n
    }
    assert len(result.notebook.cells) == len(honest.notebook.cells)
    assert (result.attention, result.untouched, result.unmatched) == ([], set(), "")
    assert len(result.notices) == 1
    assert "marks of" in result.notices[0]


def test_an_untouched_release_without_marks_is_not_attempted(tiny: Assignment) -> None:
    """There is nothing to look at in it."""
    data = without(json.loads(json.dumps(tiny.released)), ids=True)
    result = read(tiny, data)
    assert result.untouched == set(tiny.solutions)
    assert result.attention == []


def test_retyped_answers_alone_are_found_by_what_they_define(tiny: Assignment) -> None:
    """The rest is the instructor's; the question in words was not found, so somebody looks."""
    data = without(released(tiny), ids=True)
    data["cells"] = [c for c in data["cells"] if c["source"].startswith("def ")]
    result = read(tiny, data)
    assert result.untouched == set()
    assert order(result.notebook) == frame(tiny)
    assert len(result.notebook.cells) == len(frame(tiny))
    assert len(result.notices) == 2
    assert ["`why`" in reason for reason in result.attention] == [True]


@pytest.mark.parametrize("locked", [True, False])
def test_an_answer_in_pieces_runs_before_it_is_graded(tiny: Assignment, locked: bool) -> None:
    """One answer in two cells, or all answers in one, with or without the cells between: it is not "not attempted"."""
    data = without(released(tiny), ids=True)
    cells = [c for c in data["cells"] if locked or c["source"].startswith("def ")]
    at = next(i for i, c in enumerate(cells) if c["source"].startswith("def add"))
    first, second = copy.deepcopy(cells[at]), copy.deepcopy(cells[at])
    first["source"], second["source"] = "def helper(a, b):\n    return a + b", "add = helper"
    result = read(tiny, {**data, "cells": [*cells[:at], first, second, *cells[at + 1 :]]})
    texts = [c.source for c in result.notebook.cells]
    graded = next(i for i, c in enumerate(result.notebook.cells) if c.id == "add")
    assert texts.index(first["source"]) < texts.index(second["source"]) < graded
    assert "add-answer" not in result.untouched

    merged = {**first, "source": "\n\n".join(c["source"] for c in cells if c["cell_type"] == "code")}
    result = read(tiny, {**data, "cells": [merged]})
    names = [c.id for c in result.notebook.cells]
    assert result.untouched == set()
    assert names.index("setup") < names.index("add-answer") < names.index("add")


def test_a_changed_answer_below_its_stub_counts_as_attempted(tiny: Assignment) -> None:
    """An answer cell as handed out, with the answer in an own cell below it."""
    data = json.loads(json.dumps(tiny.released))
    at = next(i for i, c in enumerate(data["cells"]) if c["id"] == "add-answer")
    data["cells"].insert(at + 1, {"cell_type": "code", "metadata": {}, "source": "def add(a, b):\n    return a - b"})
    assert read(tiny, data).untouched == {"mean-answer", "model-answer"}


def other_set(tiny: Assignment) -> dict[str, Any]:
    data = released(tiny)
    for cell in data["cells"]:
        name = cell["metadata"]["nbgrader"]["grade_id"]
        if name not in ("title", "setup"):
            cell["metadata"]["nbgrader"]["grade_id"] = cell["id"] = f"other-{name}"
            cell["source"] = "text" if cell["cell_type"] == "markdown" else "def other():\n    pass"
    return data


UNMATCHED: dict[str, Callable[[Assignment], dict[str, Any]]] = {
    "another set": other_set,
    "another set without marks": lambda tiny: without(other_set(tiny), ids=True),
    "no cells": lambda tiny: {**released(tiny), "cells": []},
    "empty cells": lambda tiny: {**released(tiny), "cells": [{"cell_type": "code", "metadata": {}, "source": " "}]},
    "own cells alone": lambda tiny: {**released(tiny), "cells": [{"cell_type": "code", "metadata": {}, "source": "1"}]},
    "graded cells alone": lambda tiny: {
        **released(tiny),
        "cells": [c for c in without(released(tiny), ids=True)["cells"] if c["source"].startswith("# Graded")],
    },
}


@pytest.mark.parametrize("make", UNMATCHED.values(), ids=UNMATCHED)
def test_what_cannot_be_matched_is_one_sentence(tiny: Assignment, make: Callable[[Assignment], Any]) -> None:
    """Not one repair for each cell of the set, and no silent zero."""
    result = read(tiny, make(tiny))
    assert result.unmatched.startswith("The notebook ")
    assert result.notices == []
    assert order(result.notebook) == frame(tiny)


def test_a_cell_or_two_of_another_set_ask_for_a_look(tiny: Assignment) -> None:
    """A mixture is graded as far as it goes."""
    data = other_set(tiny)
    data["cells"].append(next(c for c in released(tiny)["cells"] if c["id"] == "add-answer"))
    result = read(tiny, data)
    assert result.unmatched == ""
    assert ["another assignment" in reason for reason in result.attention] == [True]


# ---- what students write where nothing is to be written


def test_what_is_written_into_a_locked_cell_is_shown_behind_it(tiny: Assignment) -> None:
    """The original runs; the student's lines are kept as text, and nothing is said of blanks and line ends."""
    data = released(tiny)
    for cell in data["cells"]:
        if cell["id"] == "setup":
            cell["source"] = "import itertools\n" + converted(cell["source"])
        if cell["id"] == "title":
            cell["source"] += "\n\nMy name is **Ada**. ![x](attachment:x.png)"
            cell["attachments"] = {"x.png": {"image/png": PNG}}
        if cell["id"] == "add-visible":
            cell["source"] = cell["source"].replace("\n", "  \r\n")
    result = read(tiny, data)
    cells = {c.id: c for c in result.notebook.cells}
    names = list(cells)
    title, setup = cells[names[names.index("title") + 1]], cells[names[names.index("setup") + 1]]
    assert cells["setup"].source == next(c.source for c in tiny.instructor.cells if c.id == "setup")
    assert (title.cell_type, setup.cell_type) == ("markdown", "markdown")
    assert setup.source.endswith("did not run:*\n\n    import itertools")
    assert title.source.endswith("My name is **Ada**. ![x](attachment:x.png)")
    assert title.attachments == {"x.png": {"image/png": PNG}}
    assert [n.split(";")[0] for n in result.notices] == ["Cell `title` was changed", "Cell `setup` was changed"]
    assert result.attention == []
    assert len(names) == len(frame(tiny)) + 2


def test_an_answer_in_a_graded_cell_asks_for_a_look(tiny: Assignment) -> None:
    """It does not run there, and its own cell is as handed out."""
    data = json.loads(json.dumps(tiny.released))
    for cell in data["cells"]:
        if cell["id"] == "add":
            cell["source"] += "\ndef add(a, b):\n    return a + b"
    result = read(tiny, data)
    assert ["`add-answer` seems to stand in the locked cell `add`" in r for r in result.attention] == [True]
    assert any("    def add(a, b):" in c.source for c in result.notebook.cells if c.id.startswith("student"))


def test_a_cell_that_we_changed_after_the_release_is_no_students_change(tiny: Assignment) -> None:
    """nbgrader's checksum tells what was handed out."""
    older = copy.deepcopy(tiny.released)
    older.cells[1].source += "\nEXTRA = 1"
    older = ComputeChecksums().preprocess(older, {})[0]
    result = read(tiny, json.loads(json.dumps(older)))
    assert result.notices == []
