"""Notebooks of the tiny set to restore."""

from __future__ import annotations

import base64
import json
from typing import Any

from goodfit.authoring.answers import reference
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.restore import Restored, restore

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(2_000)).decode()


def submitted(tiny: Assignment) -> dict[str, Any]:
    return json.loads(reference().notebook(tiny))


def released(tiny: Assignment) -> dict[str, Any]:
    """A right answer as a student has it: without what is hidden."""
    answers = {c["id"]: "".join(c["source"]) for c in submitted(tiny)["cells"]}
    data = json.loads(json.dumps(tiny.released))
    for cell in data["cells"]:
        if cell["metadata"]["nbgrader"]["solution"]:
            cell["source"] = answers[cell["id"]]
    return data


def read(tiny: Assignment, data: dict[str, Any]) -> Restored:
    return restore(json.dumps(data).encode(), tiny)
