"""A class for the tests of recording: late, by hand, with files, unreadable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nbformat
import pytest

Submit = Callable[..., bytes]
Class = Any  # the other conftest.py's

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
