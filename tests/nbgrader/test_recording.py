"""`goodfit grade` leaves gradebook and autograded/ as nbgrader's own autograde would: row for row, byte for byte."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.utils import temp_attrs

from goodfit.course import nbgrader_plugins
from goodfit.course.course import Course
from goodfit.grading.pool import Graders

Submit = Callable[..., bytes]
Class = Any  # conftest.py's

SETTINGS = """
import nbgrader.plugins
class TenPercent(nbgrader.plugins.LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 0.1 * score
c.AssignLatePenalties.plugin_class = TenPercent
c.LimitOutput.max_lines = 5
c.ClearMetadataPreprocessor.enabled = True
c.ClearMetadataPreprocessor.preserve_cell_metadata_mask = {"nbgrader"}
c.Autograde.exclude_overwriting = {"tiny": ["data/points.npz"]}
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "*.tmp", "__pycache__"]
"""
ROWS = {  # by names in the place of ids, which are drawn at random
    "student": "SELECT id, first_name, last_name, email, lms_user_id FROM student",
    "submission": """SELECT student_id, assignment.name, timestamp, extension FROM submitted_assignment
        JOIN assignment ON assignment.id = assignment_id""",
    "notebook": """SELECT student_id, notebook.name, late_submission_penalty FROM submitted_notebook
        JOIN notebook ON notebook.id = notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id""",
    "grade": """SELECT student_id, base_cell.name, auto_score, manual_score, extra_credit, needs_manual_grade FROM grade
        JOIN base_cell ON base_cell.id = cell_id
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id""",
    "comment": """SELECT student_id, base_cell.name, auto_comment, manual_comment FROM comment
        JOIN base_cell ON base_cell.id = cell_id
        JOIN submitted_notebook ON submitted_notebook.id = comment.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id""",
    "cell": "SELECT base_cell.name, type FROM base_cell",
}


def rows(course: Path) -> dict[str, list[Any]]:
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as database:
        return {name: sorted(database.execute(query).fetchall(), key=repr) for name, query in ROWS.items()}


def files(course: Path) -> dict[str, tuple[bytes, int]]:
    """Content and permissions of every file below autograded/."""
    root = course / "autograded"
    found = {}
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        found[str(path.relative_to(root))] = (path.read_bytes(), path.stat().st_mode)
    return found


def autograde(course: Path) -> None:
    """What `nbgrader autograde tiny` does, in this process."""
    api = NbGraderAPI(config=Course(course).config)
    api.coursedir.root = str(course)
    with temp_attrs(api.coursedir, db_url=f"sqlite:///{course}/gradebook.db"):
        done = api.autograde("tiny", "*", force=True, create=True)
    assert done["success"], done


@pytest.fixture
def handed_in(graded: Class, submit: Submit) -> Class:
    """The graded class (ada has a manual score), with settings that count, and submissions of every kind."""
    graded.settings(SETTINGS)
    graded.sql("UPDATE assignment SET duedate = '2026-03-01 12:00:00.000000'")
    talking = "for i in range(40):\n    print(i)"
    notebooks = {
        "ada": submit({"why": "It moves, and far."}),
        "cem": submit({"add-answer": "def add(a, b):\n    return 0"}, after={"add-answer": talking}),
        "dao": submit({"why": "YOUR ANSWER HERE"}),
        "eva": b"no notebook",
        "fay": submit(edit=lambda notebook: notebook.cells.insert(3, nbformat.v4.new_code_cell("1 / 0"))),
    }
    for student, notebook in notebooks.items():
        folder = graded.folder / "submitted" / student / "tiny"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tiny.ipynb").write_bytes(notebook)
    late = graded.folder / "submitted" / "cem" / "tiny"
    (late / "timestamp.txt").write_text("2026-03-02 11:00:00.000000 UTC")
    (late / "notes").mkdir()
    for name in ("helpers.py", "notes/read me.txt", "notes/scratch.tmp"):
        (late / name).write_text("what was handed in")
    return graded


def test_the_same_rows_and_files(handed_in: Class, graders: Graders, tmp_path: Path, monkeypatch: Any) -> None:
    """A score given by hand, a late one, one with files, nothing, a broken file: recorded twice, by both."""
    other = Path(shutil.copytree(handed_in.folder, tmp_path / "other"))
    monkeypatch.setattr(nbgrader_plugins, "_serving", lambda _: (graders.tier, graders.server))
    code, said = handed_in.goodfit("grade", "tiny", "--jobs", "1", "--force")
    assert code == 1, said  # eva's needs a human
    autograde(other)
    ours, theirs = rows(handed_in.folder), rows(other)
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
    before = rows(handed_in.folder)

    def broken(*_: Any) -> None:
        raise ZeroDivisionError("in a plugin of the course")

    monkeypatch.setattr("goodfit.course.recording.save_scores", broken)
    code, said = handed_in.goodfit("grade", "tiny", "--jobs", "1", "--student", "cem")
    assert code == 1
    assert "The result of cem could not be recorded: ZeroDivisionError" in said
    assert rows(handed_in.folder) == before
