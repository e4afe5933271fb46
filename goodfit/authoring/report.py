"""The grader report: one page, written from what was recorded, that says how far each set's graders can be trusted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from statistics import median

import matplotlib

matplotlib.use("Agg")  # a report is written without a screen

import matplotlib.pyplot as plt
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from goodfit.authoring.answers import reference
from goodfit.authoring.calibrate import plan
from goodfit.authoring.grader_files import (
    checked_bank,
    collect_checks,
    measured_exercises,
    require_sound_graders,
    sentences_of,
)
from goodfit.authoring.measurements import (
    BankResult,
    CalibrationResult,
    Header,
    Kind,
    MutantResult,
    load,
)
from goodfit.authoring.messages import Message, messages, weakest
from goodfit.authoring.mutants import mutants, with_explanations
from goodfit.authoring.state import Digests
from goodfit.authoring.tails import Tail, false_pass, tail
from goodfit.course.course import Course
from goodfit.files import write_whole
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.thresholds import ThresholdRecord

ENOUGH = 300  # runs of right answers for each threshold
RIGHT, WRONG, VALUE = "#2b7a4b", "#b4452f", "#333333"


@dataclass(frozen=True)
class MutantFigures:
    """What became of mutants, of one set or of all."""

    results: list[MutantResult]

    def count(self, *states: str) -> int:
        """How many ended in one of the states."""
        return sum(one.state in states for one in self.results)

    @property
    def share(self) -> float | None:
        """Killed mutants among those that are not equivalent."""
        able = len(self.results) - self.count("equivalent")
        return self.count("killed") / able if able else None

    @property
    def survivors(self) -> list[MutantResult]:
        """Those that no check notices, and those on which a check of ours breaks."""
        return [one for one in self.results if one.state in ("survived", "grader error")]


@dataclass(frozen=True)
class ThresholdFigures:
    """One threshold and the runs around it.

    Attributes:
        name: of its table in ``thresholds.toml``.
        record: the table.
        picture: file name of its picture.
        right: measurements of right answers by label.
        wrong: those of the wrong answers that it must stop.
        old: whether what decides them has changed since.
    """

    name: str
    record: ThresholdRecord
    picture: str
    right: dict[str, list[float]]
    wrong: dict[str, list[float]]
    old: bool

    @cached_property
    def fails(self) -> tuple[str, Tail] | None:
        """The right way with the highest bound of failing, and its figures; None where none was measured."""
        tails = {label: tail(values, *self._limit) for label, values in self.right.items() if values}
        return max(tails.items(), key=lambda item: item[1].bound) if tails else None

    @cached_property
    def rate(self) -> float:
        """Estimate of how often the right way that fails most often fails."""
        return max((tail(v, *self._limit).rate for v in self.right.values() if v), default=0.0)

    @cached_property
    def passes(self) -> Tail | None:
        """Figures of the wrong answer with the highest bound of passing."""
        tails = (false_pass(values, *self._limit) for values in self.wrong.values() if values)
        return max(tails, key=lambda one: one.bound, default=None)

    @property
    def _limit(self) -> tuple[float, int, int]:
        return self.record.value, self.record.sign, self.record.trainings

    @property
    def marks(self) -> str:
        """In words, how it is judged where that is unusual, and what should not be so."""
        marks = {
            f"{self.record.trainings} trainings": self.record.trainings > 1,
            "SHORT": self.fails is not None and self.fails[1].short,
            "few runs": len(self.right_values) < ENOUGH,
            "old": self.old,
        }
        return ", ".join(word for word, is_so in marks.items() if is_so)

    @property
    def right_values(self) -> list[float]:
        """All runs of right answers."""
        return [v for values in self.right.values() for v in values]

    @property
    def right_failing(self) -> int:
        """How many of them fall on the wrong side."""
        sign = self.record.sign
        return sum(sign * v < sign * self.record.value for v in self.right_values)


@dataclass(frozen=True)
class SetFigures:
    """All figures of one set.

    Attributes:
        name: of the set.
        exercises: number of graded cells.
        checks: number of checks.
        right: number of right answers in the bank today.
        wrong: number of wrong ones.
        bank: results of its answers, empty where they were never measured.
        mutants: what became of its mutants; likewise.
        thresholds: each with the runs that were measured.
        headers: of the records that there are, by kind.
        outdated: by kind of record, exercises that have changed since, or were never measured.
        measured: number of exercises with a threshold.
    """

    name: str
    exercises: int
    checks: int
    right: int
    wrong: int
    bank: list[BankResult]
    mutants: MutantFigures
    thresholds: list[ThresholdFigures]
    headers: dict[Kind, Header]
    outdated: dict[Kind, list[str]]
    measured: int

    @property
    def short(self) -> list[str]:
        """Names of the thresholds that a right way might miss more often than once in 1,000 runs."""
        return [t.name for t in self.thresholds if t.fails and t.fails[1].short]

    @property
    def loses(self) -> float:
        """How likely a wholly right submission loses any point: at most the sum of its thresholds' rates of failing."""
        return sum(t.rate for t in self.thresholds)

    @property
    def right_results(self) -> list[BankResult]:
        """Results of right answers."""
        return [one for one in self.bank if not one.should_fail]

    @property
    def right_passed(self) -> int:
        """How many of them got full marks."""
        return sum(one.as_expected for one in self.right_results)

    @property
    def wrong_killed(self) -> int:
        """How many wrong answers failed exactly the checks that they name."""
        return sum(one.as_expected for one in self.bank if one.should_fail)

    @property
    def messages(self) -> list[Message]:
        """What its failed checks say to the bank's wrong answers."""
        return messages(self.name, self.bank)

    @property
    def seconds(self) -> float | None:
        """Median time of grading a right answer."""
        return median(one.seconds for one in self.right_results) if self.right_results else None

    @property
    def right_runs(self) -> int:
        """Runs of right answers, over all thresholds."""
        return sum(len(t.right_values) for t in self.thresholds)

    @property
    def right_failing(self) -> int:
        """How many of them fall on the wrong side."""
        return sum(t.right_failing for t in self.thresholds)


@dataclass(frozen=True)
class Report:
    """A report that was written.

    Attributes:
        page: where it is.
        faults: by set, why it is not in the report: sentences, none where all is well.
        outdated: by set in the report and kind of record, exercises that have changed since.
        short: by set in the report, thresholds that miss the goal.
    """

    page: Path
    faults: dict[str, list[str]]
    outdated: dict[str, dict[Kind, list[str]]]
    short: dict[str, list[str]]


def report(course: Course, folder: Path) -> Report:
    """Write the report on all sets of a course that are in order; see :func:`write`."""
    assignments = [course.assignment(name) for name in course.assignments()]
    found: dict[str, SetFigures] = {}

    def keep(one: Assignment) -> None:
        found[one.name] = figures(one)

    faults = {one.name: sentences_of(partial(keep, one)) for one in assignments}
    sets = [found[name] for name in found if not faults[name]]
    old = {one.name: one.outdated for one in sets if one.outdated}
    return Report(_write(sets, folder), faults, old, {one.name: one.short for one in sets if one.short})


def write(assignments: list[Assignment], folder: Path) -> Path:
    """Write ``graders.md`` and a picture for each threshold into the folder; returns the page.

    Args:
        assignments: the sets, in the order of the report.
        folder: usually ``docs``; pictures go into its folder ``graders``.
    """
    return _write([figures(assignment) for assignment in assignments], folder)


def _write(sets: list[SetFigures], folder: Path) -> Path:
    pictures = folder / "graders"
    pictures.mkdir(parents=True, exist_ok=True)
    thresholds = [threshold for one in sets for threshold in one.thresholds]
    for threshold in thresholds:
        _draw(threshold, pictures / threshold.picture)
    loader = FileSystemLoader(Path(__file__).parent)
    # autoescape is for HTML; this page is Markdown, made from our own files alone
    environment = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = folder / "graders.md"
    every = MutantFigures([one for s in sets for one in s.mutants.results])
    template = environment.get_template("report.md.j2")
    said = [message for one in sets for message in one.messages]
    text = template.render(sets=sets, every_mutant=every, versions=_versions(sets), said=said, weakest=weakest(said))
    write_whole(page, text)
    for old in pictures.iterdir():
        if old.suffix in (".png", ".svg") and old.name not in {threshold.picture for threshold in thresholds}:
            old.unlink()
    return page


def figures(assignment: Assignment) -> SetFigures:
    """All figures of one set.

    Raises:
        AssignmentError: when the set's files or its records are not in order.
    """
    require_sound_graders(assignment)
    answers = checked_bank(assignment)
    bank, mutated = load(assignment, BankResult), load(assignment, MutantResult)
    calibration = load(assignment, CalibrationResult)
    old = outdated(assignment)
    return SetFigures(
        name=assignment.name,
        exercises=len(assignment.graded_cells),
        checks=len(collect_checks(assignment)),
        right=sum(a.kind == "right" for a in answers),
        wrong=sum(a.kind == "wrong" for a in answers),
        bank=bank.results if bank else [],
        mutants=MutantFigures(with_explanations(assignment, mutated.results if mutated else [])),
        thresholds=_thresholds(assignment, calibration.results if calibration else [], old.get("calibration", [])),
        headers={record.header.kind: record.header for record in (bank, mutated, calibration) if record},
        outdated=old,
        measured=len(measured_exercises(assignment)),
    )


def outdated(assignment: Assignment) -> dict[Kind, list[str]]:
    """By kind of record that there is, the exercises with a result that is missing or holds for an earlier state.

    What changed is the exercise (cells, checks, data, a threshold's value), an answer, or which answers there are.

    Raises:
        AssignmentError: when the set's files or its records are not in order.
    """
    found: dict[Kind, set[str]] = {}
    digests = Digests(assignment)
    if bank := load(assignment, BankResult):
        results = {one.answer: one for one in bank.results}
        found["bank"] = {
            exercise
            for answer in checked_bank(assignment)
            for exercise, digest in digests.states(answer).items()
            if (one := results.get(answer.label)) is None
            or one.state.get(exercise) != digest
            or one.should_fail != sorted(answer.fails)
        }
    if mutated := load(assignment, MutantResult):
        found["mutants"] = {
            exercise
            for exercise, cell in assignment.graded_cells.items()
            if (known := {one.digest for one in mutated.results if one.cell in cell.answers})
            != {digests.of(exercise, reference())}
            and (known or any(one.exercise == exercise for one in mutants(assignment)))
        }
    if calibration := load(assignment, CalibrationResult):
        pairs = {(one.exercise, one.answer, one.digest) for one in calibration.results}
        parts = plan(assignment, digests=digests)
        found["calibration"] = {p.exercise for p in parts if (p.exercise, p.answer.label, p.digest) not in pairs}
    order = list(assignment.graded_cells)
    return {kind: sorted(names, key=order.index) for kind, names in found.items() if names}


def _versions(sets: list[SetFigures]) -> dict[str, list[str]]:
    """The records that were measured with the same versions, by these versions in words."""
    found: dict[str, list[str]] = {}
    for one in sets:
        for kind, header in one.headers.items():
            words = ", ".join(f"{name} {version}" for name, version in header.versions.items())
            found.setdefault(words, []).append(f"{one.name} {kind}")
    return found


def _thresholds(
    assignment: Assignment, results: list[CalibrationResult], outdated: list[str]
) -> list[ThresholdFigures]:
    found = []
    for name, record in assignment.thresholds.items():
        mine = [one for one in results if one.threshold == name]
        runs: dict[str, list[float]] = {}
        for one in mine:
            runs.setdefault(one.answer, []).extend(one.values)
        old = any(one.exercise in outdated or not one.exercise for one in mine)
        right = {label: values for label, values in runs.items() if not label.startswith("wrong/")}
        wrong = {label: values for label, values in runs.items() if label.removeprefix("wrong/") in record.against}
        found.append(ThresholdFigures(name, record, f"{assignment.name}-{name}.png", right, wrong, old))
    return found


def _draw(threshold: ThresholdFigures, path: Path) -> None:
    """One row of dots for each answer, right ones above, and the threshold as a line through them, as PNG."""
    rows = [(label, values, RIGHT) for label, values in threshold.right.items()]
    rows += [(label, values, WRONG) for label, values in threshold.wrong.items()]
    limit = threshold.record
    shown = json.dumps([limit.direction, limit.value, rows])
    with plt.rc_context({"font.size": 8}):
        figure, axes = plt.subplots(figsize=(7, 0.8 + 0.28 * max(len(rows), 2)))
        jitter = np.random.default_rng(0)
        for place, (_, values, colour) in enumerate(rows):
            heights = place + jitter.uniform(-0.22, 0.22, len(values))
            axes.scatter(values, heights, s=9, color=colour, alpha=0.55, linewidths=0)
        axes.axvline(limit.value, color=VALUE, linewidth=1)
        axes.set_yticks(range(len(rows)), [f"{label.removeprefix('wrong/')} ({len(v)})" for label, v, _ in rows])
        axes.invert_yaxis()
        axes.set_title(f"{threshold.name}: {limit.direction} {limit.value:g}", loc="left")
        axes.spines[["top", "right"]].set_visible(False)
        # no date and no version: the same figures give the same picture, and its text tells which figures they were
        metadata = {"Software": None, "Description": hashlib.sha256(shown.encode()).hexdigest()}
        figure.savefig(path, dpi=100, bbox_inches="tight", metadata=metadata, pil_kwargs={"optimize": True})
        plt.close(figure)
