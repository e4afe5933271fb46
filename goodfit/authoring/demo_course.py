"""A demonstration: a course folder with a small class, graded as any class, and what became of everybody."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.utils import temp_attrs

from goodfit.authoring import measurements, release
from goodfit.authoring.demo_class import DUE, Case, class_of
from goodfit.authoring.grader_files import measured_exercises, require_sound_graders, sentences_of
from goodfit.course.batch import grade_class, write_feedback
from goodfit.course.course import Course
from goodfit.course.folder import CourseError
from goodfit.grading.verdict import Outcome, Verdict
from goodfit.notebooks.assignment import Assignment, AssignmentError

CELL_SECONDS = 20  # of a set without models: where nothing is trained, an endless loop need not run for a minute
MEMORY = 2 << 30
CONFIG = """\
{original}
# --- the demonstration: what takes memory without end should not hold it up -------------------------------------
c.Goodfit.graders_directory = {graders!r}
c.Goodfit.limits = {{"memory_bytes": {memory}}}
"""


@dataclass(frozen=True)
class Graded:
    """One submission of the demonstration, graded.

    Attributes:
        student: who handed it in.
        case: what was special about it.
        verdict: what the grader made of it.
        seconds_late: after the due date.
        trouble: why the gradebook could not take it, if so.
        page: the student's feedback, where it was written.
    """

    student: str
    case: Case
    verdict: Verdict
    seconds_late: float
    trouble: str | None
    page: Path | None

    @property
    def as_expected(self) -> bool:
        """Whether it earned the points that it must earn."""
        return abs(self.verdict.earned - self.case.score) < 1e-6

    @property
    def outcome(self) -> str:
        """What happened to it, in a sentence or two."""
        checks, notices = self.verdict.checks, self.verdict.notices
        if self.verdict.attention:
            return self.verdict.attention[0]
        lost = [c for c in checks if c.outcome is not Outcome.PASSED]
        tried = [c for c in lost if c.outcome is not Outcome.NOT_ATTEMPTED]
        if not lost:
            words = f"All {len(checks)} checks passed."
        elif not tried:
            words = f"Not attempted: {len(lost)} of {len(checks)} checks."
        elif len(lost) == len(checks):
            words = f"None of {len(checks)} checks passed."
        else:
            example = f"“{tried[0].sentence}” {tried[0].rationale or ''}"
            words = f"Lost: {len(lost)} of {len(checks)} checks, such as {example}"
        return " ".join([*notices[:1], words]).rstrip()


def quick_sets(course: Course) -> list[str]:
    """Names of a set without models and of one with models, of each the quickest by the record of its answer bank.

    Sets whose graders are not in order are passed over.

    Raises:
        AssignmentError: when no set is left.
    """
    found: dict[bool, tuple[float, int, str]] = {}
    for place, name in enumerate(course.assignments()):
        assignment = course.assignment(name)
        if sentences_of(partial(require_sound_graders, assignment)):
            continue
        record = measurements.load(assignment, measurements.BankResult)
        known = [one.seconds for one in record.results if one.answer == "reference"] if record else []
        rank = (known[0] if known else float("inf"), place, name)
        kind = bool(measured_exercises(assignment))
        found[kind] = min(found.get(kind, rank), rank)
    if not found:
        raise AssignmentError(f"There is no problem set whose graders are in order in {course.root}.")
    return [found[kind][2] for kind in sorted(found)]


def build_course(here: Course, folder: Path, assignments: list[Assignment]) -> dict[str, dict[str, Case]]:
    """Make a course folder with a class in ``submitted/``; what grading left in it stays.

    Args:
        here: the course that the sets are of.
        folder: where to make it.
        assignments: the sets.

    Returns:
        Who handed in what, by set.

    Raises:
        CourseError: when the folder is something else: real submissions may be in it.
        AssignmentError: when a set's graders or its answer bank are not in order. Nothing was changed.
    """
    for assignment in assignments:
        require_sound_graders(assignment)
    mark = folder / "expected.json"
    if folder.exists() and any(folder.iterdir()) and not mark.is_file():
        raise CourseError(f"{folder} is not empty, and no demonstration made it: choose another folder.")
    classes = {assignment.name: class_of(assignment) for assignment in assignments}
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()  # first: it says that the folder is ours, also after a kill
    original = (here.root / "nbgrader_config.py").read_text(encoding="utf-8")
    graders = str(here.goodfit.graders_root(here.directories).resolve())
    config = CONFIG.format(original=original, graders=graders, memory=MEMORY)
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    shutil.rmtree(folder / "submitted", ignore_errors=True)
    shutil.rmtree(folder / "source", ignore_errors=True)
    for assignment in assignments:
        shutil.copytree(assignment.source_dir, folder / "source" / assignment.name)
        for student, case in classes[assignment.name].items():
            hand_in(folder, assignment.name, case, student)
    scores = {name: {student: case.score for student, case in cases.items()} for name, cases in classes.items()}
    mark.write_text(json.dumps(scores, indent=1), encoding="utf-8")
    return classes


def make_release(course: Course, assignment: Assignment) -> list[str]:
    """Release a set of the demonstration, with the due date that makes the late submission late.

    Returns:
        What is wrong: sentences, empty when all is well.
    """
    problems = release.make(assignment, course)
    set_due_date(str(course.directories.db_url), assignment.name)
    return problems


def grade(
    course: Course, name: str, classes: dict[str, Case], sandbox: str, workers: int, step: Callable[[str], None]
) -> list[Graded]:
    """Grade the class of one set, and write everybody's feedback.

    Args:
        course: the folder that :func:`build_course` made.
        name: of the set.
        classes: who handed in what.
        sandbox: tier, or "auto".
        workers: submissions at a time.
        step: called with a line after each submission.
    """
    assignment, results = course.assignment(name), {}
    quick = {} if measured_exercises(assignment) else {"cell_seconds": CELL_SECONDS}
    with temp_attrs(course.goodfit, limits={**course.goodfit.limits, **quick}):
        for result in grade_class(course, assignment, sorted(classes), sandbox, workers):
            results[result.student] = result
            step(f"{result.student}: {result.bundle.verdict.earned:g}")
    written = set(write_feedback(course, name, sorted(classes), workers))
    recorded = course.recorded(name)
    return [
        Graded(
            student,
            classes[student],
            results[student].bundle.verdict,
            recorded[student].seconds_late if student in recorded else 0.0,
            results[student].trouble,
            course.feedback(name, student) / f"{name}.html" if student in written else None,
        )
        for student in sorted(results)
    ]


def set_due_date(db_url: str, assignment: str) -> None:
    """Give the class its due date, so that the late submission is late."""
    with Gradebook(db_url) as gradebook:
        gradebook.update_or_create_assignment(assignment, duedate=DUE)


def hand_in(course: Path, assignment: str, case: Case, student: str | None = None) -> None:
    """Write one submission into ``submitted/``; the student is called by the kind where no name is given."""
    folder = course / "submitted" / (student or case.kind) / assignment
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{assignment}.ipynb").write_bytes(case.notebook)
    (folder / "timestamp.txt").write_text(case.submitted.strftime("%Y-%m-%d %H:%M:%S UTC"))
