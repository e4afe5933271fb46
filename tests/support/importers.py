"""What the importers of learning platforms do with a file: their rules written down again, to test exports against."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

BOM = "\ufeff"


class Refused(Exception):
    """The platform would not take the file."""


@dataclass(frozen=True)
class CanvasUser:
    id: str
    name: str
    sis: str = ""
    login: str = ""


@dataclass
class CanvasCourse:
    """A course of Canvas: who is in it, its assignments by id, and what an import makes of it."""

    users: list[CanvasUser]
    assignments: dict[str, str]
    grades: dict[tuple[str, str], str] = field(default_factory=dict)
    invented: list[str] = field(default_factory=list)  # assignments that an import would make anew
    strangers: list[str] = field(default_factory=list)

    def upload(self, text: str) -> None:
        """Import a gradebook."""
        text = text.removeprefix(BOM)
        first = "".join(text.splitlines(keepends=True)[:3])
        lines = [
            line
            for line in csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
            if any(line)
        ]
        header, *rows = lines
        if "Student" not in header[0] or "ID" not in header[1] or len(header) < 4:
            raise Refused("Invalid header row")
        place, more = 2, ["SIS User ID", "SIS Login ID", "Integration ID", "Root Account"]
        while header[place] in more:
            place += 1
        if "Section" not in header[place]:
            raise Refused("Invalid header row")
        columns: dict[int, str] = {}
        for i, title in enumerate(header[place + 1 :], place + 1):
            if re.search(r"(Current|Final|Override) (Score|Points|Grade|Status)|Notes", title):
                continue
            known = re.fullmatch(r".*\((\d+)\)", title)
            by_title = [one for one, name in self.assignments.items() if name == title]
            if known and known[1] in self.assignments:
                columns[i] = known[1]
            elif by_title:
                columns[i] = by_title[0]
            else:
                self.invented.append(title)
        for row in rows:
            if "Points Possible" in row[0]:
                columns = {i: one for i, one in columns.items() if "(read only)" not in row[i]}
            elif not any(cell in ("Muted", "Manual Posting") for cell in row):
                self._student(dict(zip(header, row, strict=True)), row, columns)

    def _student(self, known: dict[str, str], row: list[str], columns: dict[int, str]) -> None:
        tests = (
            lambda user: user.id == known["ID"],
            lambda user: bool(user.sis) and user.sis == known.get("SIS User ID"),
            lambda user: bool(user.login) and user.login == known.get("SIS Login ID"),
            lambda user: user.name == known["Student"],
        )
        user = next((user for test in tests for user in self.users if test(user)), None)
        if user is None:
            self.strangers.append(known["Student"])
            return
        for i, assignment in columns.items():
            cell = row[i].strip()
            if cell in ("", "-"):
                continue
            self.grades[user.id, assignment] = "EX" if cell.upper() == "EX" else f"{_decimal(cell):.2f}"


def _decimal(cell: str) -> float:
    """Canvas' numbers: the last sign of all is before the decimals."""
    if not re.fullmatch(r"-?[0-9.,]+", cell):
        raise Refused(f"no number: {cell}")
    *whole, last = re.split(r"[.,]", cell)
    return float(f"{''.join(whole)}.{last}" if whole else last)


@dataclass(frozen=True)
class Words:
    """What a Moodle site calls things, in its language: the upload looks for exactly these."""

    identifier: str
    grade: str
    modified: str
    participant: str
    decimal: str = "."


ENGLISH = Words("Identifier", "Grade", "Last modified (grade)", "Participant ")
GERMAN = Words("ID", "Bewertung", "Zuletzt geändert (Bewertung)", "Teilnehmer/in ", ",")
KOREAN = Words("식별자", "성적", "최종 수정일 (성적)", "참가자 ")
FINNISH = Words(
    "Tunniste", "Arvosana", "Viimeksi muokattu (arvosana)", "Osallistuja", ","
)  # no blank before the number


def moodle_upload(text: str, site: Words, participants: Mapping[str, float | None], maximum: float) -> dict[str, float]:
    """Import a grading worksheet; the new grades by participant.

    Args:
        text: of the file.
        site: its words.
        participants: present grade by number.
        maximum: of the assignment.
    """
    header, *rows = csv.reader(io.StringIO(text.removeprefix(BOM)))
    if missing := {site.identifier, site.grade, site.modified} - set(header):
        raise Refused(f"no column {missing}")
    who, grade = header.index(site.identifier), header.index(site.grade)
    changed = {}
    for row in rows:
        number = row[who][len(site.participant) :]
        cell = row[grade].strip().replace(site.decimal, ".")
        if number not in participants or cell in ("", "-"):
            continue
        if 0 <= float(cell) <= maximum and float(cell) != participants[number]:
            changed[number] = float(cell)
    return changed


def moodle_feedback(archive: bytes, participants: set[str], old: bool = False) -> dict[str, tuple[str, str]]:
    """Import a zip of feedback files: name and content by participant.

    Args:
        archive: the zip.
        participants: numbers.
        old: as Moodle before 4.1.
    """
    found = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        for name in files.namelist():
            parts = name.split("/")
            if parts[-1].startswith((".", "~")):
                continue
            while parts:
                info = parts.pop(0).split("_", 4)
                if len(info) < (5 if old else 4) or info[1] not in participants:
                    continue
                if info[2:4] != ["assignfeedback", "file"]:
                    continue
                rest = "/".join([*info[4:], *parts]).strip("/")
                found[info[1]] = rest, files.read(name).decode()
                break
    return found
