"""What was measured of a set's graders, kept beside its answers: ``graders/<assignment>/answers/record/*.json``.

The grader report is written from these files, so that everybody can see what it says without measuring for hours.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Literal

from goodfit.files import write_whole
from goodfit.grading.job import versions
from goodfit.notebooks.assignment import Assignment, AssignmentError
from goodfit.notebooks.source import read_text, shown

Kind = Literal["bank", "mutants", "calibration"]


def keep(assignment: Assignment, kind: Kind, results: Any) -> None:
    """Write what was measured, with the date, the versions and the state of the set that it holds for."""
    path = _path(assignment, kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {"date": date.today().isoformat(), "versions": versions(), "set": assignment.digest(thresholds=False)}
    write_whole(path, json.dumps({**head, "results": results}, indent=1, ensure_ascii=False) + "\n")


def kept(assignment: Assignment, kind: Kind) -> dict[str, Any] | None:
    """What :func:`keep` wrote last, or None: keys ``date``, ``versions``, ``set`` and ``results``.

    Raises:
        AssignmentError: when the file is damaged.
    """
    path = _path(assignment, kind)
    if not path.is_file():
        return None
    try:
        found = json.loads(read_text(path))
        if found["date"] and found["results"] is not None:
            return found
    except (ValueError, TypeError, KeyError):
        pass
    raise AssignmentError(
        f"{shown(path)} is no record of `goodfit {kind.replace('ion', 'e')}`: is it a merge conflict? Measure again."
    )


def _path(assignment: Assignment, kind: Kind) -> Path:
    return assignment.graders_dir / "answers" / "record" / f"{kind}.json"
