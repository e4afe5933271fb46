"""A graded class as the report needs it: what was saved of each submission, and who is called what."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from goodfit.course.batch import saved_bundles
from goodfit.course.course import Course
from goodfit.course.folder import CourseError
from goodfit.exports.people import plain
from goodfit.grading.job import Bundle
from goodfit.grading.plugin import Fit
from goodfit.grading.verdict import CheckVerdict, Outcome, Verdict
from goodfit.notebooks import headings
from goodfit.notebooks.assignment import Assignment, grade_id


@dataclass(frozen=True)
class Submission:
    """One graded submission. All text in it may be a student's: it is escaped where it is shown.

    Attributes:
        student: what the student is called in the report.
        name: in full, where that is known.
        verdict: of the checks.
        measures: measurements that met a threshold, by its name.
        fits: accuracies of the student's models.
        seconds: wall time of its grading.
        late: seconds after the due date, 0 where it was in time or nobody knows.
        handed_in: when, UTC; None where nobody knows.
        answers: text of each answer cell; without those that are as they were handed out.
    """

    student: str
    name: str
    verdict: Verdict
    measures: dict[str, list[float]]
    fits: list[Fit]
    seconds: float
    late: float
    handed_in: datetime | None
    answers: dict[str, str]

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many checks came out in each way."""
        found = Counter(check.outcome for check in self.verdict.checks)
        return {outcome: found[outcome] for outcome in Outcome}


@dataclass(frozen=True)
class Check:
    """A check of the set, as the class was graded by it."""

    name: str
    grade_id: str
    sentence: str
    points: float


@dataclass(frozen=True)
class Exercise:
    """A graded cell with its checks, in the order in which they ran."""

    grade_id: str
    name: str
    checks: tuple[Check, ...]

    @property
    def points(self) -> float:
        """What its checks are worth in all."""
        return sum(check.points for check in self.checks)


@dataclass(frozen=True)
class ClassResults:
    """What there is about a class.

    Attributes:
        assignment: the set.
        title: of the set.
        exercises: in the notebook's order.
        submissions: graded, sorted by what they are called.
        sound: those of them that met the checks in ``exercises``; the others could not be read as this notebook, or
            were graded by other checks, and have no part in the item analysis.
        missing: how many handed in and have no result yet.
        earlier: how many were graded by another state of the graders than today's.
        templates: the answer cells as they were handed out.
        anonymous: whether no word of a student may be shown.
    """

    assignment: Assignment
    title: str
    exercises: tuple[Exercise, ...]
    submissions: tuple[Submission, ...]
    sound: tuple[Submission, ...]
    missing: int
    earlier: int
    templates: dict[str, str] = field(default_factory=dict)
    anonymous: bool = False

    @property
    def points(self) -> float:
        """What the checks are worth in all."""
        return sum(exercise.points for exercise in self.exercises)


def read(
    course: Course, assignment: Assignment, names: Mapping[str, str] | None = None, anonymous: bool = False
) -> ClassResults:
    """Read what grading has saved of a class.

    Args:
        course: the course folder.
        assignment: the set.
        names: of students in full, by plain id.
        anonymous: call them by numbers, in the order of their results, which says nothing about who they are.

    Raises:
        CourseError: when nobody was graded.
        Unavailable: when the gradebook, which knows who was late, cannot be read now.
    """
    students = course.students(assignment.name)
    templates = {str(grade_id(c)): c.source for c in assignment.instructor.cells if grade_id(c) in assignment.solutions}
    found = []
    for student, bundle in saved_bundles(course, assignment.name, students):  # one by one: notebooks are large
        found.append(
            Submission(
                student=student,
                name=(names or {}).get(plain(student), ""),
                verdict=bundle.verdict,
                measures=bundle.measures,
                fits=bundle.fits,
                seconds=bundle.seconds,
                late=0.0,
                handed_in=None,
                answers=_answers(bundle, templates),
            )
        )
    if not found:
        raise CourseError(f"nobody's {assignment.name} is graded yet: `goodfit grade {assignment.name}` comes first.")
    course.ensure_gradebook()
    recorded = course.recorded(assignment.name)
    for i, one in enumerate(found):
        if there := recorded.get(one.student):
            found[i] = replace(one, late=max(0.0, there.seconds_late), handed_in=there.timestamp)
    return of(assignment, found, len(students) - len(found), templates, anonymous)


def of(
    assignment: Assignment,
    submissions: list[Submission],
    missing: int = 0,
    templates: dict[str, str] | None = None,
    anonymous: bool = False,
) -> ClassResults:
    """The class that these submissions make; arguments as in :func:`read` and :class:`ClassResults`."""
    shape = _commonest_shape(submissions)
    names = headings.exercise_names(assignment.instructor)
    by_cell: dict[str, list[Check]] = {}
    for check in shape:
        by_cell.setdefault(check.grade_id, []).append(check)
    today = assignment.digest()[:16]
    if anonymous:
        submissions = _without_names(submissions)
    ordered = tuple(sorted(submissions, key=lambda one: one.student))
    return ClassResults(
        assignment=assignment,
        title=headings.title(assignment.instructor) or assignment.name,
        exercises=tuple(Exercise(cell, names.get(cell, cell), tuple(checks)) for cell, checks in by_cell.items()),
        submissions=ordered,
        sound=tuple(one for one in ordered if _key(_shape(one.verdict)) == _key(shape)),
        missing=missing,
        earlier=sum(one.verdict.versions.get("graders") != today for one in submissions),
        templates=templates or {},
        anonymous=anonymous,
    )


def _commonest_shape(submissions: list[Submission]) -> list[Check]:
    """The checks that most submissions met. An unreadable submission has stand-ins, one for each cell, instead."""
    shapes = [_shape(one.verdict) for one in submissions]
    real = [shape for shape in shapes if any(check.name != check.grade_id for check in shape)] or shapes
    counted = Counter(map(_key, real))
    return max(real, key=lambda shape: counted[_key(shape)], default=[])


def _shape(verdict: Verdict) -> list[Check]:
    return [Check(c.name, c.grade_id, c.sentence, c.points) for c in verdict.checks]


def _key(checks: list[Check]) -> tuple[tuple[str, str, float], ...]:
    return tuple((c.name, c.grade_id, c.points) for c in checks)


def _without_names(submissions: list[Submission]) -> list[Submission]:
    """The submissions under numbers, without a word that a student can have written.

    Numbered by result. Ids decide nothing: whoever has the list of ids could undo an order that was made from them.
    """

    def rank(one: Submission) -> tuple[Any, ...]:
        outcomes = [check.outcome.value for check in one.verdict.checks]
        content = hashlib.sha256(json.dumps(sorted(one.answers.items())).encode()).hexdigest()
        return -one.verdict.earned, outcomes, one.seconds, content

    width = len(str(len(submissions)))
    found = []
    for number, one in enumerate(sorted(submissions, key=rank), 1):
        checks = [_without_words(check) for check in one.verdict.checks]
        verdict = one.verdict.model_copy(update={"checks": checks, "notices": [], "attention": _told(one.verdict)})
        # answers are compared, and never shown
        found.append(replace(one, student=f"S{number:0{width}d}", name="", verdict=verdict, handed_in=None))
    return found


def _told(verdict: Verdict) -> list[str]:
    return ["Somebody must look: the words are left out of an anonymous report."] if verdict.attention else []


def _without_words(check: CheckVerdict) -> CheckVerdict:
    return check.model_copy(update={"rationale": None, "hint": None})


def _answers(bundle: Bundle, templates: Mapping[str, str]) -> dict[str, str]:
    """A graded notebook's answers, by cell; without those that are as they were handed out."""
    return {name: text for name, text in _cells(bundle.notebook) if name in templates and text != templates[name]}


def _cells(notebook: str) -> Iterator[tuple[str, str]]:
    for cell in json.loads(notebook)["cells"]:  # ours: written by nbformat
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name:
            source = cell["source"]
            yield name, source if isinstance(source, str) else "".join(source)
