"""A verdict as Gradescope's ``results.json``, for a submission that was graded there or here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from goodfit.grading.for_pages import ForPages
from goodfit.grading.verdict import CheckVerdict

PLAIN = "text"  # what a student's code said is text, and never markup


def results(
    told: ForPages,
    worth: Mapping[str, float],
    earned: Mapping[str, float | None],
    remarks: Sequence[str] = (),
    total: float | None = None,
) -> str:
    """The file's content. A test is an exercise, all are visible: with a hidden one, students would see no total.

    Args:
        told: names of exercises, and their checks in words that the student may read.
        worth: points of the exercises that are told, by grade_id.
        earned: points by grade_id; an exercise without is left out, because it waits for a person.
        remarks: sentences for the student, above everything.
        total: what counts, where it is not the sum.
    """
    tests = [_test(told, name, score, worth[name]) for name in worth if (score := earned.get(name)) is not None]
    unsafe = [] if told.sandboxed else ["Graded without a sandbox: this verdict is not protected."]
    whole: dict[str, Any] = {
        "output": "\n".join([*remarks, *told.notices, *unsafe]),
        "output_format": PLAIN,
        "test_output_format": PLAIN,
        "test_name_format": PLAIN,
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    if total is not None:
        whole["score"] = round(total, 2)
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _test(told: ForPages, name: str, score: float, worth: float) -> dict[str, Any]:
    return {
        "name": told.exercises.get(name, name),
        "score": round(score, 2),
        "max_score": worth,
        "status": "passed" if score >= worth - 1e-6 else "failed",
        "output": "\n\n".join(map(_words, told.of_cell(name))),
        "visibility": "visible",
    }


def _words(check: CheckVerdict) -> str:
    hint = f"Hint: {check.hint}" if check.hint else None
    return "\n".join(filter(None, (f"{check.outcome.value}: {check.sentence}", check.rationale, hint)))
