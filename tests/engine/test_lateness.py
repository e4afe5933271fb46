"""When a submission came: time zones, how late in words, and a due date that moves."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest
from nbgrader.api import Gradebook

from goodfit.notebooks.lateness import late_in_words, moment
from goodfit.notebooks.submission import read_submission

Class = Any  # of conftest.py
DUE = datetime(2026, 3, 2, 12, 0)
NOON = datetime(2026, 3, 2, 12, 10)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2026-03-02 12:10:00 UTC", 0),
        ("2026-03-02 12:10:00", 0),
        ("2026-03-02T12:10:00Z\n", 0),
        ("20260302T121000", 0),
        ("2 March 2026 12:10 PM", 0),
        ("\ufeff2026-03-02 12:10:00.000000 UTC", 0),
        ("2026-03-02 12:10:00 KST", 9),
        ("2026-03-02T12:10:00 KST", 9),
        ("2026-03-02 12:10:00 Asia/Seoul", 9),
        ("2026-03-02 12:10:00 +0900", 9),  # 900 seconds for nbgrader
        ("2026-03-02 12:10:00 +09:00", 9),  # UTC for nbgrader
        ("2026-03-02T12:10:00+09:00", 9),
        ("2026-03-02 12:10:00 EST", -5),
        ("2026-03-02 12:10:00 America/New_York", -5),
        ("2026-03-02 12:10:00 CET", 1),
        ("2026-07-02 12:10:00 Europe/Berlin", 2),
    ],
)
def test_times_with_zones(text: str, hours: float) -> None:
    """Read as what they say, wherever the machine stands."""
    month = NOON.replace(month=7) if "-07-" in text else NOON
    assert moment(text.encode()) == month - timedelta(hours=hours)


@pytest.mark.parametrize(
    "text",
    [
        "", "\0", "yesterday", "12:10", "10", "2026-13-02 12:10", "2026-03-02 12:10:00 XYZ", "2026-03-02 12:10:00 kst",
        "2026-03-02 12:10:00 IST", "2026-03-02 12:10:00 CST", "2026-03-02 12:10:00 Asia/Nowhere",
        "2026-03-02 12:10:00 ../../etc/passwd", "2026-03-02 12:10:00 GMT+9", "2026-03-02-11-40-05",
        "2026-01-01 00:00:00 99999999999999999999", "0001-01-01 00:00:00", "1 " * 400,
    ],
)  # fmt: skip
def test_what_is_no_time_or_of_an_unknown_zone(text: str, tmp_path: Any) -> None:
    """It is not known then, and said: never taken for UTC."""
    assert moment(text.encode()) is None
    (tmp_path / "tiny.ipynb").write_text("{}")
    (tmp_path / "timestamp.txt").write_text(text)
    submission = read_submission(tmp_path, "tiny.ipynb")
    assert submission.timestamp is None
    assert any("timestamp.txt" in notice and "not known" in notice for notice in submission.notices)


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (timedelta(seconds=0.2), "1 s late"),
        (timedelta(seconds=40), "40 s late"),
        (timedelta(minutes=10), "10 min late"),
        (timedelta(minutes=59, seconds=59), "59 min late"),
        (timedelta(hours=6), "6 h late"),
        (timedelta(hours=5, minutes=20, seconds=30), "5 h 20 min late"),
        (timedelta(days=2, hours=3, minutes=7), "2 d 3 h late"),
        (timedelta(days=1), "1 d late"),
    ],
)
def test_in_words(late: timedelta, words: str) -> None:
    assert late_in_words(late.total_seconds()) == words


def set_due(graded: Class, due: datetime | None) -> None:
    with Gradebook(f"sqlite:///{graded.gradebook}") as book:
        book.update_or_create_assignment("tiny", duedate=due)


def penalties(graded: Class) -> dict[str, float | None]:
    return dict(
        graded.sql(
            "SELECT student_id, late_submission_penalty FROM submitted_notebook "
            "JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id"
        )
    )


def hand_in_at(graded: Class, time: str) -> None:
    (graded.folder / "submitted" / "ada" / "tiny" / "timestamp.txt").write_text(time)


def test_minutes_late(graded: Class) -> None:
    set_due(graded, DUE)
    hand_in_at(graded, "2026-03-02 12:10:00 UTC")
    code, said = graded.goodfit("grade", "tiny")
    assert code == 0
    assert "10 min late" in said
    hand_in_at(graded, "2026-03-02 21:00:30 KST")
    assert "30 s late" in graded.goodfit("grade", "tiny")[1]
    hand_in_at(graded, "2026-03-02 23:00:00 XYZ")  # the time known before is not that of this submission
    assert "late" not in graded.goodfit("grade", "tiny")[1].replace("lately", "")
    assert graded.sql("SELECT timestamp FROM submitted_assignment WHERE student_id = 'ada'") == [(None,)]


def test_a_due_date_that_moves_counts_at_the_next_run(graded: Class) -> None:
    """So do an extension, a manual score and the late rule; no cell graded by hand is marked for another look."""
    graded.settings("c.LateSubmissionPlugin.penalty_method = 'zero'")
    hand_in_at(graded, "2026-03-02 12:10:00 UTC")
    set_due(graded, DUE + timedelta(hours=1))
    assert graded.goodfit("grade", "tiny")[0] == 0
    assert penalties(graded) == {"ada": None, "bo": None}
    graded.sql("UPDATE grade SET needs_manual_grade = 0")  # a TA has looked

    set_due(graded, DUE)
    code, said = graded.goodfit("grade", "tiny")
    assert (code, "10 min late" in said, "(unchanged)" in said) == (0, True, True)
    assert penalties(graded) == {"ada": 7.5, "bo": None}  # 5 from checks, 2 and an extra half by hand
    graded.sql("UPDATE grade SET manual_score = 1 WHERE manual_score = 2")
    assert graded.goodfit("grade", "tiny")[0] == 0
    assert penalties(graded) == {"ada": 6.5, "bo": None}

    with Gradebook(f"sqlite:///{graded.gradebook}") as book:
        book.grant_extension("tiny", "ada", hours=2)
    assert "late" not in graded.goodfit("grade", "tiny")[1]
    assert penalties(graded) == {"ada": None, "bo": None}
    with Gradebook(f"sqlite:///{graded.gradebook}") as book:
        book.grant_extension("tiny", "ada")
    assert graded.goodfit("grade", "tiny")[0] == 0
    assert penalties(graded) == {"ada": 6.5, "bo": None}
    graded.settings("c.LateSubmissionPlugin.penalty_method = 'none'")
    assert graded.goodfit("grade", "tiny")[0] == 0
    assert penalties(graded) == {"ada": None, "bo": None}
    assert graded.sql("SELECT count(*) FROM grade WHERE needs_manual_grade") == [(0,)]


def test_an_idle_run_writes_nothing(graded: Class) -> None:
    """Nobody late, nothing changed: not a byte of the gradebook, nor a copy of it."""
    set_due(graded, DUE)
    hand_in_at(graded, "2026-03-02 12:10:00 UTC")
    assert graded.goodfit("grade", "tiny")[0] == 0
    before, copies = graded.gradebook.read_bytes(), graded.backups()
    assert graded.goodfit("grade", "tiny")[0] == 0
    assert graded.gradebook.read_bytes() == before
    assert graded.backups() == copies
    with closing(sqlite3.connect(graded.gradebook)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
