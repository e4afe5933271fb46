"""A submitted folder is read as people, browsers and systems leave it; what is not clear is for a human."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from goodfit.authoring.answers import reference
from goodfit.course.course import Course
from goodfit.course.folder import CourseError, unusable
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.submission import MAX_IN_MEMORY, read_submission

NAME = "tiny.ipynb"


@pytest.fixture
def right(tiny: Assignment) -> bytes:
    return reference().notebook(tiny)


@pytest.mark.parametrize(
    "name",
    [
        "TINY.IPYNB", " tiny.ipynb", "tiny.ipynb ", "tiny .ipynb", "tiny.ipynb.txt", "tiny.ipynb.json", "tiny.json",
        "tiny (1).ipynb", "tiny(2).ipynb", "tiny-1.ipynb", "tiny_2.ipynb", "tiny - Copy.ipynb", "tiny-Copy1.ipynb",
        "Copy of tiny.ipynb", "tiny - 복사본.ipynb", "tiny (1) (1).ipynb.txt", "My solution (final).ipynb",
        "tiny/tiny.ipynb", "tiny/tiny (1).ipynb", "tiny-main/notebooks/tiny.ipynb",
    ],
)  # fmt: skip
def test_a_single_notebook_of_another_name_is_read(tmp_path: Path, right: bytes, name: str) -> None:
    """Beside what systems leave there, and other files; a remark names it, and nobody is needed."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(right)
    (path.parent / "helper.py").write_text("x = 1")
    for junk in ("__MACOSX/._tiny.ipynb", "._tiny.ipynb", ".DS_Store", "Thumbs.db", "desktop.ini",
                 ".ipynb_checkpoints/tiny-checkpoint.ipynb"):  # fmt: skip
        (tmp_path / junk).parent.mkdir(exist_ok=True)
        (tmp_path / junk).write_bytes(b"\x00\x05\x16\x07")
    found = read_submission(tmp_path, NAME)
    assert found.notebook == right
    assert found.attention == []
    assert found.notices == [f"The notebook was named {name!r}; it was taken for tiny.ipynb."]
    assert set(found.files) == {"helper.py"}


def test_names_are_the_same_however_their_letters_are_composed(tmp_path: Path, right: bytes) -> None:
    """macOS writes 과제 and ü in pieces."""
    (tmp_path / unicodedata.normalize("NFD", "과제_ü.ipynb")).write_bytes(right)
    (tmp_path / "scratch.ipynb").write_bytes(b"{}")
    assert read_submission(tmp_path, "과제_ü.ipynb").notebook == right


UNCLEAR: dict[str, list[str]] = {
    "two copies": ["tiny-1.ipynb", "tiny-2.ipynb"],
    "two of other names": ["a.ipynb", "b.ipynb"],
    "two in folders": ["a/tiny.ipynb", "b/tiny.ipynb"],
    "an archive": ["tiny.zip"],
    "an archive of another name": ["homework.7z"],
    "a page": ["tiny.html"],
    "a script": ["tiny.py"],
    "words": ["tiny.docx", "tiny.pdf"],
}


@pytest.mark.parametrize("names", UNCLEAR.values(), ids=UNCLEAR)
def test_what_is_not_clear_is_named_and_left_to_a_human(tmp_path: Path, right: bytes, names: list[str]) -> None:
    """No guess: one sentence with the names that were found."""
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(right)
    found = read_submission(tmp_path, NAME)
    assert found.notebook == b""
    assert len(found.attention) == 1
    assert all(name in found.attention[0] for name in names)


@pytest.mark.parametrize("copy", ["tiny (1).ipynb", "tiny.ipynb.txt", "Tiny.ipynb", "backup/tiny.ipynb"])
def test_a_copy_with_another_text_asks_for_a_look(tmp_path: Path, right: bytes, copy: str) -> None:
    """The set's own name is graded; a copy that may be newer is named, one with the same text is not worth a word."""
    (tmp_path / NAME).write_bytes(right)
    (tmp_path / copy).parent.mkdir(exist_ok=True)
    (tmp_path / copy).write_bytes(json.dumps(json.loads(right), indent=3).encode())
    assert read_submission(tmp_path, NAME).attention == []
    (tmp_path / copy).write_bytes(right.replace(b"total", b"sum_of_both"))
    found = read_submission(tmp_path, NAME)
    assert found.notebook == right
    assert copy in found.attention[0]


def test_an_own_notebook_beside_the_sets_asks_for_nobody(tmp_path: Path, right: bytes) -> None:
    """Scratch notebooks, checkpoints and notes are left aside."""
    (tmp_path / NAME).write_bytes(right)
    for name in ("Untitled.ipynb", "tiny-checkpoint.ipynb", "tiny.txt"):
        (tmp_path / name).write_bytes(b"{}")
    found = read_submission(tmp_path, NAME)
    assert (found.notebook, found.attention, found.notices) == (right, [], [])


def test_many_things_left_out_are_one_sentence(tmp_path: Path, right: bytes) -> None:
    """Remarks stay few."""
    (tmp_path / NAME).write_bytes(right)
    for n in range(260):
        (tmp_path / f"{n:03}.txt").touch()
    found = read_submission(tmp_path, NAME)
    assert len(found.files) == 200
    assert len(found.notices) == 1
    assert "60 ('200.txt', '201.txt', '202.txt' and 57 more)" in found.notices[0]


def test_outputs_of_a_large_notebook_are_not_kept_in_memory(tmp_path: Path, right: bytes) -> None:
    """40 MiB of plots are no reason to refuse a notebook; a class of such is read before it is graded."""
    data = json.loads(right)
    for cell in data["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * (MAX_IN_MEMORY * 3 // 4)}]
    (tmp_path / NAME).write_text(json.dumps(data))
    assert (tmp_path / NAME).stat().st_size > 40 * 2**20
    found = read_submission(tmp_path, NAME)
    assert len(found.notebook) < 2**20
    cells = json.loads(found.notebook)["cells"]
    assert [c["source"] for c in cells] == [c["source"] for c in data["cells"]]


# ---- a course


def test_folders_of_systems_are_no_students(course: Path, right: bytes) -> None:
    """`__MACOSX` and the like are in no table, gradebook or export."""
    for student in ("ada", "__MACOSX", ".ipynb_checkpoints", "@eaDir", "lost+found"):
        (course / "submitted" / student / "tiny").mkdir(parents=True)
    assert Course(course).students("tiny") == ["ada"]


def test_students_are_told_by_their_name_not_by_its_bytes(course: Path) -> None:
    """A decomposed name and blanks at its ends are put right; two folders of one student are reported, none is lost."""
    kim, park = "김철수", "박영희"
    decomposed = unicodedata.normalize("NFD", park)
    for folder in (unicodedata.normalize("NFD", kim), park, decomposed, "bo ", "cy"):
        (course / "submitted" / folder / ("TINY " if folder == "cy" else "tiny")).mkdir(parents=True)
    opened = Course(course)
    assert opened.students("tiny") == sorted([kim, park, decomposed, "bo", "cy"])
    assert [s for s in opened.students("tiny") if unusable(s)] == [decomposed]
    assert all(opened.submitted("tiny", s).is_dir() for s in opened.students("tiny"))
    assert opened.submitted("tiny", park) != opened.submitted("tiny", decomposed)


@pytest.mark.parametrize("name", ["ML course [2026]", "what?", "all*", "a%20b"])
def test_a_course_below_a_pattern_is_refused_in_a_sentence(course: Path, name: str) -> None:
    """nbgrader takes its folder for a pattern, and its gradebook for a URL."""
    renamed = course.rename(course.with_name(name))
    with pytest.raises(CourseError, match="Rename that folder"):
        Course(renamed)


def test_the_assignment_of_a_copy_is_known(course: Path, tmp_path: Path, right: bytes) -> None:
    """By its name, else by its cells; else the message tells how to name it."""
    opened = Course(course)
    for name in ("tiny (1).ipynb", "Copy of tiny.ipynb.txt", "ada_solution.ipynb"):
        (tmp_path / name).write_bytes(right)
        assert opened.assignment_of(tmp_path / name).name == "tiny"
    (tmp_path / "other.ipynb").write_bytes(b'{"nbformat": 4, "cells": []}')
    with pytest.raises(CourseError, match="--assignment tiny"):
        opened.assignment_of(tmp_path / "other.ipynb")
