"""Scores in Canvas' gradebook: read back by Canvas' own rules."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from pathlib import Path

import pytest
from importers import CanvasCourse, CanvasUser

from goodfit.course.scores import Scores
from goodfit.exports import canvas
from goodfit.exports.merge import Choice, Merged
from goodfit.exports.table import ExportError, Table

USERS = [
    CanvasUser("1001", "Lovelace, Ada", "s-1001", "ada@x.org"),
    CanvasUser("1002", "김, 철수", "s-1002", "k2"),
    CanvasUser("1003", "Kim, Minsu", "s-1003", "k3"),
    CanvasUser("1004", "Kim, Minsu", "s-1004", "k4"),
    CanvasUser("1005", "Müller_Lüdenscheidt, Jörg", "s-1005", "jm"),
    CanvasUser("1006", "Ting, Wai", "s-1006", "wait"),
    CanvasUser("1007", "One, No", "s-1007", "none"),
    CanvasUser("1008", "=HYPERLINK(1), Eve", "s-1008", "eve"),
]
FILE = """\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Other (51),tiny (52),Tiny again (53),Final Score
    Manual Posting,,,,,,,Manual Posting,,
    Points Possible,,,,,,5.00,10.00,10,(read only)
"Lovelace, Ada",1001,s-1001,ada@x.org,"One, and Two",likes; semicolons,4.5,,,90
"김, 철수",1002,s-1002,k2,One,,,,,
"Kim, Minsu",1003,s-1003,k3,One,,,1.5,,
"Kim, Minsu",1004,s-1004,k4,One,,,,,
"Müller_Lüdenscheidt, Jörg",1005,s-1005,jm,One,,,EX,,
"Ting, Wai",1006,s-1006,wait,One,,,2,,
"One, No",1007,s-1007,none,One,,,,,
"=HYPERLINK(1), Eve",1008,s-1008,eve,One,,3,,,
"Student, Test",1099,,,One,,,,,
"""
NEW = {("1001", "52"): "7.50", ("1002", "52"): "9.00", ("1003", "52"): "6.00", ("1004", "52"): "3.00"}
OLD = {("1001", "51"): "4.50", ("1008", "51"): "3.00", ("1006", "52"): "2.00", ("1005", "52"): "EX"}


def merge(path: Path, text: str, scores: Scores, choice: Choice = Choice()) -> Merged:  # noqa: B008 - frozen
    path.write_bytes(text.encode())
    return canvas.merge(Table.read(path), scores, choice)


def uploaded(text: str) -> CanvasCourse:
    course = CanvasCourse(USERS, {"51": "Other", "52": "tiny", "53": "Tiny again"})
    course.upload(text)
    return course


def semicolons(text: str) -> str:
    """The same as Canvas writes it for a language with decimal commas."""
    page = io.StringIO()
    table = csv.writer(page, delimiter=";", lineterminator="\r\n")
    for row in csv.reader(io.StringIO(text)):
        table.writerow([re.sub(r"^(\d+)\.(\d+)$", r"\1,\2", cell) for cell in row])
    return "\ufeff" + page.getvalue()


@pytest.mark.parametrize("written", [lambda text: text, semicolons], ids=["commas", "semicolons"])
def test_what_canvas_reads(tmp_path: Path, scores: Scores, written: object) -> None:
    """The scores arrive; nothing else changes: other columns, points, excused and absent students."""
    before = written(FILE)  # type: ignore[operator]
    merged = merge(tmp_path / "canvas.csv", before, scores)
    course = uploaded(merged.table.text())
    assert course.grades == NEW | OLD
    assert (course.invented, course.strangers) == ([], ["Student, Test"])
    assert uploaded(before).grades == OLD | {("1003", "52"): "1.50"}
    place = merged.table.header.index("tiny (52)")
    again = Table.read(tmp_path / "canvas.csv")
    for was, now in zip(again.rows, merged.table.rows, strict=True):
        assert was[:place] + was[place + 1 :] == now[:place] + now[place + 1 :]
    assert merged.table.text().startswith("\ufeff") == before.startswith("\ufeff")
    assert ("\r\n" in merged.table.text()) == ("\r\n" in before)
    ada = merged.table.rows[2][place]
    assert ada == ("7,5" if ";" in before.splitlines()[0] else "7.5")


def test_who_is_left_out_is_told(tmp_path: Path, scores: Scores) -> None:
    scores.students.append(dataclasses.replace(scores.students[0], student="zoe", who=type(scores.students[0].who)()))  # type: ignore[attr-defined]
    merged = merge(tmp_path / "canvas.csv", FILE, scores)
    assert merged.troubles == [
        "In the gradebook, but not in the file: zoe.",
        "In the file, but not in the gradebook: =HYPERLINK(1), Eve 1008.",
    ]
    told = " ".join(merged.notices)
    assert "Waiting for manual grading" in told
    assert "wait." in told
    assert "Handed in nothing, and left as they are: none." in told
    assert "Excused, and left so: oma." in told
    all_in = merge(tmp_path / "canvas.csv", FILE, scores, Choice(unfinished=True))
    assert uploaded(all_in.table.text()).grades["1006", "52"] == "4.00"


def test_two_of_a_name_are_never_guessed(tmp_path: Path, scores: Scores) -> None:
    """Without ids, neither gets the other's score; one of them known does not give the other away."""
    for known in ({}, {"min1": "1003"}):
        students = [
            dataclasses.replace(one, who=dataclasses.replace(one.who, lms_id=known.get(one.student, "")))
            for one in scores.students
        ]
        merged = merge(tmp_path / "canvas.csv", FILE, dataclasses.replace(scores, students=students))
        grades = uploaded(merged.table.text()).grades
        assert grades["1003", "52"] == ("6.00" if known else "1.50")  # what was there
        assert ("1004", "52") not in grades
        assert any("have the name of Kim, Minsu" in trouble for trouble in merged.troubles)


def test_an_id_that_means_two_is_not_guessed(tmp_path: Path, scores: Scores) -> None:
    """One student's folder is called as the Canvas id of another row."""
    students = [dataclasses.replace(scores.students[2], student="s-1004"), *scores.students[3:]]
    merged = merge(tmp_path / "canvas.csv", FILE, dataclasses.replace(scores, students=students))
    assert ("1004", "52") not in uploaded(merged.table.text()).grades
    assert any("more than one has an id of that row" in trouble for trouble in merged.troubles)
    students = [dataclasses.replace(scores.students[0], student="1003"), *scores.students[4:]]
    merged = merge(tmp_path / "canvas.csv", FILE, dataclasses.replace(scores, students=students))
    assert uploaded(merged.table.text()).grades["1003", "52"] == "1.50"
    assert any("an id of each is the same" in trouble for trouble in merged.troubles)


@pytest.mark.parametrize("column", ["Tiny again", "Tiny again (53)", "53"])
def test_a_column_by_name_or_id(tmp_path: Path, scores: Scores, column: str) -> None:
    grades = uploaded(merge(tmp_path / "c.csv", FILE, scores, Choice(column)).table.text()).grades
    assert grades["1001", "53"] == "7.50"
    assert ("1001", "52") not in grades


@pytest.mark.parametrize(
    ("change", "choice", "said"),
    [
        (("tiny (52)", "Sheet 1 (52)"), Choice(), "There are: “Other (51)”, “Sheet 1 (52)”, “Tiny again (53)”"),
        (("Tiny again (53)", "tiny (53)"), Choice(), "Several assignments are called “tiny”"),
        (("5.00,10.00", "5.00,20.00"), Choice(), "is worth 20 points, and tiny 10"),
        (("5.00,10.00", "5.00,10 (read only)"), Choice(), "ignores what is imported"),
        (("Student,ID", "Name,ID"), Choice(), "not Canvas' gradebook"),
        (("Student,ID", "Student,Number"), Choice(), "no column “ID”"),
    ],
)
def test_what_does_not_fit_is_told(
    tmp_path: Path, scores: Scores, change: tuple[str, str], choice: Choice, said: str
) -> None:
    with pytest.raises(ExportError, match=r"^[^\n]*$") as refused:
        merge(tmp_path / "canvas.csv", FILE.replace(*change), scores, choice)
    assert said in str(refused.value)


def test_scores_are_stretched_when_asked_for(tmp_path: Path, scores: Scores) -> None:
    text = FILE.replace("5.00,10.00", "5.00,20.00")
    merged = merge(tmp_path / "canvas.csv", text, scores, Choice(scale=True))
    assert uploaded(merged.table.text()).grades["1001", "52"] == "15.00"


def test_a_file_that_is_no_table(tmp_path: Path, scores: Scores) -> None:
    for content, said in ((b"\xb1\xe8,\xc3\xb6\n", "UTF-8"), (b"", "no columns"), (b'a,"b\nc', "not a table that can")):
        (tmp_path / "odd.csv").write_bytes(content)
        with pytest.raises(ExportError, match=said):
            Table.read(tmp_path / "odd.csv")
