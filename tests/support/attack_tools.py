"""What the attacks share: wrong answers, and what the attacking code has printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import nbformat

from goodfit.grading.job import Bundle
from goodfit.grading.verdict import Outcome

Submit = Callable[..., bytes]
Grade = Callable[..., Bundle]

WRONG = {"add-answer": "def add(a, b):\n    return 0", "mean-answer": "def mean(values):\n    return 0.5"}
RIGHT = 5.0  # points of the reference answer without its model


def printed(bundle: Bundle) -> str:
    """All that the student's cells have printed."""
    cells = nbformat.reads(bundle.notebook, as_version=4).cells
    return "".join(o.get("text", "") for c in cells for o in c.get("outputs", []) if o.get("name") == "stdout")


def told(bundle: Bundle) -> dict[str, Any]:
    """What the attacking code reports: the last line it printed, JSON behind ``REPORT``."""
    assert "REPORT " in printed(bundle), bundle.notebook
    return json.loads(printed(bundle).rsplit("REPORT ", 1)[1].splitlines()[0])  # type: ignore[no-any-return]


def assert_worthless(bundle: Bundle) -> None:
    """Nothing earned, nothing passed, and no fault of ours."""
    assert not bundle.verdict.needs_human, bundle.log
    assert (bundle.verdict.earned, bundle.verdict.points) == (0, 7)
    assert Outcome.PASSED not in {check.outcome for check in bundle.verdict.checks}
    for cell in nbformat.reads(bundle.notebook, as_version=4).cells:
        results = [o.data["text/plain"] for o in cell.get("outputs", []) if o.output_type == "execute_result"]
        graded = cell.metadata.get("nbgrader", {}).get("grade_id") in ("add", "mean", "model")
        assert results == (["0.0"] if graded else [])
