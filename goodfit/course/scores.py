"""Everybody's scores of an assignment, read from the gradebook: what every export is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nbgrader.api import BaseCell, Grade, Gradebook, MissingEntry, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import select
from sqlalchemy.orm import undefer

from goodfit.notebooks import headings
from goodfit.notebooks.assignment import Assignment, grade_id


@dataclass(frozen=True)
class Exercise:
    """A cell with points: its grade_id, the name that its notebook gives it (else the id), and its points."""

    grade_id: str
    name: str
    points: float


@dataclass(frozen=True)
class Who:
    """What is known of a student besides the id; empty where nothing is."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""


@dataclass(frozen=True)
class Score:
    """One student's scores. Names are students' or the university's choice: nothing here is quoted or escaped.

    Attributes:
        student: nbgrader's id: the folder's name in ``submitted/``.
        who: names and addresses.
        handed_in: whether the gradebook has a submission. Without one, nothing below says anything.
        timestamp: when it was handed in, UTC; None when that is not known.
        seconds_late: after the due date and the student's extension.
        points: by grade_id; None where neither a check nor a person has decided.
        raw: sum of the points.
        penalty: points taken off for lateness.
        needs_manual: whether a cell waits for a person, so that the total may still change.
    """

    student: str
    who: Who = Who()
    handed_in: bool = False
    timestamp: datetime | None = None
    seconds_late: float = 0.0
    points: dict[str, float | None] | None = None
    raw: float = 0.0
    penalty: float = 0.0
    needs_manual: bool = False

    @property
    def total(self) -> float:
        """What counts: the points without the late penalty, never below 0 (as in `nbgrader export`)."""
        return max(0.0, self.raw - self.penalty)

    def of(self, exercise: Exercise) -> float | None:
        """The points of an exercise; None where nobody has decided."""
        return (self.points or {}).get(exercise.grade_id)


@dataclass(frozen=True)
class Scores:
    """An assignment's scores: its name, its title, its exercises in the notebook's order, and everybody by id."""

    assignment: str
    title: str
    exercises: Sequence[Exercise]
    students: Sequence[Score]

    @property
    def points(self) -> float:
        """What the assignment is worth."""
        return sum(exercise.points for exercise in self.exercises)


def read(gradebook: Gradebook, assignment: Assignment) -> Scores | None:
    """Read everybody's scores, those of students without a submission too; None where the gradebook knows no such set.

    Three queries, whatever the size of the class.

    Args:
        gradebook: nbgrader's, open.
        assignment: whose notebook tells the exercises' names and order.
    """
    try:
        known = gradebook.find_assignment(assignment.name)
    except MissingEntry:
        return None
    names = headings.exercise_names(assignment.instructor)
    place = {name: i for i, name in enumerate(filter(None, map(grade_id, assignment.instructor.cells)))}
    cells = [cell for notebook in known.notebooks for cell in (*notebook.grade_cells, *notebook.task_cells)]
    cells.sort(key=lambda cell: (place.get(cell.name, len(place)), cell.name))
    exercises = [Exercise(cell.name, names.get(cell.name, cell.name), float(cell.max_score)) for cell in cells]
    points: dict[str, dict[str, float | None]] = {}
    decided = (
        select(SubmittedAssignment.student_id, BaseCell.name, Grade.auto_score, Grade.manual_score, Grade.score)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .where(SubmittedAssignment.assignment_id == known.id)
    )
    for student, cell, by_machine, by_hand, score in gradebook.db.execute(decided):
        open_still = by_machine is None and by_hand is None
        points.setdefault(student, {})[cell] = None if open_still else float(score)
    wanted = (SubmittedAssignment.score, SubmittedAssignment.late_submission_penalty)
    submissions = gradebook.db.scalars(
        select(SubmittedAssignment)
        .where(SubmittedAssignment.assignment_id == known.id)
        .options(*map(undefer, (*wanted, SubmittedAssignment.needs_manual_grade)))
    )
    given = {submission.student_id: submission for submission in submissions}
    students = []
    for student in sorted(gradebook.students, key=lambda one: one.id):
        told = (student.first_name, student.last_name, student.email, student.lms_user_id)
        who = Who(*(word or "" for word in told))
        there = given.get(student.id)
        if there is None:
            students.append(Score(student.id, who))
            continue
        students.append(
            Score(
                student.id,
                who,
                handed_in=True,
                timestamp=there.timestamp,
                seconds_late=float(there.total_seconds_late),
                points=points.get(student.id, {}),
                raw=float(there.score),
                penalty=float(there.late_submission_penalty),
                needs_manual=bool(there.needs_manual_grade),
            )
        )
    return Scores(assignment.name, headings.title(assignment.instructor), exercises, students)
