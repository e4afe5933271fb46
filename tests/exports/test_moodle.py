"""Scores in a Moodle assignment's worksheet, feedback in its zip: read back by Moodle's own rules, in any language."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from importers import ENGLISH, FINNISH, GERMAN, KOREAN, Words, moodle_feedback, moodle_upload

from goodfit.course.scores import Scores
from goodfit.exports import moodle
from goodfit.exports.merge import Choice, Merged
from goodfit.exports.table import ExportError, Table

HEADERS = {
    ENGLISH: "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments",
    GERMAN: "ID,Vollständiger Name,ID-Nummer,E-Mail-Adresse,Status,Bewertung,Bestwertung,"
    "Bewertung kann geändert werden,Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),Feedback als Kommentar",
    KOREAN: "식별자,성명,학번,이메일 주소,상태,성적,최대 성적,성적을 변경할 수 있음,"
    "최종 수정일 (제출물),최종 수정일 (성적),피드백",
    FINNISH: "Tunniste,Koko nimi,ID-numero,Sähköposti,Tila,Arvosana,Maksimiarvosana,Voi muuttaa,"
    "Viimeksi muokattu (palautus),Viimeksi muokattu (arvosana),Palautekommentit",
}
ROWS = [
    ("501", "Ada Lovelace", "A1", "ada@x.org", "-"),
    ("502", "김 철수", "1002", "k2@x.org", ""),
    ("503", "Minsu Kim", "1003", "k3@x.org", "1.50"),
    ("504", "Minsu Kim", "s-1004", "k4@x.org", ""),
    ("505", "Jörg Müller_Lüdenscheidt", "A5", "j@x.org", ""),
    ("506", "Wai Ting", "A6", "w@x.org", "2.00"),
    ("507", "No One", "A7", "n@x.org", ""),
    ("508", "=1+1", "A8", "e@x.org", ""),
]
BEFORE = {row[0]: {"1.50": 1.5, "2.00": 2.0}.get(row[4]) for row in ROWS}
NEW = {"501": 7.5, "502": 9.0, "503": 6.0, "504": 3.0, "505": 5.75}


def worksheet(site: Words, most: str = "10.00") -> str:
    def local(cell: str) -> str:
        return f'"{cell.replace(".", ",")}"' if site.decimal == "," and "." in cell else cell

    lines = [
        f'{site.participant}{number},"{name}",{known},{mail},"Submitted, late",{local(grade)},{local(most)},Yes,'
        '"Monday, 2 March 2026, 12:00 PM",-,"=a comment"'
        for number, name, known, mail, grade in ROWS
    ]
    return "\ufeff" + "\n".join([HEADERS[site], *lines]) + "\n"


def merge(path: Path, text: str, scores: Scores, choice: Choice = Choice()) -> Merged:  # noqa: B008 - frozen
    path.write_bytes(text.encode())
    return moodle.merge(Table.read(path), scores, choice)


@pytest.mark.parametrize("site", HEADERS, ids=["english", "german", "korean", "finnish"])
def test_what_moodle_reads(tmp_path: Path, scores: Scores, site: Words) -> None:
    """Grades arrive in every language, one that nobody looked up too; no other cell changes; the BOM stays."""
    before = worksheet(site)
    merged = merge(tmp_path / "sheet.csv", before, scores)
    assert moodle_upload(before, site, BEFORE, 10) == {}
    after = merged.table.text()
    assert moodle_upload(after, site, BEFORE, 10) == NEW
    assert after.startswith("\ufeff" + HEADERS[site].split(",", maxsplit=1)[0])
    sheet = moodle.Worksheet.of(merged.table)
    for was, now in zip(Table.read(tmp_path / "sheet.csv").rows, merged.table.rows, strict=True):
        assert was[: sheet.grade] + was[sheet.grade + 1 :] == now[: sheet.grade] + now[sheet.grade + 1 :]
    assert merged.table.rows[0][sheet.grade] == ("7,5" if site.decimal == "," else "7.5")
    assert merged.troubles == ["In the file, but not in the gradebook: =1+1 508."]


def test_students_known_by_their_participant_number(tmp_path: Path, scores: Scores) -> None:
    """As `zip_collect` names them, also where nobody's name is shown."""
    students = [
        dataclasses.replace(one, student=row[0], who=type(one.who)())
        for one, row in zip(scores.students, ROWS, strict=False)
    ]
    text = "\ufeffIdentifier,Status,Grade,Maximum Grade,Last modified (grade)\n" + "".join(
        f"Participant {row[0]},Submitted,,10.00,-\n" for row in ROWS
    )
    merged = merge(tmp_path / "sheet.csv", text, dataclasses.replace(scores, students=students))
    assert moodle_upload(merged.table.text(), ENGLISH, BEFORE, 10) == NEW


def test_names_do_nothing_on_a_terminal(tmp_path: Path, scores: Scores) -> None:
    merged = merge(tmp_path / "sheet.csv", worksheet(ENGLISH).replace("=1+1", "\x1b]0;title\x07" + "x" * 99), scores)
    (trouble,) = merged.troubles
    assert "\ufffd]0;title\ufffdxxx" in trouble
    assert trouble.isprintable()
    assert len(trouble) < 150


def test_a_name_alone_never_tells_two_apart(tmp_path: Path, scores: Scores) -> None:
    students = [dataclasses.replace(one, who=dataclasses.replace(one.who, lms_id="")) for one in scores.students]
    merged = merge(tmp_path / "sheet.csv", worksheet(KOREAN), dataclasses.replace(scores, students=students))
    assert {"503", "504"}.isdisjoint(moodle_upload(merged.table.text(), KOREAN, BEFORE, 10))
    assert any("Several people have the name of Minsu Kim" in trouble for trouble in merged.troubles)


def test_grades_above_the_highest_would_be_dropped(tmp_path: Path, scores: Scores) -> None:
    """Moodle leaves them out without a word, so points that differ are told here."""
    with pytest.raises(ExportError, match="is worth 5 points, and tiny 10"):
        merge(tmp_path / "sheet.csv", worksheet(GERMAN, "5.00"), scores)
    merged = merge(tmp_path / "sheet.csv", worksheet(GERMAN, "5.00"), scores, Choice(scale=True))
    assert moodle_upload(merged.table.text(), GERMAN, {}.fromkeys(BEFORE), 5)["501"] == 3.75


def test_a_column_that_is_not_clear_is_named(tmp_path: Path, scores: Scores) -> None:
    text = worksheet(FINNISH).replace('"10,00"', "")  # a scale instead of points
    with pytest.raises(ExportError, match=r"--column.*“Arvosana”"):
        merge(tmp_path / "sheet.csv", text, scores)
    merged = merge(tmp_path / "sheet.csv", text, scores, Choice("arvosana"))
    assert merged.filled[0] == "ada"
    with pytest.raises(ExportError, match="No column is called “Note”"):
        merge(tmp_path / "sheet.csv", text, scores, Choice("Note"))
    with pytest.raises(ExportError, match="not a grading worksheet"):
        merge(tmp_path / "sheet.csv", "Name,Grade\nAda,1\nBo,2\n", scores)


@pytest.mark.parametrize("old", [False, True], ids=["moodle 4.1", "moodle 4.0"])
def test_feedback_pages(tmp_path: Path, scores: Scores, old: bool) -> None:
    """Each page goes to its participant, whatever is in the name."""
    path = tmp_path / "ps2_data_splitting.html"
    merged = merge(tmp_path / "sheet.csv", worksheet(ENGLISH).replace("Ada Lovelace", "../_1_Ada/\\Lo: "), scores)
    sheet = moodle.Worksheet.of(merged.table)
    path.write_text("<p>한글</p>")
    archive = moodle.feedback_zip(sheet, dict.fromkeys(merged.filled, path))
    numbers = {row[0] for row in ROWS}
    assert moodle_feedback(archive, numbers, old) == dict.fromkeys(NEW, ("ps2_data_splitting.html", "<p>한글</p>"))
    assert archive == moodle.feedback_zip(sheet, dict.fromkeys(merged.filled, path))
