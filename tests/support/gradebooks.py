"""What a gradebook holds, and what befalls it."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, DateTime, Interval, create_engine, text

LOCK = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute(sys.argv[2])
print("locked", flush=True)
time.sleep(float(sys.argv[3]))
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
TYPES = {"timestamp": DateTime, "extension": Interval, "needs_manual_grade": Boolean}  # which SQLite does not have


def rows(url: str) -> dict[str, list[Any]]:
    """All that a gradebook says of a class, wherever it is kept."""
    engine = create_engine(url)
    with engine.connect() as database:
        found = {
            name: [tuple(row) for row in database.execute(text(query).columns(**TYPES))] for name, query in ROWS.items()
        }
    engine.dispose()
    return {name: sorted(of_table, key=repr) for name, of_table in found.items()}


def files(course: Path) -> dict[str, tuple[bytes, int]]:
    """Content and permissions of every file below autograded/."""
    root = course / "autograded"
    found = {}
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        found[str(path.relative_to(root))] = (path.read_bytes(), path.stat().st_mode)
    return found


@contextlib.contextmanager
def locked(path: Path, seconds: float, how: str = "BEGIN EXCLUSIVE") -> Iterator[subprocess.Popen[str]]:
    """Another program has the gradebook locked."""
    command = [sys.executable, "-c", LOCK, str(path), how, str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        try:
            yield process
        finally:
            process.kill()


def damage_a_page(gradebook: Path) -> None:
    with contextlib.closing(sqlite3.connect(gradebook)) as database:
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'student'").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    with open(gradebook, "r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)
