"""What every merge into a platform's table has in common: which column, whose cells, what is said afterwards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from goodfit.course.scores import Scores
from goodfit.exports.people import Person, listed, pair, plain
from goodfit.exports.table import ExportError, Table, number


@dataclass(frozen=True)
class Choice:
    """What an instructor may ask of a merge.

    Attributes:
        column: header of the column for the scores; empty: it is found.
        scale: whether scores are stretched to what the platform's assignment is worth.
        unfinished: whether totals that wait for a person are filled in too.
    """

    column: str = ""
    scale: bool = False
    unfinished: bool = False


@dataclass(frozen=True)
class Merged:
    """What came of a merge.

    Attributes:
        table: with the scores.
        filled: by row, the id of the student whose score was filled in.
        rows: by row, the id of the student whose row it is.
        troubles: who could not be settled, in sentences.
        notices: what was left as it was, in sentences.
    """

    table: Table
    filled: dict[int, str]
    rows: dict[int, str]
    troubles: list[str]
    notices: list[str]


def fill(
    table: Table,
    place: int,
    people: dict[int, Person],
    scores: Scores,
    worth: float | None,
    sign: str,
    choice: Choice,
    keep: Collection[str] = (),
) -> Merged:
    """Write totals into one column, and leave every other cell as it is.

    Args:
        table: changed in place.
        place: of the column.
        people: who is in which row; rows of nobody are not there.
        scores: whose totals.
        worth: points that the platform gives at most; None when that is not known.
        sign: before the decimals.
        choice: the instructor's.
        keep: cells, in capitals, that stay.

    Raises:
        ExportError: when the platform's points and the set's differ, and nothing was said about it.
    """
    factor = 1.0
    if worth is not None and abs(worth - scores.points) > 0.005:
        if not choice.scale or not worth or not scores.points:
            raise ExportError(
                f"The column “{table.header[place]}” is worth {number(worth)} points, and {scores.assignment} "
                f"{number(scores.points)}. Give the platform's assignment {number(scores.points)} points and download "
                "the file anew, or use --scale."
            )
        factor = worth / scores.points
    rows = sorted(people)
    pairing = pair([people[row] for row in rows], scores.students)
    of_row = {rows[i]: student for i, student in pairing.of_row.items()}
    filled: dict[int, str] = {}
    kept, waiting, nothing = [], [], []
    for row, student in of_row.items():
        if table.rows[row][place].strip().upper() in keep:
            kept.append(student.student)
        elif not student.handed_in:
            nothing.append(student.student)
        elif student.needs_manual and not choice.unfinished:
            waiting.append(student.student)
        else:
            table.rows[row][place] = number(student.total * factor, sign)
            filled[row] = student.student
    said = (
        (waiting, "Waiting for manual grading, and left out (--unfinished puts in what they have so far)"),
        (nothing, "Handed in nothing, and left as they are"),
        (kept, "Excused, and left so"),
    )
    notices = [f"{words}: {listed(sorted(names))}." for names, words in said if names]
    return Merged(table, filled, {row: s.student for row, s in of_row.items()}, pairing.troubles, notices)


def column_of(table: Table, wanted: str) -> int:
    """The place of the column with a header.

    Raises:
        ExportError: when none or several have it.
    """
    places = [i for i, head in enumerate(table.header) if head.strip() == wanted.strip()]
    places = places or [i for i, head in enumerate(table.header) if plain(head) == plain(wanted)]
    if len(places) == 1:
        return places[0]
    have = "Several columns are" if places else "No column is"
    raise ExportError(f"{have} called “{wanted}”. There are: {quoted(table.header)}.")


def quoted(words: Sequence[str]) -> str:
    """Headers in a sentence."""
    return ", ".join(f"“{word}”" for word in words)
