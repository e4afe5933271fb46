"""A busy machine: a slow but right answer keeps its seconds, and what ends there in spite of it is nobody's fault."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from goodfit.grading.job import Bundle
from goodfit.grading.verdict import Outcome

HOG = "import os; os.sched_setaffinity(0, {int(os.sys.argv[1])})\nwhile True: pass"
SLOW = """
import os, time
os.sched_setaffinity(0, {%d})
until = time.process_time() + 0.7
while time.process_time() < until: pass
print("done")"""


@pytest.fixture
def core() -> Iterator[int]:
    """A core that three others want too, each with a share of its own."""
    number = max(os.sched_getaffinity(0))
    with contextlib.ExitStack() as stack:
        for _ in range(3):
            hog = subprocess.Popen([sys.executable, "-c", HOG, str(number)], start_new_session=True)
            stack.callback(hog.wait)
            stack.callback(hog.kill)
        yield number


@pytest.mark.parametrize(("factor", "outcome"), [(30, Outcome.PASSED), (1, Outcome.GRADER_ERROR)])
def test_seconds_are_those_that_the_answer_had(
    core: int, grade: Callable[..., Bundle], submit: Callable[..., bytes], factor: int, outcome: Outcome
) -> None:
    """0.7 s of work on a quarter of a core, in a cell that may take 1 s; then without patience."""
    bundle = grade(submit(after={"add": SLOW % core}), cell_seconds=1, check_seconds=20, busy_factor=factor)
    (check,) = [check for check in bundle.verdict.checks if check.grade_id == "mean"]
    assert check.outcome is outcome
    assert ("stopped after" in "".join(bundle.verdict.notices)) is False
