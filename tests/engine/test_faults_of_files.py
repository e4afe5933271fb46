"""Files that break: each gets a verdict with a reason, and never stops the batch."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from faults import RIGHT, Grade, Submit, outcomes
from nbgrader.api import Gradebook

from goodfit.course import batch
from goodfit.course import nbgrader_plugins as gradebook
from goodfit.course.course import Course
from goodfit.grading.job import Job
from goodfit.grading.job import grade as run_job
from goodfit.grading.pool import Graders
from goodfit.grading.verdict import Outcome
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.submission import Submission, read_submission
from goodfit.sandbox.limits import MIB

CELL = {"cell_type": "code", "metadata": {}, "source": "x = 1", "outputs": [], "execution_count": None, "id": "a"}


def notebook_of(*cells: Any, **fields: Any) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **fields}).encode()


UNREADABLE = {
    "empty": b"",
    "text": b"Dear TA, my laptop broke.",
    "zeros": bytes(1000),
    "random": bytes(range(256)) * 99,
    "a zip": b"PK\x03\x04" + bytes(99),
    "UTF-16": notebook_of(CELL).decode().encode("utf-16"),
    "cut off": notebook_of(CELL)[:-20],
    "null": b"null",
    "number": b"1e999",
    "long number": b"1" * 10_000,
    "list": b"[]",
    "deep": b"[" * 100_000,
    "deep and closed": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "no cells": b'{"nbformat": 4}',
    "cells that are no list": notebook_of(cells={"a": 1}),
    "cells that are no cells": notebook_of(1, "a", None),
    "format 3": b'{"nbformat": 3, "worksheets": [{"cells": []}]}',
    "format 5": notebook_of(nbformat=5),
    "format of another kind": notebook_of(nbformat={"a": 4}),
    "source of another kind": notebook_of({**CELL, "source": {"a": 1}}),
    "lines of another kind": notebook_of({**CELL, "source": ["a", 1]}),
    "3,000 cells": notebook_of(*[CELL] * 3_000),
    "a cell of 2 MB": notebook_of({**CELL, "source": "#" * 2_000_000}),
    "65 MB": notebook_of(CELL, padding="x" * (65 << 20)),
    "millions of parts": b'{"nbformat": 4, "cells": [' + b"[]," * 3_000_001 + b"[]]}",
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_notebook_is_told_so(grade: Grade, tiny: Assignment, content: bytes) -> None:
    """No points, a reason in words, a human who looks, and a page that can be shown: the cells with the verdict."""
    bundle = grade(content)
    assert {check.outcome for check in bundle.verdict.checks} == {Outcome.COULD_NOT_RUN}
    assert bundle.verdict.attention == [bundle.verdict.checks[0].rationale]
    assert not bundle.verdict.broke, bundle.log
    assert bundle.verdict.points == 7
    assert all("notebook" in (check.rationale or "") for check in bundle.verdict.checks)
    shown = nbformat.reads(bundle.notebook, as_version=4)
    assert len(shown.cells) == len(tiny.instructor.cells)


def test_a_notebook_of_another_set_is_told_so(course: Path) -> None:
    """One sentence, which names the set that it looks like, and a human."""
    other = course / "source" / "other"
    shutil.copytree(course / "source" / "tiny", other)
    shutil.copytree(course / "graders" / "tiny", course / "graders" / "other")
    (other / "tiny.ipynb").rename(other / "other.ipynb")
    text = (other / "other.ipynb").read_text()
    for name in ("add", "mean", "model", "why"):
        text = re.sub(rf'"(grade_id|id)": "{name}', rf'"\1": "other-{name}', text)
        text = text.replace(f"def {name}", f"def other_{name}").replace("def train", "def other_train")
    (other / "other.ipynb").write_text(text)
    roots = {"source_root": course / "source", "graders_root": course / "graders"}
    submission = Submission(text.encode())
    bundle = run_job(Job.of(submission, assignment="tiny", tier="fork", **roots), None)
    (why,) = bundle.verdict.attention
    assert "none of the exercises' cells is in it. It looks like other." in why
    assert bundle.verdict.notices == [why]


def test_answers_without_marks_and_ids_keep_their_points(submit: Submit, grade: Grade) -> None:
    """As converters leave them; a line in the locked setup and a pasted picture cost nothing either."""

    def convert(notebook: Any) -> None:
        for cell in notebook.cells:
            if cell.id == "setup":
                cell.source += "\nimport itertools"
            if cell.id == "why":
                cell.source = f"![x](data:image/png;base64,iVBORw0KGgo{'A' * 1_400_001})"
            cell.metadata = {}
            del cell["id"]

    bundle = grade(submit(edit=convert))
    assert bundle.verdict.attention == []
    assert bundle.verdict.earned == RIGHT
    shown = nbformat.reads(bundle.notebook, as_version=4)
    nbformat.validate(shown)
    assert "import itertools" in shown.cells[2].source
    assert shown.cells[-1].attachments["pasted-1.png"]["image/png"].startswith("iVBORw0KGgoA")


ODD_CELLS: dict[str, Any] = {
    "no keys": {},
    "no metadata": {"cell_type": "code", "source": "x = 1"},
    "metadata of another kind": {**CELL, "metadata": []},
    "nbgrader of another kind": {**CELL, "metadata": {"nbgrader": [1]}},
    "unknown type": {**CELL, "cell_type": "evil"},
    "type of another kind": {**CELL, "cell_type": ["code"]},
    "no source": {"cell_type": "code", "metadata": {}},
    "id of another kind": {**CELL, "id": {"a": 1}},
    "outputs of another kind": {**CELL, "outputs": {"a": [1]}},
    "lone surrogates": {**CELL, "source": "x = '\ud800'"},
    "lone surrogates in an id": {**CELL, "id": "\ud800", "metadata": {"nbgrader": {"grade_id": "\ud800"}}},
    "zero characters": {**CELL, "source": "x = 1\x00"},
    "attachments of another kind": {**CELL, "cell_type": "markdown", "attachments": [1]},
}


def test_odd_cells_do_no_harm(submit: Submit, grade: Grade) -> None:
    """Cells with missing or malformed parts are run as far as they are text; everything else keeps its points."""

    def add(notebook: Any) -> None:
        for cell in ODD_CELLS.values():
            notebook.cells.insert(2, cell)

    bundle = grade(submit(edit=add))
    assert outcomes(bundle)["test_takes_the_mean"] is Outcome.PASSED
    assert bundle.verdict.earned == RIGHT
    nbformat.validate(nbformat.reads(bundle.notebook, as_version=4))


def test_a_students_files_do_not_break_the_kernel(submit: Submit, grade: Grade, tiny: Assignment) -> None:
    """Files named like modules, data or folders of settings change no verdict and are no fault of ours."""
    evil = b"import os\nos._exit(1)\n"
    modules = ("numpy", "json", "socket", "random", "tornado", "zmq", "ipykernel", "traitlets", "goodfit", "nbgrader")
    more = ("sitecustomize", "usercustomize", "asyncio", "encodings", "tempfile", "traceback", "h5py", "proof", "keras")
    files = {f"{name}.py": evil for name in (*modules, *more)} | {f"{name}/__init__.py": evil for name in modules}
    files |= {"data": b"x", "-rf": b"x", " ": b"x", "a\nb": b"x", "[a].txt": b"x", "ü/ß.txt": b"x", "x" * 150: b"x"}
    files |= {
        "data/points.npz/x": b"x",
        "tiny.ipynb/x": b"x",
        "timestamp.txt/x": b"x",
        "pyproject.toml": b"[",
        "conftest.py": evil,
    }
    bundle = grade(submit(after={"setup": "assert points['x'].size"}), files=files)
    assert outcomes(bundle)["test_takes_the_mean"] is Outcome.PASSED
    assert bundle.verdict.earned == RIGHT


def test_settings_in_a_submission_are_left_out(submit: Submit, grade: Grade, tmp_path: Path) -> None:
    """A start-up file of IPython, a Keras configuration or user packages would work before the first cell."""
    for name in (".ipython/profile_default/startup/0.py", ".keras/keras.json", ".local/lib/x.pth", "src/.config/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("import os; os._exit(1)")
    (tmp_path / "tiny.ipynb").write_bytes(submit())
    submission = read_submission(tmp_path, "tiny.ipynb")
    assert submission.files == {}
    assert len(submission.notices) == 4
    assert grade(submission).verdict.earned == RIGHT


def odd_folders(submitted: Path, right: bytes) -> dict[str, float]:
    """Hand in for students with odd names and odd folders; what each must earn."""
    expected: dict[str, float] = {}

    def folder(student: str, points: float, notebook: bytes | None = right, name: str = "tiny.ipynb") -> Path:
        made = submitted / student / "tiny"
        made.mkdir(parents=True)
        if notebook is not None:
            (made / name).write_bytes(notebook)
        expected[student] = points
        return made

    for student in ("-rf", "a*b?"):
        folder(student, RIGHT)
    for student in ("Ada Lovelace", "žofie-ünï", "{x}", "o'neil;--", "<b>x", "abc]", "x" * 120):
        folder(student, 0, b"this is quicker to grade")
    for student, name in ((unicodedata.normalize("NFD", "김철수"), "김철수"), ("bo ", "bo")):
        folder(student, 0, b"this is quicker to grade")
        expected[name] = expected.pop(student)
    (submitted / "__MACOSX" / "tiny").mkdir(parents=True)
    (submitted / "__MACOSX" / "tiny" / "._tiny.ipynb").write_bytes(b"\x00\x05\x16\x07")
    folder("missing", 0, None)
    folder("renamed", RIGHT, name="My solution (final).ipynb")
    two = folder("two-notebooks", 0, name="a.ipynb")
    (two / "b.ipynb").write_bytes(right)
    link = folder("notebook-is-a-link", 0, None)
    (link / "real.txt").write_bytes(right)
    (link / "tiny.ipynb").symlink_to("real.txt")
    far = folder("links-far-away", RIGHT)
    for n, target in enumerate(("/etc/passwd", "../../../gradebook.db", "../../../graders", "/", "nowhere")):
        (far / f"link{n}").symlink_to(target)
    special = folder("pipes-devices-and-huge-files", RIGHT)
    os.mkfifo(special / "pipe.txt")
    with contextlib.suppress(PermissionError):
        os.mknod(special / "zero", 0o600 | stat.S_IFCHR, os.makedev(1, 5))
    with open(special / "huge.bin", "wb") as file:
        file.truncate(5 << 30)
    many = folder("many-files", RIGHT)
    for n in range(300):
        (many / f"{n}.txt").touch()
    for name in ("-rf", " ", "a\nb", "[a]", "*", "~", "tiny.ipynb.bak", "…", "'", "%s{0}"):
        (special / name).write_text("x")
    (special / os.fsdecode(b"\xff\xfe")).write_text("x")
    (folder("folder-for-notebook", 0, None) / "tiny.ipynb" / "x").mkdir(parents=True)
    (submitted / "folder-for-notebook/tiny/tiny.ipynb/y").write_text("y")
    (folder("folder-for-timestamp", RIGHT) / "timestamp.txt").mkdir()
    (folder("garbage-timestamp", RIGHT) / "timestamp.txt").write_bytes(b"\xff\x00 yesterday" * 30)
    (folder("far-timestamp", RIGHT) / "timestamp.txt").write_text("2026-01-01 00:00:00 99999999999999999999")
    (folder("file-for-data", RIGHT) / "data").write_text("x")
    (folder("folder-for-data", RIGHT) / "data" / "points.npz").mkdir(parents=True)
    (submitted / "folder-for-data/tiny/data/points.npz/x").write_text("x")
    return expected


@pytest.mark.all
@pytest.mark.timeout(900)
def test_a_class_of_odd_submissions_is_graded_to_the_end(
    submit: Submit, course: Path, graders: Graders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Odd names, links, pipes, devices, huge, missing and misplaced files: everybody gets a verdict, and a record."""

    @contextlib.contextmanager
    def serving(tier: str, imports: Any = None) -> Iterator[tuple[Any, str | None]]:
        yield graders.tier, graders.server

    monkeypatch.setattr(batch, "serving", serving)
    expected = odd_folders(course / "submitted", submit())
    for name in (b"[abc]", b"two\nlines", b"no text \xff", b"x" * 250):
        (course / "submitted" / os.fsdecode(name) / "tiny").mkdir(parents=True)
    opened = Course(course)
    assert len(opened.students("tiny")) == len(expected) + 4
    results = {
        r.student: r
        for r in batch.grade_class(opened, opened.assignment("tiny"), opened.students("tiny"), "fork", workers=2)
    }
    for student in ("[abc]", "two\nlines", "no text ?", "x" * 250):
        refused = results.pop(student)
        assert "Rename the folder" in (refused.trouble or "")
        assert not refused.bundle.verdict.broke
    assert {s: r.bundle.verdict.earned for s, r in results.items()} == expected
    assert {s: r.trouble for s, r in results.items() if r.trouble} == {}
    for student, result in results.items():
        assert not result.bundle.verdict.broke, student
        # nobody is left with a silent zero, and nobody else is a TA's business
        assert bool(result.bundle.verdict.attention) == (result.bundle.verdict.earned == 0), student
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        recorded = {
            s.student.id: sum(g.auto_score or 0 for n in s.notebooks for g in n.grades)
            for s in book.assignment_submissions("tiny")
        }
    assert recorded == expected
    assert set(batch.write_feedback(opened, "tiny", opened.students("tiny"))) == set(expected)
    for path in [p for step in ("autograded", "feedback") for p in (course / step).rglob("*")]:
        assert not path.is_symlink()
        assert path.stat().st_size < 30 * MIB


def test_links_are_not_followed_by_nbgraders_own_command_either(
    submit: Submit, course: Path, graders: Graders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`nbgrader autograde` copies what links of a submission point to; none of it stays for feedback to hand out."""
    monkeypatch.setitem(gradebook._servers, "auto", (graders.tier, graders.server))
    made = course / "submitted" / "linker" / "tiny"
    made.mkdir(parents=True)
    (made / "tiny.ipynb").write_bytes(submit())
    (made / "notes.txt").write_text("mine")
    (made / "exam.py").symlink_to(course / "graders" / "tiny" / "test_tiny.py")
    (made / "book.db").symlink_to("../../../gradebook.db")
    opened = Course(course)
    opened.ensure_assignment(opened.assignment("tiny"))
    assert opened._api.autograde("tiny", "linker")["success"]
    opened.write_feedback("tiny", "linker")
    for step in ("autograded", "feedback"):
        names = {p.name for p in (course / step / "linker" / "tiny").iterdir()}
        assert names - {"tiny.ipynb", "tiny.html"} == {"notes.txt", "data"}
