"""A class with everything that makes merging hard, without a gradebook."""

from __future__ import annotations

import pytest

from goodfit.course.scores import Exercise, Score, Scores, Who


def score(student: str, total: float, first: str = "", last: str = "", **more: object) -> Score:
    who = Who(first, last, str(more.pop("email", "")), str(more.pop("lms_id", "")))
    settings = {"handed_in": True, "raw": total, "points": {"add": total}, **more}
    return Score(student, who, **settings)  # type: ignore[arg-type]


@pytest.fixture
def scores() -> Scores:
    """Seven students: two of one name, one who waits for a person, one late, one who handed in nothing."""
    students = [
        score("ada", 7.5, "Ada", "Lovelace", email="ada@x.org"),
        score("1002", 9, "김", "철수"),
        score("min1", 6, "Minsu", "Kim", lms_id="1003"),
        score("min2", 3, "Minsu", "Kim", lms_id="s-1004"),
        score("oma", 8, "Jörg", "Müller_Lüdenscheidt", penalty=2.25),
        score("wait", 4, "Wai", "Ting", needs_manual=True),
        score("none", 0, "No", "One", handed_in=False, points=None),
    ]
    return Scores("tiny", "A tiny set", [Exercise("add", "Add", 10.0)], students)
