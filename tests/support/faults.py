"""Submissions that break, in small."""

from __future__ import annotations

from collections.abc import Callable

from goodfit.grading.job import Bundle
from goodfit.grading.verdict import Outcome
from goodfit.sandbox.limits import MIB

Submit = Callable[..., bytes]


Grade = Callable[..., Bundle]


RIGHT = 5.0  # points of the reference answer without its model


QUICK = {"cell_seconds": 2, "check_seconds": 2}


SMALL = {"memory_bytes": 1536 * MIB, "total_memory_bytes": 2048 * MIB}


def outcomes(bundle: Bundle) -> dict[str, Outcome]:
    assert not bundle.verdict.needs_human, bundle.log
    return {check.name: check.outcome for check in bundle.verdict.checks}
