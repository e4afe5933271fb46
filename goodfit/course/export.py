"""``nbgrader export`` as a CSV file that other programs read back: nbgrader's columns, quoted where they must be."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from goodfit.files import write_whole

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip
FORMULA = tuple("=+-@＝＋－＠\t\r\n")  # what a spreadsheet takes for the beginning of a formula


class QuotedCsv(CsvExportPlugin):
    """Takes the place of nbgrader's plugin, which writes commas and line ends of names as they are."""

    def export(self, gradebook: Gradebook) -> None:
        """Write a line for each assignment and student, those who handed in nothing too.

        Args:
            gradebook: nbgrader's, open.
        """
        assignments, students = set(map(str, self.assignment)), set(map(str, self.student))
        page = io.StringIO()
        table = csv.writer(page, lineterminator="\n")
        table.writerow(COLUMNS)
        for assignment in gradebook.assignments:
            if assignments and assignment.name not in assignments:
                continue
            submissions = {submission.student.id: submission for submission in assignment.submissions}
            for student in gradebook.students:
                if students and student.id not in students:
                    continue
                given = submissions.get(student.id)
                score, penalty = (given.score, given.late_submission_penalty) if given else (0.0, 0.0)
                words = (student.id, student.last_name, student.first_name, student.email)
                table.writerow(
                    [
                        as_text(assignment.name), assignment.duedate, given and given.timestamp, *map(as_text, words),
                        score, penalty, max(0.0, score - penalty), assignment.max_score,
                    ]
                )  # fmt: skip
        place = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", place)
        if place.exists() and os.path.samestat(place.stat(), os.fstat(1)):  # /dev/stdout, perhaps sent into a file
            with open(1, "w", encoding="utf-8", newline="", closefd=False) as stdout:
                stdout.write(page.getvalue())
        elif place.exists() and not place.is_file():  # another device, a pipe
            place.write_text(page.getvalue(), encoding="utf-8")
        else:
            write_whole(place, page.getvalue())


def as_text(word: str | None) -> str:
    """A name as a spreadsheet shows it and never runs it: students choose their names, and ``=`` begins a formula."""
    word = word or ""
    return f"'{word}" if word.startswith(FORMULA) else word
