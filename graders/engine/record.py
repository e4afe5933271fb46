"""What was measured of a set's graders, kept beside its answers: ``graders/<assignment>/answers/record/*.json``.

The grader report is written from these files, so that everybody can see what it says without measuring for hours.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Literal

from graders.engine.assignment import Assignment
from graders.engine.batch import write_whole
from graders.engine.grade import versions

Kind = Literal["bank", "mutants", "calibration"]


def keep(assignment: Assignment, kind: Kind, results: Any) -> None:
    """Write what was measured, with the date, the versions and the state of the set that it holds for."""
    path = _path(assignment, kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {"date": date.today().isoformat(), "versions": versions(), "set": assignment.digest(thresholds=False)}
    write_whole(path, json.dumps({**head, "results": results}, indent=1, ensure_ascii=False) + "\n")


def kept(assignment: Assignment, kind: Kind) -> dict[str, Any] | None:
    """What :func:`keep` wrote last, or None: keys ``date``, ``versions``, ``set`` and ``results``."""
    path = _path(assignment, kind)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _path(assignment: Assignment, kind: Kind) -> Path:
    return assignment.graders_dir / "answers" / "record" / f"{kind}.json"
