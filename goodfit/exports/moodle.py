"""Scores merged into the grading worksheet of a Moodle assignment, and feedback pages as Moodle takes them back.

The worksheet's headers are in the language of the site, and the upload looks for exactly these words: so nothing is
written into the header, and columns are found by what is in them. Participants are a word of that language and a
number. A column that repeats one number is the highest grade, and grades stand before it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from goodfit.course.scores import Scores
from goodfit.exports.merge import Choice, Merged, column_of, fill
from goodfit.exports.people import Person
from goodfit.exports.table import ExportError, Table, as_number

PARTICIPANT = re.compile(r"(?P<word>.*?\D)(?P<number>\d+)")
GRADE = {  # what Moodle calls the column, in the languages that were looked up; others are found by their numbers
    "grade", "bewertung", "성적", "note", "calificación", "qualificació", "valutazione", "avaliação", "nota", "cijfer",
    "beoordeling", "ocena", "оценка", "评分", "成绩", "評定", "karakter", "betyg",
}  # fmt: skip
FOLDER = "assignfeedback_file_"  # Moodle before 4.1 wants the last underscore, newer ones take both
NOT_IN_NAMES = re.compile(r'[_/\\:*?"<>|\x00-\x1f\x7f]+')


@dataclass(frozen=True)
class Worksheet:
    """A grading worksheet: the table, and the places of what is needed in it.

    Attributes:
        participant: place of the participants' column.
        grade: place of the grades' column.
        worth: the highest grade; None where the worksheet does not tell.
    """

    table: Table
    participant: int
    grade: int
    worth: float | None

    @classmethod
    def of(cls, table: Table, column: str = "") -> Worksheet:
        """Find the columns.

        Args:
            table: as Moodle wrote it.
            column: header of the grades' column, where it was named.

        Raises:
            ExportError: when it is no grading worksheet, or the column is not clear.
        """
        participant = _participants(table)
        if column:
            grade = column_of(table, column)
        else:
            named = [i for i, head in enumerate(table.header) if head.strip().lower() in GRADE and i != participant]
            places = named or [i for i in range(participant + 1, len(table.header)) if _is_grade(table, i)]
            if len(places) != 1:
                raise ExportError(
                    "It is not clear which column is for the grades: name it with --column. There are: "
                    f"{', '.join(f'“{head}”' for head in table.header)}."
                )
            (grade,) = places
        worth = _same_number(table, grade + 1)
        return cls(table, participant, grade, worth)

    def number(self, row: int) -> str:
        """The participant's number of a row, by which Moodle knows its students."""
        found = PARTICIPANT.fullmatch(self.table.rows[row][self.participant].strip())
        return found["number"] if found else ""

    def people(self) -> dict[int, Person]:
        """Who is in which row: by the number, and by any column before the grades (name, ID number, email)."""
        found = {}
        for i, row in enumerate(self.table.rows):
            if number := self.number(i):
                words = [row[place].strip() for place in range(self.grade) if place != self.participant]
                found[i] = Person((number, row[self.participant].strip(), *words), tuple(words))
        return found


def merge(table: Table, scores: Scores, choice: Choice) -> Merged:
    """Fill the grades of a worksheet. Those of whom nothing is known yet keep what they have.

    Raises:
        ExportError: when it is no worksheet, or its column is not clear.
    """
    sheet = Worksheet.of(table, choice.column)
    sign = table.decimal_sign([sheet.grade, sheet.grade + 1] if sheet.worth is not None else [sheet.grade])
    return fill(table, sheet.grade, sheet.people(), scores, sheet.worth, sign, choice)


def feedback_zip(sheet: Worksheet, pages: Mapping[int, Path]) -> bytes:
    """Feedback pages as a zip for "Upload multiple feedback files in a zip".

    Args:
        sheet: whose rows the pages belong to.
        pages: by row.

    Returns:
        The zip: ``Fullname_NUMBER_assignfeedback_file_/page.html`` for each.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for row, page in pages.items():
            cells = sheet.table.rows[row]
            beside = cells[sheet.participant + 1] if sheet.participant + 1 < sheet.grade else ""
            name = " ".join(NOT_IN_NAMES.sub(" ", beside).split()).strip(".~ ") or "Participant"
            place = zipfile.ZipInfo(f"{name[:100]}_{sheet.number(row)}_{FOLDER}/{page.name}")  # no time: same zip again
            place.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(place, page.read_bytes())
    return made.getvalue()


def _participants(table: Table) -> int:
    """The first column in which every row has the same word and another number."""
    for place in range(len(table.header)):
        found = [PARTICIPANT.fullmatch(cell) for cell in table.column(place)]
        whole = [one for one in found if one]
        words, numbers = ({one[part].strip() for one in whole} for part in ("word", "number"))
        if len(words) == 1 and len(numbers) == len(found):
            return place
    raise ExportError(
        "The file is not a grading worksheet of Moodle: no column has a participant's number in each row. In Moodle: "
        "the assignment's settings, Feedback types, Offline grading worksheet; then Submissions, Download grading "
        "worksheet."
    )


def _is_grade(table: Table, place: int) -> bool:
    """Whether a column has nothing but grades up to the one number that the column behind it repeats."""
    worth = _same_number(table, place + 1)
    cells = [cell for cell in table.column(place) if cell not in ("", "-")]
    grades = [as_number(cell) for cell in cells]
    return worth is not None and all(grade is not None and 0 <= grade <= worth for grade in grades)


def _same_number(table: Table, place: int) -> float | None:
    """The number that all rows have in a column, or None."""
    if place >= len(table.header):
        return None
    found = {as_number(cell) for cell in table.column(place)}
    number = found.pop() if len(found) == 1 else None
    return number if number is not None and number > 0 else None
