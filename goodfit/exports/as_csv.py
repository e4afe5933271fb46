"""Scores as a table of their own, one line for each student."""

from __future__ import annotations

import csv
import io

from goodfit.course.export import as_text
from goodfit.course.scores import Score, Scores
from goodfit.exports.table import number

BEFORE = ("student_id", "last_name", "first_name", "email")
AFTER = ("points", "late_penalty", "total", "max_points", "handed_in", "seconds_late", "needs_manual")


def write(scores: Scores) -> str:
    """The table: who it is, the points of each exercise by its grade_id, and what counts in the end.

    Numbers have a decimal point and at most two decimals. Points are empty where nobody has decided yet, and all but
    the names where nothing was handed in. ``handed_in`` is UTC, or "yes" where the time is not known. A word that a
    spreadsheet would take for a formula has an apostrophe before it.
    """
    page = io.StringIO()
    table = csv.writer(page, lineterminator="\n")
    table.writerow([*BEFORE, *(as_text(one.grade_id) for one in scores.exercises), *AFTER])
    for student in scores.students:
        words = (student.student, student.who.last_name, student.who.first_name, student.who.email)
        table.writerow([*map(as_text, words), *_results(scores, student)])
    return page.getvalue()


def _results(scores: Scores, student: Score) -> list[str]:
    if not student.handed_in:
        return [""] * (len(scores.exercises) + 3) + [number(scores.points), "", "", ""]
    decided = [student.of(exercise) for exercise in scores.exercises]
    return [
        *("" if points is None else number(points) for points in decided),
        *map(number, (student.raw, student.penalty, student.total, scores.points)),
        f"{student.timestamp:%Y-%m-%d %H:%M:%S}" if student.timestamp else "yes",
        f"{student.seconds_late:.0f}",
        "yes" if student.needs_manual else "no",
    ]
