"""Thresholds from seeded runs: where they lie between right and wrong answers, and how far from both."""

from __future__ import annotations

import base64
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import fmean, stdev

from pydantic import BaseModel, ConfigDict, ValidationError

from goodfit.authoring.answers import Answer
from goodfit.authoring.grader_files import checked_bank, measured_exercises
from goodfit.authoring.leaks import shown_numbers
from goodfit.authoring.measurements import CalibrationResult, save
from goodfit.files import write_whole
from goodfit.grading.job import Job, versions
from goodfit.grading.plugin import Scope
from goodfit.grading.pool import Graders
from goodfit.grading.verdict import Outcome
from goodfit.notebooks.assignment import Assignment, AssignmentError
from goodfit.notebooks.slice import affected
from goodfit.notebooks.thresholds import ThresholdRecord
from goodfit.sandbox.limits import Limits

NEAREST = 0.25  # of the way between the worst right and the best wrong run: a threshold keeps this far from both


class NoSeparation(Exception):
    """A threshold does not lie between right and wrong answers; the message names the answer that overlaps."""


@dataclass(frozen=True)
class Run:
    """One seeded run of one answer: its measurements by threshold."""

    answer: Answer
    seed: int
    measures: dict[str, list[float]]


class FinishedRun(BaseModel):
    """A run on disk, for a calibration that was stopped: the key of its job, and its measurements by threshold."""

    model_config = ConfigDict(ser_json_inf_nan="constants")

    key: str
    measures: dict[str, list[float]]


def measure(
    assignment: Assignment, graders: Graders, runs: int, wrong_runs: int, workers: int, saved: Path, limits: Limits
) -> Iterator[tuple[int, Run]]:
    """Run every right answer over ``runs`` seeds in all, and every wrong one that a threshold must stop over
    ``wrong_runs``; yields how many runs there are and each run as it is done. Only exercises with a threshold are run.

    Args:
        assignment: whose thresholds.
        graders: grader processes.
        runs: seeds 1 … runs, dealt in turn to the right answers, so that each training check sees ``runs`` right runs.
        wrong_runs: seeds for each wrong answer.
        workers: how many at a time.
        saved: folder of finished runs, from which a stopped calibration goes on.
        limits: the course's limits.

    Raises:
        AssignmentError: when a threshold has nothing to stop, or the bank is not in order.
        NoSeparation: when a right answer loses a check.
    """
    training = measured_exercises(assignment)
    answers = {a.label: a for a in checked_bank(assignment)}
    for name, threshold in assignment.thresholds.items():
        if not threshold.against:
            raise AssignmentError(f"threshold {name} of {assignment.name}: `against` names no wrong answer to stop.")
    if not training:
        raise AssignmentError(f"{assignment.name} has thresholds, but no check that takes `thresholds`.")
    right = [a for a in answers.values() if a.kind == "right"]
    against = {name for t in assignment.thresholds.values() for name in t.against}
    plan = [(right[seed % len(right)], seed) for seed in range(1, runs + 1)]
    plan += [(a, seed) for a in answers.values() if a.name in against for seed in range(1, wrong_runs + 1)]
    saved.mkdir(parents=True, exist_ok=True)
    jobs: list[tuple[str, Job]] = []
    names: dict[str, tuple[Answer, int, str]] = {}
    for answer, seed in plan:
        exercises = training if answer.kind == "right" else training & affected(assignment, answer.cells)
        notebook = answer.notebook(assignment)
        job = Job(
            assignment=assignment.name,
            source_root=assignment.source_dir.parent,
            graders_root=assignment.graders_dir.parent,
            notebook=base64.b64encode(notebook),
            limits=limits,
            tier=graders.tier,
            scope=Scope(only=tuple(sorted(exercises)), calibrating=True, seed=seed),
        )
        name, key = f"{answer.label}-{seed}".replace("/", "-"), job.key(thresholds=False)
        names[name] = (answer, seed, key)
        measures = _load(saved / f"{name}.json", key)
        if measures is not None:
            yield len(plan), Run(answer, seed, measures)
        else:
            jobs.append((name, job))
    for name, bundle in graders.grade_all(jobs, workers):
        answer, seed, key = names[name]
        amiss = [c for c in bundle.verdict.checks if c.grade_id in training and c.outcome is not Outcome.PASSED]
        if amiss and answer.kind == "right":  # not by a threshold: those fail nothing yet
            raise NoSeparation(
                f"{answer.label} with seed {seed} lost a check: {amiss[0].rationale}\n{bundle.log[-2000:]}"
            )
        write_whole(saved / f"{name}.json", FinishedRun(key=key, measures=bundle.measures).model_dump_json())
        yield len(plan), Run(answer, seed, bundle.measures)


def _load(path: Path, key: str) -> dict[str, list[float]] | None:
    """The measurements of a finished run; None where there are none, or none that can be read: it is run again."""
    if not path.is_file():
        return None
    try:
        done = FinishedRun.model_validate_json(path.read_bytes())
    except ValidationError:
        return None
    return done.measures if done.key == key else None


def calibrate(assignment: Assignment, runs: list[Run]) -> dict[str, ThresholdRecord]:
    """Put every threshold where :func:`find_thresholds` finds it, and record all runs.

    Raises:
        NoSeparation: when a wrong run is as good as a right one. Nothing was changed.
    """
    found = find_thresholds(assignment, runs)
    write_thresholds(assignment.graders_dir / "thresholds.toml", found)
    save(assignment, CalibrationResult, results_of(runs))
    return found


def find_thresholds(assignment: Assignment, runs: list[Run]) -> dict[str, ThresholdRecord]:
    """Find every threshold between the worst right run and the best wrong run, with its figures.

    The value is where both are equally far away in standard deviations of their own side, but never nearer to one of
    them than a quarter of their distance: an answer that no bank has thought of should find no open field. Only the
    wrong answers in the threshold's ``against`` list count: those it is there to stop.

    Raises:
        NoSeparation: when a wrong run is as good as a right one.
    """
    found: dict[str, ThresholdRecord] = {}
    shown = shown_numbers(assignment.instructor)
    for name, old in assignment.thresholds.items():
        sign = old.sign
        right = [v for run in runs if run.answer.kind == "right" for v in run.measures.get(name, [])]
        wrong = {
            answer: [v for run in runs if run.answer.name == answer for v in run.measures.get(name, [])]
            for answer in old.against
        }
        if len(right) < 2 or not wrong or any(len(values) < 2 for values in wrong.values()):
            raise NoSeparation(f"threshold {name}: too few runs measured it (is `against` filled in?)")
        worst = min(right, key=lambda v: sign * v)
        nearest, best = max(
            ((a, max(vs, key=lambda v: sign * v)) for a, vs in wrong.items()), key=lambda p: sign * p[1]
        )
        if sign * (worst - best) <= 0:
            raise NoSeparation(
                f"threshold {name} does not separate: the wrong answer {nearest} reached {best:.4g}, "
                f"and a right answer only {worst:.4g}. Change the exercise or the check, not the threshold."
            )
        # runs that all gave the same say nothing about spread: a tenth of the distance stands for it
        spread_right, spread_wrong = (stdev(vs) or 0.1 * abs(worst - best) for vs in (right, wrong[nearest]))
        value = worst + (best - worst) * spread_right / (spread_right + spread_wrong)
        least = NEAREST * abs(worst - best)
        value = min(max(value, min(worst, best) + least), max(worst, best) - least)
        value = _rounded(value, worst, best, shown)
        found[name] = ThresholdRecord(
            direction=old.direction,
            value=value,
            against=sorted(wrong),
            right_runs=len(right),
            right_mean=round(fmean(right), 5),
            right_spread=round(spread_right, 5),
            right_worst=round(worst, 5),
            wrong_runs=sum(map(len, wrong.values())),
            wrong_best=round(best, 5),
            wrong_nearest=nearest,
            margin_right=round(abs(fmean(right) - value) / spread_right, 1),
            margin_wrong=round(abs(fmean(wrong[nearest]) - value) / spread_wrong, 1),
            versions=", ".join(f"{k} {v}" for k, v in versions().items()),
            date=date.today().isoformat(),
        )
    return found


def results_of(runs: list[Run]) -> list[CalibrationResult]:
    """All measurements: by threshold and answer, in the order of the seeds."""
    found: dict[str, dict[str, list[float]]] = {}
    for run in sorted(runs, key=lambda run: (run.answer.kind, run.answer.label, run.seed)):
        for threshold, values in run.measures.items():
            found.setdefault(threshold, {}).setdefault(run.answer.label, []).extend(round(v, 5) for v in values)
    return [
        CalibrationResult(threshold=threshold, answer=label, values=values)
        for threshold, by_answer in found.items()
        for label, values in by_answer.items()
    ]


def write_thresholds(path: Path, thresholds: dict[str, ThresholdRecord]) -> None:
    """Write ``thresholds.toml``. Margins are distances of the mean to the value, in standard deviations."""
    lines = ["# Written by `goodfit calibrate`. Change `direction` and `against` by hand, nothing else."]
    for name, threshold in thresholds.items():
        lines += ["", f"[{name}]"]
        lines += [f"{key} = {json.dumps(value)}" for key, value in threshold.model_dump(exclude_none=True).items()]
    text = "\n".join(lines) + "\n"
    tomllib.loads(text)
    write_whole(path, text)


def _rounded(value: float, worst: float, best: float, shown: set[str]) -> float:
    """The value with as few digits as move it by no more than a twentieth of the distance of the two, and never a
    number that the notebook shows: `goodfit release` could not tell it from a threshold given away.
    """
    for digits in range(1, 8):
        for short in (round(value, digits) + 0.0, round(value + 10**-digits, digits) + 0.0):  # + 0.0: no -0.0
            if abs(short - value) <= 0.05 * abs(worst - best) and str(short) not in shown:
                return short
    return value
