"""`goodfit grade` leaves gradebook and autograded/ as nbgrader's own autograde would: row for row, byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from gradebooks import files, rows
from nbgrader.apps import NbGraderAPI
from nbgrader.utils import temp_attrs

from goodfit.course import nbgrader_plugins
from goodfit.course.course import Course
from goodfit.grading.pool import Graders

Class = Any  # conftest.py's


def autograde(course: Path) -> None:
    """What `nbgrader autograde tiny` does, in this process."""
    api = NbGraderAPI(config=Course(course).config)
    api.coursedir.root = str(course)
    with temp_attrs(api.coursedir, db_url=f"sqlite:///{course}/gradebook.db"):
        done = api.autograde("tiny", "*", force=True, create=True)
    assert done["success"], done


def test_the_same_rows_and_files(handed_in: Class, graders: Graders, tmp_path: Path, monkeypatch: Any) -> None:
    """A score given by hand, a late one, one with files, nothing, a broken file: recorded twice, by both."""
    other = Path(shutil.copytree(handed_in.folder, tmp_path / "other"))
    monkeypatch.setattr(nbgrader_plugins, "_serving", lambda *_: (graders.tier, graders.server))
    code, said = handed_in.goodfit("grade", "tiny", "--jobs", "1", "--force")
    assert code == 1, said  # eva's needs a human
    autograde(other)
    ours, theirs = rows(handed_in.url), rows(f"sqlite:///{other}/gradebook.db")
    for table, found in theirs.items():
        assert ours[table] == found, table
    assert ("ada", "why", None, 2.0, 0.5, 1) in theirs["grade"]
    assert [row for row in theirs["notebook"] if row[2]] == [("cem", "tiny", pytest.approx(0.2))]
    ours, theirs = files(handed_in.folder), files(other)
    assert sorted(ours) == sorted(theirs)
    for name, found in theirs.items():
        assert ours[name] == found, name
    assert "cem/tiny/notes/read me.txt" in theirs
    assert "cem/tiny/notes/scratch.tmp" not in theirs
    assert b"Output truncated" in theirs["cem/tiny/tiny.ipynb"][0]


def test_killed_before_the_end_of_a_transaction_nothing_is_there(handed_in: Class, monkeypatch: Any) -> None:
    """All of a student's rows or none: what breaks in the midst of recording leaves the gradebook as it was."""
    before = rows(handed_in.url)

    def broken(*_: Any) -> None:
        raise ZeroDivisionError("in a plugin of the course")

    monkeypatch.setattr("goodfit.course.recording.save_scores", broken)
    code, said = handed_in.goodfit("grade", "tiny", "--jobs", "1", "--student", "cem")
    assert code == 1
    assert "The result of cem could not be recorded: ZeroDivisionError" in said
    assert rows(handed_in.url) == before
