"""Classes that were never graded: results made through the real classes, for reports on a class of any size."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from goodfit.authoring.answers import bank, reference
from goodfit.authoring.grader_files import collect_checks
from goodfit.check import Grades
from goodfit.grading.job import Bundle
from goodfit.grading.plugin import Fit
from goodfit.grading.verdict import CheckVerdict, Outcome, Verdict
from goodfit.notebooks.assignment import Assignment, grade_id
from goodfit.reports import class_results
from goodfit.reports.class_results import ClassResults, Submission


@dataclass(frozen=True)
class Made:
    """One student's result to be made.

    Attributes:
        student: id.
        outcomes: of checks, by name; the others passed.
        said: rationale of checks that did not pass.
        answers: text of answer cells by grade_id; the others have the reference answer.
        seconds: wall time.
    """

    student: str
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    said: str = "It is 3, and not 4."
    answers: Mapping[str, str] = field(default_factory=dict)
    fits: tuple[Fit, ...] = ()
    measures: Mapping[str, list[float]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    attention: tuple[str, ...] = ()
    sandbox: str = "fork"
    seconds: float = 2.0
    late: float = 0.0
    name: str = ""


@cache
def _checks(name: str, source: Path, graders: Path) -> dict[str, Grades]:
    assignment = Assignment(name, source, graders)
    order = list(assignment.graded_cells)
    return dict(sorted(collect_checks(assignment).items(), key=lambda item: order.index(item[1].grade_id)))


def checks_of(assignment: Assignment) -> dict[str, Grades]:
    """The set's checks in the order in which they run."""
    return _checks(assignment.name, assignment.source_dir, assignment.graders_dir)


@cache
def _digest(name: str, source: Path, graders: Path) -> str:
    return Assignment(name, source, graders).digest()[:16]


def bundle(assignment: Assignment, made: Made, padding: int = 0) -> Bundle:
    """The result as grading saves it; the notebook as large as one with so many characters of plots."""
    verdicts = []
    for name, mark in checks_of(assignment).items():
        outcome = made.outcomes.get(name, Outcome.PASSED)
        passed = outcome is Outcome.PASSED
        verdicts.append(
            CheckVerdict(
                name=name, grade_id=mark.grade_id, sentence=f"The check {name} holds.", points=mark.points,
                earned=mark.points if passed else 0, outcome=outcome, rationale=None if passed else made.said,
            )
        )  # fmt: skip
    notebook = json.loads(reference().notebook(assignment))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = made.answers.get(name, cell["source"])
    notebook["metadata"]["padding"] = "x" * padding
    return Bundle(
        verdict=Verdict(
            assignment=assignment.name, notebook=assignment.name, sandbox=made.sandbox, checks=verdicts,
            notices=list(made.notices), attention=list(made.attention),
            versions={"graders": _digest(assignment.name, assignment.source_dir, assignment.graders_dir)},
        ),
        notebook=json.dumps(notebook), measures=dict(made.measures), fits=list(made.fits), seconds=made.seconds,
    )  # fmt: skip


def save(root: Path, assignment: Assignment, everybody: Iterable[Made], padding: int = 0) -> None:
    """Leave in a course folder what grading would have left there, but for the gradebook."""
    state = root / ".goodfit" / assignment.name
    state.mkdir(parents=True, exist_ok=True)
    for made in everybody:
        (root / "submitted" / made.student / assignment.name).mkdir(parents=True)
        saved = {"key": "none", "bundle": bundle(assignment, made, padding).model_dump(mode="json")}
        (state / f"{made.student}.json").write_text(json.dumps(saved), encoding="utf-8")


def results(assignment: Assignment, everybody: Iterable[Made], anonymous: bool = False) -> ClassResults:
    """The class, without any folder."""
    templates = {grade_id(c): c.source for c in assignment.instructor.cells if grade_id(c) in assignment.solutions}
    submissions = []
    for made in everybody:
        one = bundle(assignment, made)
        submissions.append(
            Submission(
                student=made.student, name=made.name, verdict=one.verdict, measures=one.measures, fits=one.fits,
                seconds=made.seconds, late=made.late, handed_in=None,
                answers={**assignment.solutions, **made.answers},
            )
        )  # fmt: skip
    return class_results.of(assignment, submissions, templates=templates, anonymous=anonymous)


def drawn(assignment: Assignment, size: int, seed: int = 7) -> list[Made]:
    """A class drawn at random: able and less able students, mistakes of the set's bank, models around the bar."""
    rng = np.random.default_rng(seed)
    wrong = [answer for answer in bank(assignment) if answer.kind == "wrong"]
    checks = checks_of(assignment)
    everybody = []
    for number in range(size):
        ability = rng.normal()
        outcomes: dict[str, Outcome] = {}
        for answer in rng.permutation(np.array(wrong, dtype=object))[: max(0, round(rng.normal(3 - 2 * ability)))]:
            outcomes |= dict.fromkeys(answer.fails, Outcome.FAILED)
        for cell in assignment.graded_cells:
            lost = rng.random() < 0.05 - 0.03 * ability
            if lost:
                state = Outcome.NOT_ATTEMPTED if rng.random() < 0.6 else Outcome.COULD_NOT_RUN
                outcomes |= {name: state for name, mark in checks.items() if mark.grade_id == cell}
        if rng.random() < 0.003:
            outcomes[str(rng.choice(list(checks)))] = Outcome.GRADER_ERROR
        fits, measures = _models(assignment, outcomes, ability, rng)
        answers = {
            name: text + "\n" + "\n".join(f"extra_{k} = {rng.integers(9)} + {rng.integers(9)}" for k in range(12))
            for name, text in assignment.solutions.items()
        }
        everybody.append(
            Made(
                f"s{number:04d}", outcomes, f"It is {rng.integers(5)}, and not 7.", answers, fits, measures,
                seconds=float(rng.gamma(4, 5)), late=float(rng.random() < 0.1) * 3600,
                attention=("There are two notebooks.",) if rng.random() < 0.01 else (),
            )
        )  # fmt: skip
    return everybody


def _models(
    assignment: Assignment, outcomes: dict[str, Outcome], ability: float, rng: np.random.Generator
) -> tuple[tuple[Fit, ...], dict[str, list[float]]]:
    """A model for each threshold of a gap, measured against the bar of the same name where there is one."""
    fits, measures = [], {}
    cells = list(assignment.graded_cells)
    for i, (name, threshold) in enumerate(assignment.thresholds.items()):
        if not name.endswith("gap"):
            continue
        held_out = float(np.round(np.clip(0.82 + 0.04 * ability + 0.03 * rng.normal(), 0, 1), 4))
        training = float(np.round(min(1.0, held_out + abs(rng.normal(threshold.value / 2, 0.05))), 4))
        check = next(iter(checks_of(assignment)))
        fits.append(
            Fit(check=check, grade_id=cells[i % len(cells)], model=f"`{name}`", training=training, held_out=held_out)
        )
        measures[name] = [training - held_out]
        if (bar := name.replace("gap", "accuracy")) in assignment.thresholds:
            measures[bar] = [held_out]
    return tuple(fits), measures
