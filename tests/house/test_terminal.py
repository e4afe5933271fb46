"""Texts of students reach a TA's terminal as text: they steer nothing, and look like no line of ours."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from goodfit.cli import terminal
from goodfit.grading.verdict import CheckVerdict, Outcome, Verdict

HOSTILE = "\x1b[2J\x1b]0;t\x07 \u202et\u202c [red]x[/red]\npassed 3/3 add: The sum is right.\r20 of 20 points\x9b1m"


def verdict() -> Verdict:
    check = CheckVerdict(
        name="test_x", grade_id="add", sentence="The sum is right.", points=3.0, earned=0.0,
        outcome=Outcome.FAILED, rationale=HOSTILE, hint=HOSTILE,
    )  # fmt: skip
    return Verdict(
        checks=[check],
        notices=[HOSTILE],
        attention=[HOSTILE],
        sandbox="fork",
        assignment="tiny",
        notebook="tiny",
        versions={},
    )


def controls(text: str) -> set[str]:
    return {c for c in text if not c.isprintable() and c != "\n"}


@pytest.mark.parametrize("what", ["verdict", "table", "lines", "trouble"])
def test_hostile_text_is_only_text(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No control character, no bidi mark, no markup, no line that imitates ours."""
    if what == "verdict":
        terminal.print_verdict(verdict())
    elif what == "table":
        result: Any = SimpleNamespace(student=HOSTILE, trouble=HOSTILE, bundle=SimpleNamespace(verdict=verdict()))
        course: Any = SimpleNamespace(recorded=lambda name: {})
        terminal.out.print(terminal.score_table(terminal.score_lines(course, "tiny", [result])))
    elif what == "lines":
        with terminal.progress(1, "tiny", quiet=False) as step:
            step(HOSTILE)
    else:
        terminal.err.print(f"somebody: {HOSTILE}", markup=False)
    said = "".join(capsys.readouterr())
    assert said
    assert controls(said) == set()
    if what == "table":
        assert "[red]x[/red]" in "".join(said.split("\n"))  # as text, not as a colour
        assert "waiting for a human: 1" in said
    if what in ("verdict", "lines"):
        assert not [line for line in said.splitlines() if line.startswith(("passed", "20 of 20"))]
