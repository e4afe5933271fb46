"""`nbgrader export` writes a table that other programs read back."""

from __future__ import annotations

import csv
import io
import os
import subprocess
from typing import Any

import pytest
from nbgrader.api import Gradebook

from goodfit.course.export import COLUMNS, as_text

Class = Any  # of conftest.py
NAMES = {
    "never": {"last_name": "Smith, Jr.", "first_name": 'Pat "Patty"', "email": "pat@x.org"},
    "O'Brien, Pat": {"last_name": "O'Brien\nof Cork", "first_name": "김철수"},
    "=cmd|' /C calc'!A1": {"last_name": "+1", "first_name": "@SUM(1)", "email": "-x"},
}


def export(graded: Class, *words: str) -> str:
    command = ["nbgrader", "export", *words]
    done = subprocess.run(command, cwd=graded.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_table_is_read_back(graded: Class) -> None:
    """Commas, quotes, line ends and letters of any language; a student who handed in nothing; scores as numbers."""
    with Gradebook(f"sqlite:///{graded.gradebook}") as book:
        for student, fields in NAMES.items():
            book.add_student(student, **fields)
    export(graded)
    with open(graded.folder / "grades.csv", encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert {len(line) for line in lines} == {11}
    assert tuple(lines[0]) == COLUMNS
    rows = {line[3]: dict(zip(COLUMNS, line, strict=True)) for line in lines[1:]}
    assert len(rows) == 5
    assert (rows["ada"]["score"], rows["ada"]["max_score"]) == ("7.5", "9.0")
    assert rows["bo"]["score"] == "5.0"
    assert (rows["never"]["last_name"], rows["never"]["first_name"]) == ("Smith, Jr.", 'Pat "Patty"')
    assert rows["never"]["timestamp"] == ""
    assert rows["O'Brien, Pat"]["last_name"] == "O'Brien\nof Cork"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows.values() for cell in row.values())
    (formula,) = [row for row in rows.values() if row["last_name"] == "'+1"]
    assert formula["student_id"] == "'=cmd|' /C calc'!A1"
    chosen = list(csv.reader(io.StringIO(export(graded, "--to=/dev/stdout", "--student=['ada','never']"))))
    assert [line[3] for line in chosen[1:]] in (["ada", "never"], ["never", "ada"])


def test_stdout_that_goes_into_a_file_is_appended_to(graded: Class) -> None:
    """A shell's `>> file` makes a regular file of /dev/stdout, which must not be replaced by the table."""
    there = graded.folder / "all.csv"
    there.write_text("before\n")
    command = ["nbgrader", "export", "--to=/dev/stdout"]
    with open(there, "a") as file:
        subprocess.run(command, cwd=graded.folder, stdout=file, stderr=subprocess.DEVNULL, check=True)
    before, *lines = there.read_text().splitlines()
    assert (before, lines[0].split(",")[0], len(lines)) == ("before", "assignment", 3)
    assert os.path.islink("/dev/stdout")


@pytest.mark.parametrize(
    ("name", "shown"), [("-", "'-"), ("=1+1", "'=1+1"), ("＝1", "'＝1"), ("a=b", "a=b"), (None, "")]
)
def test_formulas(name: str, shown: str) -> None:
    assert as_text(name) == shown
