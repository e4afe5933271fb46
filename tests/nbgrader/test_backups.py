"""Copies of the gradebook, the way back, and what else is written over."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from gradebooks import damage_a_page, locked

from goodfit.cli import app as cli
from goodfit.course import backups
from goodfit.course.course import Course

Submit = Callable[..., bytes]
Class = Any  # conftest.py's


def test_copies_of_one_second_stay_in_order(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More copies in one second than are kept: the newest stay, also when its clock is set back."""
    gradebook, folder = course / "gradebook.db", tmp_path / "copies"

    def state(path: Path) -> list[Any]:
        with contextlib.closing(sqlite3.connect(path)) as database:
            return database.execute("SELECT number FROM state").fetchall()

    second = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    clock = type("clock", (datetime,), {"now": classmethod(lambda _, zone: second)})
    monkeypatch.setattr(backups, "datetime", clock)
    with contextlib.closing(sqlite3.connect(gradebook, isolation_level=None)) as database:
        database.execute("CREATE TABLE state (number)")
        for number in range(25):
            database.execute("DELETE FROM state")
            database.execute("INSERT INTO state VALUES (?)", (number,))
            assert state(backups.save(gradebook, folder)) == [(number,)]
        assert [state(copy) for copy in backups.copies(folder)] == [[(n,)] for n in range(24, 14, -1)]
        second -= timedelta(hours=1)
        database.execute("UPDATE state SET number = 99")
        assert state(backups.save(gradebook, folder)) == [(99,)]


def test_copies_are_made_before_something_is_written(graded: Class) -> None:
    """One for each run that writes, the last ten of these kept; copies made by hand stay; an idle run makes none."""
    assert graded.goodfit("grade", "tiny")[0] == 0
    assert graded.backups() == []  # the gradebook was new, and then nothing was written
    assert graded.goodfit("backup")[0] == 0
    for number in range(12):
        graded.sql(f"UPDATE grade SET extra_credit = {number} WHERE manual_score = 2")
        Course(graded.folder).before_writing()
    assert graded.goodfit("grade", "tiny", "--student", "ada", "--force")[0] == 0
    names = graded.backups()
    assert len([n for n in names if "by-hand" not in n]) == 10
    assert len(names) == 11
    with contextlib.closing(
        sqlite3.connect(graded.folder / ".goodfit" / "backups" / names[0])
    ) as newest:  # from before the run
        assert newest.execute(graded.MANUAL).fetchall() == [("ada", "why", 2.0, 11.0)]
    assert graded.goodfit("grade", "tiny")[0] == 0
    assert graded.backups() == names
    assert graded.goodfit("restore")[1].split() == names
    modes = {(graded.folder / ".goodfit" / "backups" / n).stat().st_mode & 0o7 for n in names}
    assert modes == {0}  # students' work: for nobody else


def test_a_restored_gradebook_gets_what_came_after_it(graded: Class, submit: Submit) -> None:
    """The copy is put back into the same file; the next run records what the copy does not have."""
    assert graded.goodfit("backup")[0] == 0
    (copy,) = [name for name in graded.backups() if "by-hand" in name]
    wrong = submit({"mean-answer": "def mean(values):\n    return 0"})
    (graded.folder / "submitted" / "bo" / "tiny" / "tiny.ipynb").write_bytes(wrong)
    assert graded.goodfit("grade", "tiny")[0] == 0
    scores = "SELECT auto_score FROM grade ORDER BY id"
    after, inode = graded.sql(scores), graded.gradebook.stat().st_ino
    graded.sql("UPDATE grade SET manual_score = NULL")
    assert graded.goodfit("restore", copy)[0] == 0
    assert graded.gradebook.stat().st_ino == inode
    graded.assert_kept()
    assert graded.sql(scores) != after
    assert graded.goodfit("grade", "tiny")[0] == 0
    assert graded.sql(scores) == after
    graded.assert_kept()


def test_nothing_is_restored_over_a_gradebook_in_use(graded: Class) -> None:
    """Nor from a copy that is damaged, nor from one that is not there."""
    assert graded.goodfit("backup")[0] == 0
    (copy,) = [name for name in graded.backups() if "by-hand" in name]
    before = graded.gradebook.read_bytes()
    with locked(graded.gradebook, 60, "SELECT 1") as other:
        code, said = graded.goodfit("restore", copy)
        assert (code, f"process {other.pid}" in said) == (1, True)
    assert graded.goodfit("restore", "gradebook-1999.db")[0] == cli.WRONG_USE
    damage_a_page(graded.folder / ".goodfit" / "backups" / copy)
    code, said = graded.goodfit("restore", copy)
    assert (code, "cannot be put back" in said) == (1, True)
    assert graded.gradebook.read_bytes() == before
    graded.assert_kept()


def test_a_database_server_has_its_own_tools(graded: Class) -> None:
    graded.settings("c.CourseDirectory.db_url = 'postgresql://ta:secret@localhost/course'")
    for words in (["backup"], ["restore", "x"]):
        code, said = graded.goodfit(*words)
        assert code == cli.WRONG_USE
        assert "pg_dump" in said
        assert "secret" not in said


def test_a_failing_nbgrader_leaves_the_graded_notebook_and_feedback(
    graded: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    """nbgrader removes its folder before it writes, and again when it fails: it does both beside the real one."""
    assert graded.goodfit("feedback", "tiny")[0] == 0
    files = {
        p: p.read_bytes() for s in ("autograded", "feedback") for p in (graded.folder / s).rglob("*.*") if p.is_file()
    }
    assert len(files) > 3
    (graded.folder / ".goodfit" / "tiny" / "ada.feedback").unlink()
    for converter, words in (("GenerateFeedback", ["feedback", "tiny"]), ("Autograde", ["grade", "tiny", "--force"])):
        monkeypatch.setattr(f"nbgrader.converters.{converter}.set_permissions", lambda *_: 1 / 0)
        code, said = graded.goodfit(*words)
        assert (bool(code), "ZeroDivisionError" in said, "Traceback" in said) == (True, True, False)
    assert {p: p.read_bytes() for p in files} == files
    graded.assert_kept()


def test_a_failing_release_leaves_the_old_one(graded: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    assert graded.goodfit("release", "tiny")[0] == 0
    notebook = graded.folder / "release" / "tiny" / "tiny.ipynb"
    before = notebook.read_bytes()
    monkeypatch.setattr("nbgrader.converters.GenerateAssignment.set_permissions", lambda *_: 1 / 0)
    assert graded.goodfit("release", "tiny")[0] != 0
    assert notebook.read_bytes() == before


@pytest.mark.parametrize("text", [b"", b'{"key": "', b"[]", b'{"key": 1, "bundle": {}}', b"\xff\xfe\x00"])
def test_a_result_that_cannot_be_read_is_made_again(graded: Class, text: bytes) -> None:
    kept = graded.folder / ".goodfit" / "tiny"
    for name in ("ada.json", "bo.recorded", "bo.feedback"):
        (kept / name).write_bytes(text)
    code, said = graded.goodfit("grade", "tiny")
    assert code == 0, said
    assert "ada: 5" in said
    assert graded.goodfit("feedback", "tiny")[0] == 0
    graded.assert_kept()


def test_a_demonstration_is_not_made_in_a_real_course(graded: Class) -> None:
    """It would replace submitted/ and source/."""
    before = sorted(graded.folder.rglob("*"))
    code, said = graded.goodfit("demo", "tiny", "--folder", str(graded.folder))
    assert (code, "choose another folder" in said) == (cli.WRONG_USE, True)
    assert sorted(graded.folder.rglob("*")) == before
