"""The demonstration, and every kind of submission that it is made of: each gets exactly the points that it must get."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from tiny_sets import COURSE
from typer.testing import CliRunner

from goodfit.authoring.demo_class import answer_cases, class_of, odd_cases
from goodfit.authoring.demo_course import CELL_SECONDS, hand_in, quick_sets, set_due_date
from goodfit.cli import app as cli
from goodfit.course.batch import grade_class
from goodfit.course.course import Course
from goodfit.notebooks.assignment import Assignment

REPOSITORY = Path(__file__).resolve().parents[2]
SETS = [
    pytest.param(assignment, id=assignment.name)
    for root in (COURSE, REPOSITORY)
    for assignment in Assignment.every(root / "source", root / "graders")
]
CONFIG = """\
load_subconfig({wiring!r})
c = get_config()
c.Goodfit.graders_directory = {graders!r}
c.Goodfit.limits = {{"cell_seconds": {seconds}, "memory_bytes": 2 << 30}}
"""


@pytest.mark.all
@pytest.mark.timeout(900)
@pytest.mark.parametrize("original", SETS)
def test_every_kind_of_submission_gets_its_score(original: Assignment, tmp_path: Path, shared_server: None) -> None:
    """Half-finished, empty, broken, endless, killed, greedy, doubled, deleted, late, resubmitted and forged."""
    seconds = CELL_SECONDS if original.name != "tiny" else 4  # the endless ones take as long
    name, graders = original.name, original.graders_dir.parent
    config = CONFIG.format(wiring=str(REPOSITORY / "nbgrader_config.py"), graders=str(graders), seconds=seconds)
    (tmp_path / "nbgrader_config.py").write_text(config)
    shutil.copytree(original.source_dir, tmp_path / "source" / name)
    course = Course(tmp_path)
    assignment = course.assignment(name)
    cases = odd_cases(assignment)
    for case in cases.values():
        hand_in(tmp_path, name, case)
    course.ensure_assignment(assignment)
    set_due_date(str(course.directories.db_url), name)
    results = list(grade_class(course, assignment, course.students(name), "auto", workers=1))
    assert [r.student for r in results if r.trouble or r.bundle.verdict.needs_human] == ["not-a-notebook"]
    with Gradebook(course.directories.db_url) as book:
        scores = {s.student.id: s.score for s in book.assignment_submissions(name)}
        late = [s.student.id for s in book.assignment_submissions(name) if s.total_seconds_late > 0]
    assert scores == {kind: case.score for kind, case in cases.items()}
    assert late == ["late"]


def test_the_demonstration_takes_a_quick_set_with_functions_and_one_with_models() -> None:
    course = Course(REPOSITORY)
    functions, models = (class_of(course.assignment(name)) for name in quick_sets(course))
    assert len(functions) == 12
    assert {"endless-loop", "killed-kernel", "memory-bomb", "late", "not-a-notebook", "forged"} <= {
        case.kind for case in functions.values()
    }
    assert len({case.score for case in functions.values()}) >= 4, "right, half right and wrong"
    assert sum(case.kind.startswith("wrong-") for case in models.values()) == 3
    assert set(models) < set(functions), "one class"


def test_the_demonstration_of_a_small_set(graded: Any, tmp_path: Path) -> None:
    """From the command: releases, the class's table, a sentence about everybody, and where to look; then as JSON."""
    words = ["demo", "tiny", "--course", str(graded.folder), "--folder", str(tmp_path / "demo"), "--jobs", "1"]
    done = CliRunner().invoke(cli.app, words, catch_exceptions=False)
    assert done.exit_code == cli.DONE, done.output
    said = " ".join(done.stdout.split())
    assert "tiny: released to" in said
    assert f"a cell may run {CELL_SECONDS} s in a set without models" in said
    cases = class_of(Course(graded.folder).assignment("tiny"))
    assert all(student in said for student in cases)
    assert "every score is as it must be" in said
    page = tmp_path / "demo" / "feedback" / "chen.yu" / "tiny" / "tiny.html"
    assert f"feedback as a student gets it {page}" in said
    assert "lower than what a right answer reaches" in page.read_text()
    about = tmp_path / "demo" / "reports" / "tiny.html"
    assert f"the class, for its teachers {about}" in said
    assert all(student in about.read_text(encoding="utf-8") for student in cases)
    again = CliRunner().invoke(cli.app, [*words, "--json"], catch_exceptions=False)
    report = json.loads(again.stdout)
    assert report["releases"] == {"tiny": []}
    assert report["reports"] == {"tiny": str(about)}
    assert {one["student"]: one["earned"] for one in report["graded"]["tiny"]} == {
        student: case.score for student, case in cases.items()
    }
    assert all(one["special"] and one["outcome"] and Path(one["page"]).is_file() for one in report["graded"]["tiny"])


def test_every_answer_of_the_bank_is_a_case(tiny: Assignment) -> None:
    assert {case.kind: case.score for case in answer_cases(tiny)} == {
        "reference": 7, "right-loop": 7, "wrong-first_value": 5, "wrong-untrained": 5,
    }  # fmt: skip
