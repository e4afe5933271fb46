"""Thresholds from seeded runs: where they lie between right and wrong answers, and how far from both."""

from __future__ import annotations

import base64
import json
import tomllib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil
from pathlib import Path
from statistics import fmean, stdev

from pydantic import BaseModel, ConfigDict, ValidationError

from goodfit.authoring.answers import Answer
from goodfit.authoring.grader_files import checked_bank, measured_exercises
from goodfit.authoring.leaks import shown_numbers
from goodfit.authoring.measurements import CalibrationResult, comparable, load, save
from goodfit.authoring.state import Digests
from goodfit.authoring.tails import GOAL, false_pass, tail
from goodfit.files import write_whole
from goodfit.grading.job import Job, versions
from goodfit.grading.plugin import Scope
from goodfit.grading.pool import Graders
from goodfit.grading.verdict import Outcome
from goodfit.notebooks.assignment import Assignment, AssignmentError
from goodfit.notebooks.source import meant
from goodfit.notebooks.thresholds import ThresholdRecord
from goodfit.sandbox.limits import Limits

NEAREST = 0.25  # of the way between the worst right and the best wrong run: a threshold keeps this far from both
WHOLE = 5  # one run of so many asks all that the checks ask; the others end where all is measured
LEAST_SHARE = 3  # each right way gets a third of all runs at least: 94 that are all alike are needed to bound by 0.1 %


class NoSeparation(Exception):
    """A threshold does not lie between right and wrong answers; the message names the answer that overlaps."""


@dataclass(frozen=True)
class Part:
    """What is to be known of one answer in one exercise.

    Attributes:
        exercise: grade_id of the graded cell; only it and what it needs are run.
        answer: the reference answer or another that differs from it there.
        digest: of the exercise with this answer.
        runs: seeds 1 … runs are wanted.
        known: results of the record that hold today, one for each threshold.
    """

    exercise: str
    answer: Answer
    digest: str
    runs: int
    known: tuple[CalibrationResult, ...] = ()

    @property
    def done(self) -> int:
        """Seeds 1 … done are in the record."""
        return min((one.runs for one in self.known), default=0)

    @property
    def missing(self) -> range:
        """Seeds that are not."""
        return range(self.done + 1, self.runs + 1)


@dataclass(frozen=True)
class Run:
    """One seeded run of one part: its measurements by threshold."""

    part: Part
    seed: int
    measures: dict[str, list[float]]


class FinishedRun(BaseModel):
    """A run on disk, for a calibration that was stopped.

    Attributes:
        key: of its job.
        measures: by threshold.
        measured: by check, how many of them it made.
    """

    model_config = ConfigDict(ser_json_inf_nan="constants")

    key: str
    measures: dict[str, list[float]]
    measured: dict[str, int] = {}


def plan(
    assignment: Assignment,
    runs: int = 0,
    wrong_runs: int = 0,
    only: Collection[str] = (),
    force: bool = False,
    digests: Digests | None = None,
) -> list[Part]:
    """What a calibration is made of: by exercise, the right ways that there are, and the wrong answers to be stopped.

    A right answer is a way of its own only for exercises in which it differs from the reference answer.

    Args:
        assignment: whose thresholds.
        runs: seeded runs of right answers for each exercise in all, dealt evenly to its ways; each gets a third of them
            at least, so that a bound for it alone says something.
        wrong_runs: runs of each wrong answer that one of the exercise's thresholds must stop.
        only: exercises; none: all that measure against a threshold.
        force: measure again what the record has, too.
        digests: of the set, where they are known.

    Raises:
        AssignmentError: when a threshold has nothing to stop, an exercise has none, or the bank is not in order.
    """
    answers = checked_bank(assignment)
    digests = digests or Digests(assignment)
    for name, threshold in assignment.thresholds.items():
        if not threshold.against:
            raise AssignmentError(f"threshold {name} of {assignment.name}: `against` names no wrong answer to stop.")
    if not digests.measured:
        raise AssignmentError(f"{assignment.name} has thresholds, but no check that takes `thresholds`.")
    for name in set(only) - digests.measured:
        raise AssignmentError(
            f"{assignment.name} has no exercise {name!r} with a threshold{meant(name, digests.measured)}"
        )
    record = load(assignment, CalibrationResult)
    if record and only and not comparable(record.header):
        raise AssignmentError(
            f"The record of {assignment.name} is of other versions of the libraries: calibrate all its exercises."
        )
    known = record.results if record and not force and comparable(record.header) else []
    touched = {answer.label: digests.touched(answer) for answer in answers}
    parts = []
    for exercise in assignment.graded_cells:
        if exercise not in (only or digests.measured):
            continue
        stopped = {name for t in digests.thresholds(exercise) for name in assignment.thresholds[t].against}
        ways = [a for a in answers if a.kind == "right" and exercise in touched[a.label]]
        wrong = [a for a in answers if a.kind == "wrong" and a.name in stopped and exercise in touched[a.label]]
        each = max(ceil(runs / len(ways)), ceil(runs / LEAST_SHARE))
        for answer, number in [*((way, each) for way in ways), *((a, wrong_runs) for a in wrong)]:
            digest = digests.of(exercise, answer, calibrating=True)
            mine = (one for one in known if (one.exercise, one.answer, one.digest) == (exercise, answer.label, digest))
            parts.append(Part(exercise, answer, digest, number, tuple(mine)))
    return parts


def measure(
    assignment: Assignment,
    graders: Graders,
    parts: list[Part],
    workers: int,
    saved: Path,
    limits: Limits,
    force: bool = False,
) -> Iterator[Run]:
    """Make the runs that are missing of each part; yields each as it is done.

    Most of a check's time goes into what it asks behind its measurements: whether rows, labels and seed are those that
    a function is given. Of a right answer, one run in ``WHOLE`` asks it all, and no run of a wrong one. Those come
    first, and tell the others where to end.

    Args:
        assignment: whose thresholds.
        graders: grader processes.
        parts: as :func:`plan` makes them.
        workers: how many at a time.
        saved: folder of finished runs, from which a stopped calibration goes on.
        limits: the course's limits.
        force: look at no finished run.

    Raises:
        NoSeparation: when a right answer loses a check.
    """
    saved.mkdir(parents=True, exist_ok=True)
    missing = [(place, seed) for place, part in enumerate(parts) for seed in part.missing]
    waiting: dict[str, tuple[int, int]] = {}
    enough = dict[str, dict[str, int]]()  # by exercise: how often each check measures a right answer
    for place, seed in sorted(missing, key=lambda one: (not _whole(parts[one[0]], one[1]), one)):
        part = parts[place]
        name = f"{part.exercise}-{part.answer.label}-{seed}".replace("/", "-")
        done = None if force else _load(saved / f"{name}.json", _key(part, graders))
        if done is None:
            waiting[name] = place, seed
        else:
            if part.answer.kind == "right":
                enough[part.exercise] = enough.get(part.exercise) or done.measured
            yield Run(part, seed, done.measures)

    def jobs() -> Iterator[tuple[str, Job]]:
        for name, (place, seed) in waiting.items():
            part = parts[place]
            known = {} if _whole(part, seed) else enough.get(part.exercise, {})
            scope = Scope(only=(part.exercise,), calibrating=True, seed=seed, enough=known)
            yield name, _job(assignment, part, graders, limits, scope)

    for name, bundle in graders.grade_all(jobs(), workers):
        place, seed = waiting[name]
        part = parts[place]
        amiss = [c for c in bundle.verdict.checks if c.outcome is not Outcome.PASSED]
        if part.answer.kind == "right":
            if amiss:  # not by a threshold: those fail nothing yet
                raise NoSeparation(
                    f"{part.answer.label} with seed {seed} lost a check: {amiss[0].rationale}\n{bundle.log[-2000:]}"
                )
            enough[part.exercise] = enough.get(part.exercise) or bundle.measured
        run = FinishedRun(key=_key(part, graders), measures=bundle.measures, measured=bundle.measured)
        write_whole(saved / f"{name}.json", run.model_dump_json())
        yield Run(part, seed, bundle.measures)


def _whole(part: Part, seed: int) -> bool:
    """Whether a run asks all that the checks ask."""
    return part.answer.kind == "right" and seed % WHOLE == 1


def _job(assignment: Assignment, part: Part, graders: Graders, limits: Limits, scope: Scope) -> Job:
    return Job(
        assignment=assignment.name,
        source_root=assignment.source_dir.parent,
        graders_root=assignment.graders_dir.parent,
        notebook=base64.b64encode(part.answer.notebook(assignment)),
        limits=limits,
        tier=graders.tier,
        scope=scope,
    )


def _key(part: Part, graders: Graders) -> str:
    """What a finished run depends on, besides its seed."""
    return repr((part.digest, sorted(versions().items()), graders.tier == "none"))


def _load(path: Path, key: str) -> FinishedRun | None:
    """A finished run; None where there is none, or none that can be read: it is made again."""
    if not path.is_file():
        return None
    try:
        done = FinishedRun.model_validate_json(path.read_bytes())
    except ValidationError:
        return None
    return done if done.key == key else None


def calibrate(assignment: Assignment, parts: list[Part], runs: list[Run]) -> dict[str, ThresholdRecord]:
    """Put the thresholds of the parts' exercises where :func:`find_thresholds` finds them, and record all runs.

    Returns:
        All thresholds of the set; those of other exercises as they were.

    Raises:
        NoSeparation: when a wrong run is as good as a right one. Nothing was changed.
    """
    results = merged(assignment, parts, runs)
    exercises = {part.exercise for part in parts}
    names = {one.threshold for one in results if one.exercise in exercises}
    if exercises == measured_exercises(assignment):
        names = set(assignment.thresholds)  # one that no run has measured is a fault
    found = find_thresholds(assignment, results, names)
    thresholds = assignment.thresholds | found
    write_thresholds(assignment.graders_dir / "thresholds.toml", thresholds)
    save(assignment, CalibrationResult, results)
    return thresholds


def merged(assignment: Assignment, parts: list[Part], runs: list[Run]) -> list[CalibrationResult]:
    """The record with the parts' new runs behind those that hold, and what it has of other exercises as it is."""
    planned, found = {part.exercise for part in parts}, list[CalibrationResult]()
    for part in parts:
        values = {one.threshold: list(one.values) for one in part.known}
        for run in sorted((r for r in runs if r.part == part), key=lambda r: r.seed):
            for threshold, measured in run.measures.items():
                sign = assignment.thresholds[threshold].sign
                values.setdefault(threshold, []).append(round(_worst(measured, sign), 5))
        found += [
            CalibrationResult(
                threshold=threshold,
                answer=part.answer.label,
                values=numbers,
                exercise=part.exercise,
                runs=max(part.done, part.runs),
                digest=part.digest,
            )
            for threshold, numbers in values.items()
        ]
    measured_now = {one.threshold for one in found}
    record = load(assignment, CalibrationResult)
    if record and planned < measured_exercises(assignment):
        found += [
            one
            for one in record.results  # a record of an older version does not say which exercise measured
            if (one.exercise not in planned if one.exercise else one.threshold not in measured_now)
        ]
    order = {name: i for i, name in enumerate(assignment.thresholds)}
    return sorted(found, key=lambda one: (order.get(one.threshold, len(order)), one.exercise))


def _worst(measured: list[float], sign: int) -> float:
    """What decides a run that meets a threshold several times; NaN passes none."""
    return next((v for v in measured if v != v), min(measured, key=lambda v: sign * v))


def find_thresholds(
    assignment: Assignment, results: list[CalibrationResult], names: Collection[str]
) -> dict[str, ThresholdRecord]:
    """Find thresholds between the worst right run and the best wrong run, with their figures.

    A value begins where both are equally far away in standard deviations of their own side, but never nearer to one of
    them than a quarter of their distance: an answer that no bank has thought of should find no open field. From there
    it moves as little as it must, within the same quarters: to the right side where a wrong answer might pass more
    often than once in 1,000 runs, as long as no right way might fail more often (both by the upper bounds of
    :mod:`goodfit.authoring.tails`, of which the roughest, "halfway", moves nothing); else to the wrong side until no
    right way might. A threshold that misses 0.1 % for a right way all the same is short: ``bound_right`` says so. Only
    the wrong answers in its ``against`` list count: those it is there to stop.

    Raises:
        NoSeparation: when a wrong run is as good as a right one; a line for each threshold.
    """
    found: dict[str, ThresholdRecord] = {}
    faults = []
    shown = shown_numbers(assignment.instructor)
    for name, old in assignment.thresholds.items():
        if name not in names:
            continue
        try:
            new = _find(name, old, [one for one in results if one.threshold == name], shown)
        except NoSeparation as error:
            faults.append(str(error))
            continue
        same = new.model_copy(update={"date": old.date, "versions": old.versions}) == old
        found[name] = old if same else new
    if faults:
        raise NoSeparation("\n".join(faults))
    return found


def _find(name: str, old: ThresholdRecord, results: list[CalibrationResult], shown: set[str]) -> ThresholdRecord:
    sign, ways, wrong = old.sign, dict[str, list[float]](), {answer: list[float]() for answer in old.against}
    for one in results:
        answer = one.answer.removeprefix("wrong/")
        if answer == one.answer:
            ways.setdefault(answer, []).extend(one.values)
        elif answer in wrong:
            wrong[answer].extend(one.values)
    right = [v for values in ways.values() for v in values]
    if len(right) < 2 or not wrong or any(len(values) < 2 for values in wrong.values()):
        raise NoSeparation(f"threshold {name}: too few runs measured it (is `against` filled in?)")
    worst = min(right, key=lambda v: sign * v)
    nearest, best = max(((a, max(vs, key=lambda v: sign * v)) for a, vs in wrong.items()), key=lambda p: sign * p[1])
    if sign * (worst - best) <= 0:
        raise NoSeparation(
            f"threshold {name} does not separate: the wrong answer {nearest} reached {best:.4g}, "
            f"and a right answer only {worst:.4g}. Change the exercise or the check, not the threshold."
        )
    # runs that all gave the same say nothing about spread: a tenth of the distance stands for it
    spread_right, spread_wrong = (stdev(vs) or 0.1 * abs(worst - best) for vs in (right, wrong[nearest]))
    value = worst + (best - worst) * spread_right / (spread_right + spread_wrong)
    toward_right, toward_wrong = (worst + (best - worst) * part for part in (NEAREST, 1 - NEAREST))
    value = min(max(value, min(toward_right, toward_wrong)), max(toward_right, toward_wrong))

    def failing(at: float) -> float:
        return max(tail(values, at, sign, old.trainings).bound for values in ways.values())

    def passing(at: float, modelled: bool = False) -> float:
        rates = (false_pass(values, at, sign, old.trainings) for values in wrong.values())
        return max((one.bound for one in rates if one.method != "halfway" or not modelled), default=0.0)

    if passing(value, modelled=True) > GOAL:
        value = _first(lambda at: passing(at, modelled=True) <= GOAL or failing(at) > GOAL, value, toward_right)
    if failing(value) > GOAL:
        value = _first(lambda at: failing(at) <= GOAL, value, toward_wrong)
    good = failing(value) <= GOAL
    value = _rounded(value, worst, best, shown, lambda at: not good or failing(at) <= GOAL)
    way = max(ways, key=lambda label: tail(ways[label], value, sign, old.trainings).bound)
    return ThresholdRecord(
        direction=old.direction,
        value=value,
        against=sorted(wrong),
        trainings=old.trainings,
        right_runs=len(right),
        right_mean=round(fmean(right), 5),
        right_spread=round(spread_right, 5),
        right_worst=round(worst, 5),
        wrong_runs=sum(map(len, wrong.values())),
        wrong_best=round(best, 5),
        wrong_nearest=nearest,
        margin_right=round(abs(fmean(right) - value) / spread_right, 1),
        margin_wrong=round(abs(fmean(wrong[nearest]) - value) / spread_wrong, 1),
        way=way,
        bound_right=float(f"{failing(value):.2g}"),
        bound_wrong=float(f"{passing(value):.2g}"),
        versions=", ".join(f"{k} {v}" for k, v in versions().items()),
        date=date.today().isoformat(),
    )


def _first(holds: Callable[[float], bool], start: float, end: float) -> float:
    """Where something begins to hold on the way from start to end, to a thousandth; the end where it never does."""
    low, high = 0.0, 1.0
    if holds(start):
        return start
    for _ in range(10):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(start + (end - start) * middle) else (middle, high)
    return start + (end - start) * high


def write_thresholds(path: Path, thresholds: dict[str, ThresholdRecord]) -> None:
    """Write ``thresholds.toml``. Margins are distances of the mean to the value, in standard deviations."""
    lines = ["# Written by `goodfit calibrate`. Change `direction`, `against` and `trainings` by hand, nothing else."]
    for name, threshold in thresholds.items():
        lines += ["", f"[{name}]"]
        table = threshold.model_dump(exclude_none=True)
        if threshold.trainings == 1:
            del table["trainings"]
        lines += [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    text = "\n".join(lines) + "\n"
    tomllib.loads(text)
    write_whole(path, text)


def _rounded(value: float, worst: float, best: float, shown: set[str], fits: Callable[[float], bool]) -> float:
    """The value with as few digits as move it by no more than a twentieth of the distance of the two, still fit, and
    never a number that the notebook shows: `goodfit release` could not tell it from a threshold given away.
    """
    for digits in range(1, 8):
        near = (value, value + 10**-digits, value - 10**-digits)
        for short in (round(one, digits) + 0.0 for one in near):  # + 0.0: no -0.0
            if abs(short - value) <= 0.05 * abs(worst - best) and str(short) not in shown and fits(short):
                return short
    return value
