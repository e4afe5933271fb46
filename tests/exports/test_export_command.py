"""`goodfit export`: from a real gradebook to files."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from goodfit.cli import app as cli

NAMES = {
    "ada": {"last_name": "Lovelace; Ada, \"Countess\"\nof", "first_name": "김철수", "email": "ada@x.org"},
    "=cmd|' /C calc'!A1": {"last_name": "+1", "first_name": "\t@SUM(1)", "email": "-x"},
    "bo": {"last_name": "Bo"},
    "never": {"last_name": "Never"},
}  # fmt: skip


@pytest.fixture
def folder(course: Path) -> Path:
    """A course where ada is graded by hand and by machine, bo has a check of ours that broke, and a name is hostile."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        book.add_assignment("tiny", duedate="2026-03-02 12:00 UTC")
        book.add_notebook("tiny", "tiny")
        for name, points in (("why", 2), ("mean", 5), ("add", 3)):  # not in the notebook's order
            book.add_grade_cell(name, "tiny", "tiny", max_score=points, cell_type="code")
        for student, words in NAMES.items():
            book.add_student(student, **words)
            if student == "never":
                continue
            given = book.add_submission("tiny", student, timestamp="2026-03-02 13:00 UTC")
            (notebook,) = given.notebooks
            notebook.late_submission_penalty = 0.5
            for grade in notebook.grades:
                grade.auto_score = None if (student, grade.name) == ("bo", "mean") else 1 / 3
                grade.needs_manual_grade = grade.auto_score is None
                if (student, grade.name) == ("ada", "why"):
                    grade.manual_score, grade.extra_credit = 1.5, 0.25
        book.db.commit()
    return course


def run(folder: Path, *words: str, code: int = 0) -> tuple[bytes, str]:
    """The command's output and what it says besides."""
    done = CliRunner().invoke(
        cli.app, ["export", "tiny", *words, "--course", str(folder)], catch_exceptions=False, env={"LANG": "C"}
    )
    assert done.exit_code == code, done.output
    return done.stdout_bytes, " ".join(done.stderr.split())


def test_a_table(folder: Path) -> None:
    """Names come back as they are, formulas do nothing, and what nobody has decided is empty, not 0."""
    content, said = run(folder)
    rows = {row["student_id"]: row for row in csv.DictReader(io.StringIO(content.decode(), newline=""))}
    assert list(rows["ada"]) == [
        "student_id", "last_name", "first_name", "email", "add", "mean", "why",
        "points", "late_penalty", "total", "max_points", "handed_in", "seconds_late", "needs_manual",
    ]  # fmt: skip
    assert list(rows["ada"].values())[1:] == [
        NAMES["ada"]["last_name"], "김철수", "ada@x.org", "0.33", "0.33", "1.75",
        "2.42", "0.5", "1.92", "10", "2026-03-02 13:00:00", "3600", "no",
    ]  # fmt: skip
    assert (rows["bo"]["mean"], rows["bo"]["needs_manual"]) == ("", "yes")
    assert (rows["never"]["total"], rows["never"]["add"], rows["never"]["max_points"]) == ("", "", "10")
    assert not [cell for row in rows.values() for cell in row.values() if cell[:1] in tuple("=+-@\t\r")]
    assert "may still change: bo." in said


def test_json(folder: Path) -> None:
    content, _ = run(folder, "--to", "json")
    found = json.loads(content)
    assert (found["assignment"], found["max_points"]) == ("tiny", 10)
    assert [one["id"] for one in found["exercises"]] == ["add", "mean", "why"]
    people = {one["id"]: one for one in found["students"]}
    assert people["ada"]["total"] == pytest.approx(1.75 + 2 / 3 - 0.5)
    assert people["bo"]["points"]["mean"] is None
    assert people["never"]["handed_in"] is False
    assert "total" not in people["never"]
    assert people["ada"]["timestamp"] == "2026-03-02T13:00:00Z"


def test_names_from_a_table(folder: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("Student ID;Name;E-Mail\nADA;Ada Maria Lovelace;\nbo;Bo, Jo;bo@x.org\n", encoding="utf-8-sig")
    content, _ = run(folder, "--names", str(names))
    rows = {row["student_id"]: row for row in csv.DictReader(io.StringIO(content.decode(), newline=""))}
    assert list(rows["ada"].values())[1:4] == ["Lovelace", "Ada Maria", "ada@x.org"]
    assert list(rows["bo"].values())[1:4] == ["Bo", "Jo", "bo@x.org"]
    names.write_text("id,name\nada,A\nada,B\n")
    assert "has the id ada twice" in run(folder, "--names", str(names), code=2)[1]
    names.write_text("number,shoe\n1,2\n")
    assert "needs a line of headers" in run(folder, "--names", str(names), code=2)[1]


def test_a_worksheet_and_its_feedback(folder: Path, tmp_path: Path) -> None:
    """What could not be settled: exit code 1, and the file is written all the same. The download stays as it is."""
    sheet, filled, pages = tmp_path / "sheet.csv", tmp_path / "filled.csv", tmp_path / "pages.zip"
    before = "\ufeffIdentifier,Full name,Email address,Grade,Maximum Grade\n" + "".join(
        f"Participant {i},{name},{name}@x.org,,10.00\n" for i, name in enumerate(("ada", "Zoe", "Never"), 1)
    )
    sheet.write_text(before, encoding="utf-8")
    (folder / "feedback" / "ada" / "tiny").mkdir(parents=True)
    (folder / "feedback" / "ada" / "tiny" / "tiny.html").write_text("well done")
    words = ("--to", "moodle", "--into", str(sheet), "--output", str(filled), "--feedback", str(pages))
    _, said = run(folder, *words, code=1)
    assert "In the gradebook, but not in the file: =cmd|' /C calc'!A1, bo." in said
    assert "In the file, but not in the gradebook: Zoe 2." in said
    assert "Participant 1,ada,ada@x.org,1.92,10.00\n" in filled.read_text()
    assert sheet.read_text() == before
    assert zipfile.ZipFile(pages).namelist() == ["ada_1_assignfeedback_file_/tiny.html"]
    told = json.loads(run(folder, *words, "--json", code=1)[0])
    assert (told["filled"], len(told["troubles"]), told["output"]) == (["ada"], 2, str(filled))
    _, said = run(folder, "--to", "moodle", "--into", str(sheet), "--output", str(sheet), code=2)
    assert "is what was downloaded" in said
    assert sheet.read_text() == before
    run(folder, "--to", "moodle", "--into", str(sheet), "--output", str(sheet), "--overwrite", code=1)
    assert ",1.92," in sheet.read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--to", "canvas"), "name that file with --into"),
        (("--into", "nbgrader_config.py"), "--into is for canvas and moodle"),
        (("--feedback", "x.zip"), "--feedback is for moodle"),
        (("--json",), "--json needs --output"),
    ],
)
def test_words_that_do_not_fit(
    folder: Path, words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert said in run(folder, *words, code=2)[1].replace("│", "").replace("  ", " ")


def test_nothing_graded_yet(course: Path) -> None:
    assert "Nothing of tiny is graded yet" in run(course, code=2)[1]
