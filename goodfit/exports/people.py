"""Who is who: the people of a platform's table and the students of the gradebook, matched by ids, never by a guess."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from goodfit.course.scores import Score
from goodfit.exports.table import ExportError, Table
from goodfit.notebooks.source import shown
from goodfit.texts import one_line

Key = TypeVar("Key")
MANY = 10  # names in one sentence
LONG = 60  # letters of one name there
HEADERS = {  # of a table of names: what a column may be called
    "student": ("id", "student id", "student", "student number", "user", "username", "login"),
    "first_name": ("first name", "first", "given name"),
    "last_name": ("last name", "last", "family name", "surname"),
    "name": ("name", "full name"),
    "email": ("email", "e mail", "email address", "e mail address", "mail"),
    "lms_id": ("lms id", "lms user id", "canvas id", "moodle id", "platform id"),
}


@dataclass(frozen=True)
class Person:
    """A row of a platform's table: what identifies somebody, and the names that it shows."""

    ids: tuple[str, ...]
    names: tuple[str, ...]

    def __str__(self) -> str:
        said = [one_line(word, LONG) for word in (*self.names[:1], *self.ids[:1]) if word]
        return " ".join(said) or "a row without a name"


@dataclass(frozen=True)
class Pairing:
    """Which row is which student's, and what could not be settled, in sentences."""

    of_row: dict[int, Score]
    troubles: list[str]


def pair(people: Sequence[Person], students: Sequence[Score]) -> Pairing:
    """Find everybody's row.

    By ids first: a student's nbgrader id, id on the platform and email, against all that identifies a row. Who is left
    is found by name, where only one row and only one student have that name.

    Args:
        people: the rows.
        students: all of the gradebook, those without a submission too: they may share a name.
    """
    troubles: list[str] = []
    by_id: dict[str, list[Score]] = {}
    for student in students:
        for word in {plain(word) for word in (student.student, student.who.lms_id, student.who.email) if word.strip()}:
            by_id.setdefault(word, []).append(student)
    found: dict[int, Score] = {}
    unclear: set[str] = set()
    settled: set[int] = set()
    for i, person in enumerate(people):
        fitting = {s.student: s for word in person.ids if word.strip() for s in by_id.get(plain(word), [])}
        if len(fitting) == 1:
            (found[i],) = fitting.values()
        elif fitting:
            settled.add(i)
            unclear |= fitting.keys()
            troubles.append(
                f"{person} may be {listed(sorted(fitting))}: more than one has an id of that row. "
                "Nothing was filled in."
            )
    taken = Counter(student.student for student in found.values())
    for name in sorted(name for name, n in taken.items() if n > 1):
        rows = [i for i, student in found.items() if student.student == name]
        troubles.append(
            f"{name} may be {' or '.join(str(people[i]) for i in rows)}: an id of each is the same. "
            "Nothing was filled in."
        )
        unclear.add(name)
        settled |= set(rows)
        for i in rows:
            del found[i]
    rows_of = _by_name((i, person.names) for i, person in enumerate(people))
    students_of = _by_name((student.student, _names(student)) for student in students)
    ids = {student.student: student for student in students}
    gone = {student.student for student in found.values()} | unclear
    for name, rows in rows_of.items():
        rows_left = [i for i in rows if i not in found and i not in settled]
        named = students_of.get(name, [])
        left = [one for one in named if one not in gone]
        if not rows_left or not left:
            continue
        if len(rows) == 1 and len(named) == 1:
            found[rows[0]] = ids[left[0]]
            gone.add(left[0])
        else:
            settled |= set(rows_left)
            unclear |= set(left)
            troubles.append(
                f"Several people have the name of {people[rows_left[0]]}, and no id tells who is {listed(left)}: give "
                "their ids on the platform in a table with --names. Nothing was filled in."
            )
    there = {student.student for student in found.values()} | unclear
    absent = [s.student for s in students if s.handed_in and s.student not in there]
    if absent:
        troubles.append(f"In the gradebook, but not in the file: {listed(absent)}.")
    strangers = [str(person) for i, person in enumerate(people) if i not in found and i not in settled]
    if strangers:
        troubles.append(f"In the file, but not in the gradebook: {listed(strangers)}.")
    return Pairing(found, troubles)


def named(students: Sequence[Score], names: Path) -> list[Score]:
    """Students with the names, emails and ids on a platform that a table gives, in the place of the gradebook's.

    Raises:
        ExportError: as :func:`read_people` does.
    """
    told = read_people(names)
    return [
        dataclasses.replace(one, who=dataclasses.replace(one.who, **told.get(plain(one.student), {})))
        for one in students
    ]


def full_names(names: Path) -> dict[str, str]:
    """First and last name of everybody in a table, by :func:`plain` id.

    Raises:
        ExportError: as :func:`read_people` does.
    """
    people = read_people(names).items()
    return {one: " ".join(filter(None, (told.get("first_name"), told.get("last_name")))) for one, told in people}


def read_people(names: Path) -> dict[str, dict[str, str]]:
    """What a table says of students: fields of nbgrader's students, by :func:`plain` id.

    Args:
        names: a CSV file with a column of ids, and some of: name, first name, last name, email, lms id.

    Raises:
        ExportError: when it is no such table, or has an id twice.
    """
    table = Table.read(names)
    places = {}
    for field, words in HEADERS.items():
        fitting = [i for i, head in enumerate(table.header) if re.sub(r"[\s_-]+", " ", plain(head)) in words]
        if fitting:
            places[field] = fitting[0]
    if "student" not in places or len(places) < 2:
        raise ExportError(
            f"{shown(names)} needs a line of headers with “id” (the folder's name in submitted/) and some of “name”, "
            f"“first name”, “last name”, “email” and “lms id”. It has: {', '.join(table.header)}."
        )
    told: dict[str, dict[str, str]] = {}
    for row in table.rows:
        said = {field: row[place].strip() for field, place in places.items()}
        student = plain(said.pop("student"))
        if not student:
            continue
        if student in told:
            raise ExportError(f"{shown(names)} has the id {student} twice.")
        if name := said.pop("name", ""):
            last, comma, first = name.partition(",")
            if not comma:
                first, _, last = name.rpartition(" ")
            said = {"first_name": first.strip(), "last_name": last.strip()} | {k: v for k, v in said.items() if v}
        told[student] = {field: word for field, word in said.items() if word}
    return told


def plain(word: str) -> str:
    """A word for comparing: composed letters, no capitals, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: the first ones, and how many more there are."""
    more = f" and {len(names) - MANY} more" if len(names) > MANY else ""
    return ", ".join(one_line(name, LONG) for name in names[:MANY]) + more


def _names(student: Score) -> tuple[str, ...]:
    first, last = student.who.first_name.strip(), student.who.last_name.strip()
    if not (first and last):
        return (first or last,)
    return (f"{first} {last}", f"{last} {first}", f"{last}, {first}", f"{last}{first}")


def _by_name(people: Iterable[tuple[Key, Sequence[str]]]) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = {}
    for key, names in people:
        for name in {plain(name).replace(", ", ",") for name in names if name.strip()}:
            found.setdefault(name, []).append(key)
    return found
