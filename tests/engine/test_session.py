"""A student kernel is proven confined before it sees a cell, and stays bounded whatever the cells do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from goodfit.grading.job import Bundle
from goodfit.grading.kernels import Kernels, serving
from goodfit.grading.pool import Graders
from goodfit.grading.session import Session
from goodfit.grading.verdict import Outcome
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.restore import restore
from goodfit.sandbox.errors import ConfinementFailed
from goodfit.sandbox.limits import Limits


class LeakyKernels(Kernels):
    """Kernels whose walls turn out to be open."""

    def prove(self, ask: Any, manager: Any) -> list[str]:
        raise ConfinementFailed("The student kernel is not confined", where="test")


def test_a_kernel_that_is_not_proven_never_runs_a_cell(
    graders: Graders, tiny: Assignment, submit: Callable[..., bytes], tmp_path: Path
) -> None:
    """Fails closed: every attempt to run or ask something is refused, the second as well as the first."""
    notebook = restore(submit(), tiny).notebook
    with LeakyKernels(graders.tier, graders.server, Limits()) as kernels:
        session = Session(notebook, set(), kernels, tmp_path)
        for _ in range(2):
            with pytest.raises(ConfinementFailed):
                session.advance_to(len(notebook.cells))
            with pytest.raises(ConfinementFailed):
                session.request("value", 5, [], name="SEED")
        session.close()
    assert not any(cell.get("outputs") for cell in notebook.cells)


def test_rows_cannot_be_read_from_the_packages_they_come_from(
    grade: Callable[..., Bundle], submit: Callable[..., bytes]
) -> None:
    """The packages that ship the data sets are empty folders for a student."""
    look = """import json, os, mlxtend, sklearn, statsmodels
folders = [mlxtend.__path__[0], statsmodels.__path__[0], os.path.join(sklearn.__path__[0], "datasets", "data")]
print(json.dumps([os.listdir(folder) for folder in folders]))"""
    bundle = grade(submit(after={"setup": look}))
    cells = nbformat.reads(bundle.notebook, as_version=4).cells
    (seen,) = [o.text for c in cells for o in c.get("outputs", []) if c.source == look]
    assert json.loads(seen) == [[], [], []]


def test_an_argument_that_is_changed_in_place_is_seen(
    grade: Callable[..., Bundle], submit: Callable[..., bytes]
) -> None:
    """The answer may be right: whoever called the function has lost the array."""
    spoils = "def mean(values):\n    result = values.mean()\n    values -= result\n    return result"
    (check,) = [c for c in grade(submit({"mean-answer": spoils})).verdict.checks if c.grade_id == "mean"]
    assert check.outcome is Outcome.FAILED
    assert "changes argument 1 in place" in (check.rationale or "")


def test_both_tiers_give_the_same_verdict(
    grade: Callable[..., Bundle], graders: Graders, tiny: Assignment, submit: Callable[..., bytes]
) -> None:
    """A fork of the warm server and a cold kernel in bubblewrap find the same."""
    from goodfit.grading.job import Job
    from goodfit.notebooks.submission import Submission

    notebook = submit({"mean-answer": "def mean(values):\n    return values[0]"})
    warm = grade(notebook)
    with serving("bubblewrap") as (tier, server):
        job = Job.of(
            Submission(notebook),
            assignment=tiny.name,
            source_root=tiny.source_dir.parent,
            graders_root=tiny.graders_dir.parent,
            tier=tier,
        )
        cold = Graders(tier, server).grade(job)
    assert cold.verdict.checks == warm.verdict.checks
    assert "bubblewrap" in cold.layers
