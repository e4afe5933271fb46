"""The sample class gets exactly the scores that it must get, in nbgrader's gradebook."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from goodfit.authoring import demo_course as sample_class
from goodfit.course.batch import grade_class, write_feedback
from goodfit.course.course import Course
from goodfit.notebooks.assignment import Assignment

REPOSITORY = Path(__file__).resolve().parents[2]
QUICK = "ps2_data_splitting"  # no training: the class is about submissions, not about models
SETS = [
    pytest.param(assignment.name, marks=[pytest.mark.all] if assignment.name != QUICK else [])
    for assignment in Assignment.every(REPOSITORY / "source", REPOSITORY / "graders")
]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", SETS)
def test_the_sample_class_gets_its_scores(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Half-finished, empty, broken, endless, killed, greedy, doubled, deleted, late and resubmitted: to the point.

    With --all the answer bank of one set sits in the class as well, as in `make demo`; it has tests of its own.
    """
    assignment = Assignment.find(name, REPOSITORY / "source", REPOSITORY / "graders")
    sample_class.build_course(REPOSITORY, tmp_path, [assignment], [assignment])
    expected = json.loads((tmp_path / "expected.json").read_text())[name]
    if name != QUICK or not request.config.getoption("--all"):
        bank = [s for s in expected if s.startswith(("right-", "wrong-"))]
        for student in bank:
            shutil.rmtree(tmp_path / "submitted" / student)
            del expected[student]
    course = Course(tmp_path)
    results = list(grade_class(course, course.assignment(name), course.students(name), "auto", workers=1))
    sample_class.set_due_date(str(course.directories.db_url), name)
    assert [r.student for r in results if r.trouble or r.bundle.verdict.needs_human] == ["not-a-notebook"]
    with Gradebook(course.directories.db_url) as book:
        scores = {s.student.id: s.score for s in book.assignment_submissions(name)}
        late = [s.student.id for s in book.assignment_submissions(name) if s.total_seconds_late > 0]
    assert scores == expected
    assert late == ["late"]
    written = list(write_feedback(course, name, course.students(name)))
    assert written == sorted(expected)
    for student in written:
        assert (course.feedback(name, student) / f"{name}.html").stat().st_size > 10_000
