"""Scores merged into the gradebook that Canvas exports as CSV, for its import.

Canvas reads a header (Student or LastName and FirstName, ID, perhaps SIS User ID, SIS Login ID, Integration ID, Root
Account, Section), then columns called "Title (id)", one for each assignment, and a row with the points possible. A
column whose title it does not know becomes a new assignment, so none is written here that was not there before.
"""

from __future__ import annotations

import re

from goodfit.course.scores import Scores
from goodfit.exports.merge import Choice, Merged, fill, quoted
from goodfit.exports.people import Person, plain
from goodfit.exports.table import ExportError, Table, as_number

ASSIGNMENT = re.compile(r"(?P<title>.*\S)\s*\((?P<id>\d+)\)")
IDS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
NAMES = ("Student", "Student Name", "LastName", "FirstName")
WORTH = "points possible"
READ_ONLY = "(read only)"
EXCUSED = ("EX",)
TEST_STUDENT = "student, test"  # Canvas' own, in every course where somebody has looked at the student view


def merge(table: Table, scores: Scores, choice: Choice) -> Merged:
    """Fill the assignment's column of Canvas' gradebook.

    Excused students ("EX"), and those who handed in nothing, keep what they have. Numbers are written with a decimal
    comma where the file has them so.

    Raises:
        ExportError: when the table is none of Canvas', or its column is not clear.
    """
    header = [head.strip() for head in table.header]
    if "student" not in header[0].lower() and header[:2] != ["LastName", "FirstName"]:
        raise ExportError(
            f"The file is not Canvas' gradebook: its first column is “{header[0]}” and not “Student”. In Canvas: "
            "Gradebook, Export, Export Entire Gradebook."
        )
    if "ID" not in header:
        raise ExportError("The file has no column “ID”, by which Canvas knows its students. Export the gradebook anew.")
    place = _place(table, header, scores, choice.column)
    worth = _worth(table)
    known = table.rows[worth][place] if worth is not None else ""
    if READ_ONLY in known.lower():
        raise ExportError(f"Canvas calculates “{header[place]}” itself and ignores what is imported there.")
    numbers = [i for i, head in enumerate(header) if ASSIGNMENT.fullmatch(head)]
    people = _people(table, header, {worth})
    return fill(table, place, people, scores, as_number(known), table.decimal_sign(numbers), choice, EXCUSED)


def _place(table: Table, header: list[str], scores: Scores, wanted: str) -> int:
    found = {i: match for i, head in enumerate(header) if (match := ASSIGNMENT.fullmatch(head))}
    words = [wanted] if wanted else [scores.assignment, scores.title]
    for word in filter(None, words):
        exact = [i for i in found if header[i] == word.strip()]
        fitting = exact or [i for i, match in found.items() if plain(word) in (plain(match["title"]), match["id"])]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise ExportError(
                f"Several assignments are called “{word}”: {quoted([header[i] for i in fitting])}. Name one of them so "
                "with --column."
            )
    there = quoted([header[i] for i in found]) or "none"
    raise ExportError(
        f"Canvas has no assignment {' or '.join(f'“{word}”' for word in filter(None, words))}. There are: {there}. "
        "Name one of them with --column; or make the assignment in Canvas, and export the gradebook anew."
    )


def _worth(table: Table) -> int | None:
    """The row that says what each assignment is worth."""
    return next((i for i, row in enumerate(table.rows[:3]) if WORTH in row[0].lower()), None)


def _people(table: Table, header: list[str], others: set[int | None]) -> dict[int, Person]:
    ids = [header.index(head) for head in IDS if head in header]
    names = [header.index(head) for head in NAMES if head in header] or [0]
    found = {}
    for i, row in enumerate(table.rows):
        words = [row[place].strip() for place in names]
        known = tuple(row[place].strip() for place in ids if row[place].strip())
        name = ", ".join(filter(None, words))  # "Last, First", as Canvas writes it in one column
        if i not in others and known and plain(name) != TEST_STUDENT:
            found[i] = Person(known, (name,))
    return found
