"""An export from the gradebook to a file's content: what the command does, without a terminal."""

from __future__ import annotations

import dataclasses
import enum
import os
from dataclasses import dataclass, field
from pathlib import Path

from goodfit.course.course import Course
from goodfit.course.scores import Scores
from goodfit.exports import as_csv, as_json, canvas, moodle
from goodfit.exports.merge import Choice
from goodfit.exports.people import listed, named
from goodfit.exports.table import ExportError, Table
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.source import shown


class Format(enum.StrEnum):
    """Where scores can go."""

    CSV = "csv"
    JSON = "json"
    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"


INTO = {
    Format.CANVAS: "the gradebook that Canvas exports (Gradebook, Export)",
    Format.MOODLE: "the grading worksheet that Moodle gives (Submissions, Download grading worksheet)",
}


@dataclass
class Exported:
    """What came of an export.

    Attributes:
        content: of the file, UTF-8 text.
        filled: ids of the students whose score is in it.
        troubles: what somebody must look at, in sentences.
        notices: what else is to be known, in sentences.
        pages: feedback pages as a zip, where it was asked for.
    """

    content: str
    filled: list[str]
    troubles: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    pages: bytes | None = None


def scores_of(course: Course, assignment: Assignment, names: Path | None = None) -> Scores:
    """An assignment's scores, with the names that a table gives.

    Raises:
        CourseError: when nothing is graded yet, or the table does not fit.
        Unavailable: when the gradebook cannot be used now.
    """
    scores = course.scores(assignment)
    return scores if names is None else dataclasses.replace(scores, students=named(scores.students, names))


def export(course: Course, scores: Scores, to: Format, into: Path | None, choice: Choice, pages: bool) -> Exported:
    """Write scores for a program or into a platform's table.

    Args:
        course: whose feedback pages are taken.
        scores: everybody's.
        to: any format but Gradescope's.
        into: the platform's table; read, and not written.
        choice: about the merge.
        pages: whether Moodle's zip of feedback pages is made.

    Raises:
        ExportError: when the table does not fit.
    """
    waiting = sorted(student.student for student in scores.students if student.needs_manual)
    if to not in INTO:
        given = [student.student for student in scores.students if student.handed_in]
        text = as_csv.write(scores) if to is Format.CSV else as_json.write(scores)
        told = (
            [f"Waiting for manual grading, so that the total may still change: {listed(waiting)}."] if waiting else []
        )
        return Exported(text, given, notices=told)
    if into is None:
        raise ExportError(f"--to {to} fills in {INTO[to]}: name that file with --into.")
    table = Table.read(into)
    merged = (canvas if to is Format.CANVAS else moodle).merge(table, scores, choice)
    done = Exported(table.text(), sorted(merged.filled.values()), merged.troubles, merged.notices)
    if pages:
        sheet = moodle.Worksheet.of(table, choice.column)
        place = {row: course.feedback(scores.assignment, student) for row, student in merged.filled.items()}
        files = {row: folder / f"{scores.assignment}.html" for row, folder in place.items()}
        done.pages = moodle.feedback_zip(sheet, {row: file for row, file in files.items() if file.is_file()})
        if lacking := sorted(merged.filled[row] for row, file in files.items() if not file.is_file()):
            done.troubles.append(
                f"No feedback page yet: {listed(lacking)}. `goodfit feedback {scores.assignment}` writes them."
            )
    return done


def require_other_file(output: Path, inputs: list[Path], overwrite: bool) -> None:
    """Keep an export from the place of a file that it was made of.

    Raises:
        ExportError: when it would take that place, and nobody said so.
    """
    for path in inputs:
        if not overwrite and os.path.realpath(output) == os.path.realpath(path):
            raise ExportError(f"{shown(path)} is what was downloaded. Name another file, or say --overwrite.")
