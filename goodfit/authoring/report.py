"""The grader report: one page, written from what was recorded, that says how far each set's graders can be trusted."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

import matplotlib

matplotlib.use("Agg")  # a report is written without a screen

import matplotlib.pyplot as plt
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from goodfit.authoring.grader_files import checked_bank, collect_checks, require_sound_graders
from goodfit.authoring.measurements import kept
from goodfit.authoring.mutants import STATES, explained
from goodfit.files import write_whole
from goodfit.notebooks.assignment import Assignment

RIGHT, WRONG, VALUE = "#2b7a4b", "#b4452f", "#333333"


def write(assignments: list[Assignment], folder: Path) -> Path:
    """Write ``graders.md`` and a picture for each threshold into the folder; returns the page.

    Args:
        assignments: the sets, in the order of the report.
        folder: usually ``docs``; pictures go into its folder ``graders``.
    """
    sets = [figures(assignment) for assignment in assignments]
    pictures = folder / "graders"
    pictures.mkdir(parents=True, exist_ok=True)
    for one in sets:
        for old in pictures.glob(f"{one['name']}-*.svg"):
            old.unlink()
        for threshold in one["thresholds"]:
            _draw(threshold, pictures / threshold["picture"])
    loader = FileSystemLoader(Path(__file__).parent)
    # autoescape is for HTML; this page is Markdown, made from our own files alone
    environment = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = folder / "graders.md"
    write_whole(page, environment.get_template("report.md.j2").render(sets=sets, total=_total(sets)))
    shown = {threshold["picture"] for one in sets for threshold in one["thresholds"]}
    for old in pictures.glob("*.svg"):
        if old.name not in shown:
            old.unlink()
    return page


def figures(assignment: Assignment) -> dict[str, Any]:
    """All figures of one set; those that were never measured are None.

    Raises:
        AssignmentError: when the set's files or its records are not in order.
    """
    require_sound_graders(assignment)
    answers = checked_bank(assignment)
    bank_record, mutant_record = kept(assignment, "bank"), kept(assignment, "mutants")
    tried = bank_record["results"] if bank_record else {}
    right = [label for label, one in tried.items() if not one["should fail"]]
    wrong = [label for label, one in tried.items() if one["should fail"]]
    slips = explained(assignment, mutant_record["results"]) if mutant_record else []
    states = [one["state"] for one in slips]
    thresholds = _thresholds(assignment)
    return {
        "name": assignment.name,
        "exercises": len(assignment.graded_cells),
        "checks": len(collect_checks(assignment)),
        "right": len([a for a in answers if a.kind == "right"]),
        "right_passed": sum(tried[label]["as expected"] for label in right) if tried else None,
        "wrong": len([a for a in answers if a.kind == "wrong"]),
        "wrong_killed": sum(tried[label]["as expected"] for label in wrong) if tried else None,
        "mutants": len(states) if states else None,
        "states": {state: states.count(state) for state in STATES},
        "share": _share(states),
        "survivors": [m for m in slips if m["state"] in ("survived", "grader error")],
        "reasons": _by_reason(slips),
        "seconds": median(tried[label]["seconds"] for label in right) if right else None,
        "thresholds": thresholds,
        "right_runs": sum(t["right_runs"] for t in thresholds),
        "right_failing": sum(t["right_failing"] for t in thresholds),
        "dates": sorted({r["date"] for r in (bank_record, mutant_record) if r}),
    }


def _thresholds(assignment: Assignment) -> list[dict[str, Any]]:
    record = kept(assignment, "calibration")
    found = []
    for name, threshold in assignment.thresholds.items():
        runs = record["results"].get(name, {}) if record else {}
        sign = threshold.sign
        right = {label: v for label, v in runs.items() if not label.startswith("wrong/")}
        against = {f"wrong/{answer}" for answer in threshold.against}
        wrong = {label: v for label, v in runs.items() if label in against}
        values = [v for vs in right.values() for v in vs]
        found.append(
            {
                **threshold.model_dump(),
                "name": name,
                "picture": f"{assignment.name}-{name}.svg",
                "right": right,
                "wrong": wrong,
                "right_runs": len(values),
                "right_failing": sum(sign * v < sign * threshold.value for v in values),
            }
        )
    return found


def _share(states: list[str]) -> float | None:
    """Killed mutants among those that are not equivalent."""
    able = [state for state in states if state != "equivalent"]
    return able.count("killed") / len(able) if able else None


def _by_reason(records: list[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in records:
        if one["state"] == "equivalent":
            found.setdefault(one["reason"], []).append(one["mutant"])
    return found


def _total(sets: list[dict[str, Any]]) -> dict[str, Any]:
    sums = {key: sum(s[key] or 0 for s in sets) for key in ("exercises", "checks", "right", "wrong", "mutants")}
    states = {state: sum(s["states"][state] for s in sets) for state in STATES}
    able = sum(n for state, n in states.items() if state != "equivalent")
    more = {
        key: sum(s[key] or 0 for s in sets) for key in ("right_passed", "wrong_killed", "right_runs", "right_failing")
    }
    return {**sums, **more, "states": states, "share": states["killed"] / able if able else None}


def _draw(threshold: dict[str, Any], path: Path) -> None:
    """One row of dots for each answer, right ones above, and the threshold as a line through them."""
    rows = [(label, v, RIGHT) for label, v in threshold["right"].items()]
    rows += [(label, v, WRONG) for label, v in threshold["wrong"].items()]
    # the same picture for the same figures: no date, no random ids
    with plt.rc_context({"svg.hashsalt": path.name, "font.size": 8}):
        figure, axes = plt.subplots(figsize=(7, 0.8 + 0.28 * max(len(rows), 2)))
        jitter = np.random.default_rng(0)
        for place, (_, values, colour) in enumerate(rows):
            heights = place + jitter.uniform(-0.22, 0.22, len(values))
            axes.scatter(values, heights, s=9, color=colour, alpha=0.55, linewidths=0)
        axes.axvline(threshold["value"], color=VALUE, linewidth=1)
        axes.set_yticks(range(len(rows)), [f"{label.removeprefix('wrong/')} ({len(v)})" for label, v, _ in rows])
        axes.invert_yaxis()
        axes.set_title(f"{threshold['name']}: {threshold['direction']} {threshold['value']:g}", loc="left")
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
        plt.close(figure)
