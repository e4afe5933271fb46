"""A small class made from the answer banks: every kind of submission a TA meets, with the score each must get."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from goodfit.authoring.answers import reference
from goodfit.authoring.grader_files import checked_bank, collect_checks
from goodfit.course.course import CourseError
from goodfit.files import write_whole
from goodfit.notebooks.assignment import Assignment, grade_id

DUE = datetime(2026, 3, 2, 12, 0)
CONFIG = """\
{original}
# --- the sample class: an endless loop should not hold up a demonstration -------------------------------------
c.Goodfit.graders_directory = {graders!r}
c.Goodfit.limits = {{"cell_seconds": 20, "check_seconds": 20}}
"""

STOPS = {
    "endless-loop": "while True:\n    pass",
    "killed-kernel": "import os\nos._exit(1)",
    "memory-bomb": "hoard = []\nwhile True:\n    hoard.append(bytearray(64 << 20))",
}


@dataclass(frozen=True)
class Sample:
    """One submission of the sample class.

    Attributes:
        student: nbgrader's student id; says what the submission is.
        notebook: its bytes.
        score: points that its checks must earn.
        submitted: when it was handed in.
    """

    student: str
    notebook: bytes
    score: float
    submitted: datetime = DUE - timedelta(hours=1)


def samples(assignment: Assignment) -> list[Sample]:
    """The sample class of one assignment, by student id."""
    checks = collect_checks(assignment)
    full = sum(mark.points for mark in checks.values())
    found = []
    for answer in checked_bank(assignment):
        lost = sum(checks[name].points for name in answer.fails)
        found.append(Sample(answer.label.replace("/", "-"), answer.notebook(assignment), full - lost))
    right = nbformat.reads(reference().notebook(assignment).decode(), as_version=4)
    first = next(iter(assignment.graded_cells))
    for name, code in STOPS.items():
        found.append(Sample(name, _bytes(right, partial(_insert_after, name=first, code=code)), full))
    half = list(assignment.graded_cells)[: len(assignment.graded_cells) // 2]
    done = {answer for name in half for answer in assignment.graded_cells[name].answers}
    score = sum(assignment.graded_cells[name].points for name in half)
    found += [
        Sample("half-finished", _bytes(right, lambda nb: _unfinish(nb, assignment, done)), score),
        Sample("empty", _bytes(right, lambda nb: _unfinish(nb, assignment, set())), 0),
        Sample("not-a-notebook", b"Dear TA, my laptop broke. Please see the attached photo.", 0),
        Sample("duplicated-graded-cells", _bytes(right, lambda nb: _duplicate(nb, assignment)), full),
        Sample("deleted-graded-cells", _bytes(right, lambda nb: _delete(nb, assignment)), full),
        Sample("late", _bytes(right, lambda nb: None), full, DUE + timedelta(hours=30)),
        Sample("resubmitted-without-graded-cells", _bytes(right, lambda nb: _spoil(nb, assignment)), 0),
    ]
    return sorted(found, key=lambda sample: sample.student)


def build_course(repository: Path, course: Path, sources: list[Assignment], assignments: list[Assignment]) -> None:
    """Make a course folder with the sample class in ``submitted/`` and the scores in ``expected.json``.

    Args:
        repository: where ``nbgrader_config.py`` and ``source/`` lie.
        course: the folder to make; what grading left in it stays, so that a second demonstration is quick.
        sources: the problem sets of the course.
        assignments: those of them whose sample classes to build.

    Raises:
        CourseError: when the folder is something else: real submissions may be in it.
    """
    if course.exists() and any(course.iterdir()) and not (course / "expected.json").is_file():
        raise CourseError(f"{course} is not empty, and no demonstration made it: choose another folder.")
    course.mkdir(parents=True, exist_ok=True)
    (course / "expected.json").touch()  # first: it says that the folder is ours, also after a kill
    original = (repository / "nbgrader_config.py").read_text(encoding="utf-8")
    (course / "nbgrader_config.py").write_text(
        CONFIG.format(original=original, graders=str(sources[0].graders_dir.parent.resolve())), encoding="utf-8"
    )
    expected: dict[str, dict[str, float]] = {}
    shutil.rmtree(course / "submitted", ignore_errors=True)
    shutil.rmtree(course / "source", ignore_errors=True)
    for assignment in sources:
        shutil.copytree(assignment.source_dir, course / "source" / assignment.name)
    for assignment in assignments:
        expected[assignment.name] = {}
        for sample in samples(assignment):
            hand_in(course, assignment.name, sample)
            expected[assignment.name][sample.student] = sample.score
    write_whole(course / "expected.json", json.dumps(expected, indent=1))


def set_due_date(db_url: str, assignment: str) -> None:
    """Give the sample class its due date, so that the late submission is late."""
    with Gradebook(db_url) as gradebook:
        gradebook.update_or_create_assignment(assignment, duedate=DUE)


def hand_in(course: Path, assignment: str, sample: Sample) -> None:
    """Write one submission into ``submitted/``."""
    folder = course / "submitted" / sample.student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{assignment}.ipynb").write_bytes(sample.notebook)
    (folder / "timestamp.txt").write_text(sample.submitted.strftime("%Y-%m-%d %H:%M:%S UTC"))


def _bytes(notebook: NotebookNode, change: Callable[[NotebookNode], None]) -> bytes:
    changed = copy.deepcopy(notebook)
    change(changed)
    return nbformat.writes(changed, version=4).encode()


def _insert_after(notebook: NotebookNode, name: str, code: str) -> None:
    at = next(i for i, c in enumerate(notebook.cells) if grade_id(c) == name)
    notebook.cells.insert(at + 1, new_code_cell(code, id="trouble"))


def _unfinish(notebook: NotebookNode, assignment: Assignment, keep: set[str]) -> None:
    stubs = {grade_id(c): c.source for c in assignment.instructor.cells}
    for cell in notebook.cells:
        name = grade_id(cell)
        if cell.metadata.get("nbgrader", {}).get("solution") and name not in keep:
            cell.source = stubs[name]


def _duplicate(notebook: NotebookNode, assignment: Assignment) -> None:
    copies = [copy.deepcopy(c) for c in notebook.cells if grade_id(c) in assignment.graded_cells]
    for i, cell in enumerate(copies):
        cell.id = f"copy-{i}"
    notebook.cells += copies


def _delete(notebook: NotebookNode, assignment: Assignment) -> None:
    notebook.cells = [c for c in notebook.cells if grade_id(c) not in assignment.graded_cells]


def _spoil(notebook: NotebookNode, assignment: Assignment) -> None:
    _unfinish(notebook, assignment, set())
    _delete(notebook, assignment)
