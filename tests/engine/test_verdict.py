"""What a verdict adds up, and when it says that a person must look."""

from __future__ import annotations

from goodfit.grading.verdict import CheckVerdict, Outcome, Verdict


def check(grade_id: str, points: float, earned: float, outcome: Outcome) -> CheckVerdict:
    return CheckVerdict(
        name="test", grade_id=grade_id, sentence="It is.", points=points, earned=earned, outcome=outcome
    )


def verdict(*checks: CheckVerdict, attention: list[str] | None = None) -> Verdict:
    return Verdict(assignment="tiny", notebook="tiny", sandbox="fork", checks=list(checks), attention=attention or [])


def test_a_cell_has_the_points_of_its_own_checks() -> None:
    """Also those of a part of a check; sums are free of what floats add to them."""
    found = verdict(
        *(check("add", 0.1, 0.1, Outcome.PASSED) for _ in range(3)),
        check("add", 1, 0.4, Outcome.FAILED),
        check("mean", 2, 2, Outcome.PASSED),
    )
    assert found.cell_score("add") == 0.7
    assert found.cell_score("mean") == 2
    assert found.of_cell("mean") == found.checks[4:]
    assert found.earned == sum((0.1, 0.1, 0.1, 0.4, 2))
    assert found.points == sum((0.1, 0.1, 0.1, 1, 2))


def test_a_cell_with_a_broken_check_has_no_score() -> None:
    """Neither has one that no check belongs to. What others earned, they keep."""
    found = verdict(
        check("add", 1, 1, Outcome.PASSED),
        check("add", 1, 0, Outcome.GRADER_ERROR),
        check("mean", 2, 2, Outcome.PASSED),
    )
    assert found.cell_score("add") is None
    assert found.cell_score("another") is None
    assert found.cell_score("mean") == 2
    assert found.broke
    assert found.needs_human


def test_a_person_looks_at_what_broke_and_at_what_asks_for_it() -> None:
    """Not at what a student got wrong, in whatever way."""
    lost = [o for o in Outcome if o is not Outcome.GRADER_ERROR]
    plain = verdict(*(check("add", 1, 0, outcome) for outcome in lost))
    assert not plain.broke
    assert not plain.needs_human
    odd = verdict(check("add", 1, 1, Outcome.PASSED), attention=["The file could not be read."])
    assert not odd.broke
    assert odd.needs_human
