"""A submitted file is settled from the instructor's source, whatever its student's metadata says."""

from __future__ import annotations

import base64
import copy
import json
import random
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from nbgrader.preprocessors import ComputeChecksums

from goodfit.authoring.answers import reference
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.restore import Restored, UnreadableNotebook, restore


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


# ---- cells without their marks


def released(tiny: Assignment) -> dict[str, Any]:
    """A right answer as a student has it: without what is hidden."""
    answers = {c["id"]: "".join(c["source"]) for c in submitted(tiny)["cells"]}
    data = json.loads(json.dumps(tiny.released))
    for cell in data["cells"]:
        if cell["metadata"]["nbgrader"]["solution"]:
            cell["source"] = answers[cell["id"]]
    return data


def without(data: dict[str, Any], *, marks: bool = True, ids: bool = False) -> dict[str, Any]:
    for cell in data["cells"]:
        if marks:
            cell["metadata"] = {}
        if ids:
            cell.pop("id")
    return data


def read(tiny: Assignment, data: dict[str, Any]) -> Restored:
    return restore(json.dumps(data).encode(), tiny)


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


# ---- cells that are too large, and pictures

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(2_000)).decode()
HUGE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(5_000_000)).decode()


def words(tiny: Assignment, source: str, **more: Any) -> tuple[Any, Restored]:
    data = released(tiny)
    for cell in data["cells"]:
        if cell["id"] == "why":
            cell.update(source=source, **more)
    result = read(tiny, data)
    assert result.untouched == set()
    nbformat.validate(result.notebook)
    return next(c for c in result.notebook.cells if c.id == "why"), result


@pytest.mark.parametrize(
    "markup",
    ["![sketch](data:image/png;base64,{})", "<img src='data:image/png;base64,{}' width=300>",
     "![][1]\n\n[1]: <data:image/png;base64,{}>"],
)  # fmt: skip
def test_a_picture_that_is_pasted_into_the_text_is_kept(tiny: Assignment, markup: str) -> None:
    """As Colab and Google Docs paste it: an attachment, however large the cell was."""
    large = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(1_500_000)).decode()
    cell, result = words(tiny, "Mine:\n\n" + markup.format(large) + "\n\nThe winner is lucky.")
    assert cell.attachments == {"pasted-1.png": {"image/png": large}}
    assert "attachment:pasted-1.png" in cell.source
    assert "base64" not in cell.source
    assert cell.source.startswith("Mine:")
    assert cell.source.endswith("The winner is lucky.")
    assert result.notices == []


@pytest.mark.parametrize("markup", ["![sketch](data:image/png;base64,{})", "<img src='data:image/svg+xml;base64,{}'>"])
def test_a_picture_that_cannot_be_kept_costs_no_words(tiny: Assignment, markup: str) -> None:
    """Too large, or nothing that is shown: said in its place and in a remark."""
    cell, result = words(tiny, "Mine: " + markup.format(HUGE) + " The winner is lucky.")
    assert cell.source == "Mine: *[a picture was left out]* The winner is lucky."
    assert ["left out: 1." in notice for notice in result.notices] == [True]


def test_attached_pictures_are_vetted_and_kept(tiny: Assignment) -> None:
    """Of answers and of own cells; what is no bitmap is left out with a remark."""
    attachments = {
        "a.png": {"image/png": PNG},
        "b.png": {"image/png": [PNG[:60], PNG[60:]]},
        "evil.svg": {"image/svg+xml": "<svg onload='alert(1)'/>"},
        "c.png": {"image/png": base64.b64encode(b"<script>").decode(), "text/html": "<script>"},
        "d.png": 7,
    }
    cell, result = words(tiny, "![a](attachment:a.png)", attachments=attachments)
    assert cell.attachments == {"a.png": {"image/png": PNG}, "b.png": {"image/png": PNG}}
    assert ["left out: 3." in notice for notice in result.notices] == [True]
    data = released(tiny)
    data["cells"].insert(2, {"cell_type": "markdown", "source": "mine", "attachments": attachments})
    own = next(c for c in read(tiny, data).notebook.cells if c.source == "mine")
    assert set(own.attachments) == {"a.png", "b.png"}


def test_pictures_of_a_notebook_are_bounded(tiny: Assignment) -> None:
    """They all come back in the executed notebook and in feedback."""
    four = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(4_000_000)).decode()
    cell, result = words(tiny, "x", attachments={f"{i}.png": {"image/png": four} for i in range(6)})
    assert set(cell.attachments) == {"0.png", "1.png", "2.png"}
    assert ["left out: 3." in notice for notice in result.notices] == [True]


@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
def test_a_cell_too_large_costs_itself(tiny: Assignment, kind: str) -> None:
    """A table pasted into a cell: the notebook keeps its answers."""
    data = released(tiny)
    data["cells"].insert(2, {"cell_type": kind, "metadata": {}, "source": "#" * 2_000_000})
    data["cells"].insert(4, 7)
    result = read(tiny, data)
    assert result.untouched == set()
    assert len(json.dumps(result.notebook)) < 2**20
    assert [n.split(" ")[0] for n in result.notices] == ["A", "Parts"]


# ---- texts of other kinds


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8-sig", None), ("cp949", "CP949"), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16"),
                           ("utf-16-be", "UTF-16"), ("utf-32", "UTF-32")]
)  # fmt: skip
def test_text_in_another_encoding_is_read(tiny: Assignment, encoding: str, told: str | None) -> None:
    """With a remark that names the encoding and the cure."""
    text = "Überraschung für é" if encoding == "cp1252" else "평균은 흔들린다"
    data = released(tiny)
    data["cells"][-1]["source"] = text
    result = restore(json.dumps(data, ensure_ascii=False).encode(encoding), tiny)
    assert result.notebook.cells[-1].source == text
    assert [bool(told) and told in n and "Save it as UTF-8" in n for n in result.notices] == ([True] if told else [])


def test_a_damaged_letter_costs_a_letter(tiny: Assignment) -> None:
    """UTF-8 with a hole is not taken for another encoding."""
    data = released(tiny)
    data["cells"][-1]["source"] = "평균은 흔들린다"
    content = json.dumps(data, ensure_ascii=False).encode().replace("균".encode(), "균".encode()[:2])
    result = restore(content, tiny)
    assert result.notebook.cells[-1].source.endswith("은 흔들린다")
    assert ["damaged" in n for n in result.notices] == [True]


def test_a_notebook_quoted_once_more_is_read(tiny: Assignment) -> None:
    """And one that a synchroniser has filled up with zeros."""
    text = json.dumps(released(tiny))
    assert restore(json.dumps(text).encode(), tiny).untouched == set()
    assert restore(text.encode() + bytes(4096), tiny).untouched == set()


KINDS: dict[str, tuple[bytes, str]] = {
    "a page": (b"<!DOCTYPE html><html><title>Log in</title>", "web page"),
    "a PDF": (b"%PDF-1.7 \xff", "PDF"),
    "an archive": (b"PK\x03\x04" + bytes(99), "zip archive"),
    "git-lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git-lfs"),
    "AppleDouble": (b"\x00\x05\x16\x07" + bytes(99), "macOS"),
    "a conflict": (b'{\n "cells": [\n<<<<<<< HEAD\n  1\n=======\n  2\n>>>>>>> mine\n]}', "merge conflict"),
    "cut off": (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x =', "cut off"),
    "cut off elsewhere": (b'{"nbformat": 4, "cells": [{"cell_type": "code"', "cut off"),
    "damaged": (b'{"nbformat": 4, "cells": [{"cell_type": code, "source": ""}]}', "damaged"),
    "empty": (b" \n", "empty"),
    "a script": (b"import numpy as np\n", "another kind"),
}


@pytest.mark.parametrize(("content", "word"), KINDS.values(), ids=KINDS)
def test_a_file_of_another_kind_is_named(tiny: Assignment, content: bytes, word: str) -> None:
    """So that a student knows what to do."""
    with pytest.raises(UnreadableNotebook, match=f"^The file is not a notebook: .*{word}.*\\.$"):
        restore(content, tiny)


def test_remarks_are_few(tiny: Assignment) -> None:
    """More than a handful of a kind is one sentence."""
    data = released(tiny)
    data["cells"] = [c for c in data["cells"] if c["id"] in ("add-answer", "title")] * 2
    assert read(tiny, data).notices == [
        "Cell `title` is there more than once; the last one counts.",
        "Cell `add-answer` is there more than once; the last one counts.",
        "Cells that were missing and were put back: 9 (`setup`, `add-visible`, `add` and 6 more).",
    ]
