"""Cells that are too large, pictures, and texts of other kinds, restored."""

from __future__ import annotations

import base64
import json
from typing import Any

import nbformat
import pytest
from restoring import PNG, read, released

from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.restore import Restored, UnreadableNotebook, restore

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
