"""What is measured again: the exercises that a change concerns, and no others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from author_tools import edit, fresh, text

from goodfit.authoring.answers import bank
from goodfit.authoring.bank import BankRun, MutantRun
from goodfit.authoring.calibrate import calibrate, measure, plan
from goodfit.authoring.measurements import BankResult, CalibrationResult, MutantResult, load, save
from goodfit.authoring.report import outdated
from goodfit.authoring.state import Digests
from goodfit.course.course import Course
from goodfit.grading.job import Bundle, Job
from goodfit.grading.pool import Graders
from goodfit.grading.verdict import Verdict
from goodfit.sandbox.limits import Limits

CHECKS, SHARED = "graders/tiny/test_tiny.py", "graders/tiny/helpers.py"
HELPER = """

def far(values):
    return bound(values) + OFFSET


def bound(values):
    return len(values)


OFFSET = 1
UNUSED = 2
"""
SECOND = '''

from tiny.helpers import far, UNUSED


@grades("mean", points=1)
def test_measures(student, thresholds):
    """The mean is near."""
    check.meets(far([1]), thresholds[f"mean_{1}"], what="it")
'''
TABLE = '\n[mean_1]\ndirection = "at most"\nvalue = 3\nagainst = ["first_value"]\n'


def notebook(change: Callable[[dict], None]) -> None:
    path = Path("source/tiny/tiny.ipynb")
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def data() -> None:
    np.savez("graders/tiny/data/more.npz", x=[1])


@pytest.fixture
def two(inside: Path) -> Path:
    """The set with a second exercise that measures against a threshold, through a helper of another module."""
    Path(SHARED).write_text(HELPER)
    Path("graders/tiny/__init__.py").touch()
    Path(CHECKS).write_text(Path(CHECKS).read_text() + SECOND)
    table = Path("graders/tiny/thresholds.toml")
    table.write_text(table.read_text() + TABLE)
    return inside


CHANGES = {
    "its own cell": (lambda: notebook(text("mean-answer", "np.sum", "np.nansum")), {"mean"}),
    "a comment in it": (lambda: notebook(text("mean-answer", "### END", "# more\n    ### END")), set()),
    "prose": (lambda: notebook(text("title", "tiny", "small")), set()),
    "a cell that two need": (lambda: notebook(text("setup", "SEED = 7", "SEED = 8")), {"mean", "model"}),
    "data": (data, {"add", "mean", "model"}),
    "a check": (lambda: edit(CHECKS, "20, 22), 42", "20, 23), 43"), {"add"}),
    "a helper": (lambda: edit(SHARED, "return len(values)", "return sum(values)"), {"mean"}),
    "a constant": (lambda: edit(SHARED, "OFFSET = 1", "OFFSET = 3"), {"mean"}),
    "what no check uses": (lambda: edit(SHARED, "UNUSED = 2", "UNUSED = 3"), set()),
    "a direction": (lambda: edit("graders/tiny/thresholds.toml", "at most", "at least"), {"mean"}),
    "a value": (lambda: edit("graders/tiny/thresholds.toml", "0.913", "0.9"), {"model"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_concerns_its_exercises(two: Path, name: str) -> None:
    """The digests of the exercises that depend on what changed are others; all others stay."""
    change, concerned = CHANGES[name]
    reference = bank(fresh())[0]
    before = Digests(fresh()).states(reference)
    change()
    after = Digests(fresh()).states(reference)
    assert {exercise for exercise in before if before[exercise] != after[exercise]} == concerned


def test_an_answer_touches_what_it_changes(two: Path) -> None:
    """A cell that repeats the reference in other words' layout is no way of its own; the exercise that uses it is."""
    by_name = {answer.name: answer for answer in bank(fresh())}
    assert Digests(fresh()).touched(by_name["loop"]) == ["mean"]
    reference = next(c for c in fresh().source.cells if c.id == "mean-answer").source
    path = Path("graders/tiny/answers/right/same.py")
    path.write_text(f"# why: it is the same.\n# %% mean-answer\n{reference}\n# and a comment\n")
    same = next(answer for answer in bank(fresh()) if answer.name == "same")
    assert Digests(fresh()).touched(same) == []


class Measured:
    """In the place of graders: measures are made up from the seed, and the jobs are counted."""

    tier = "fork"

    def __init__(self, stop: int = 10**6) -> None:
        self.jobs: list[tuple[str, ...]] = []
        self._stop = stop

    def grade_all(self, jobs: list[tuple[str, Job]], workers: int) -> object:
        for name, job in jobs:
            if len(self.jobs) == self._stop:
                raise KeyboardInterrupt
            assert job.scope.only is not None
            self.jobs.append(job.scope.only)
            wrong = "untrained" in name or "first_value" in name
            noise = float(np.random.default_rng(job.scope.seed).normal(0, 0.01))
            measures = {
                "model": {"accuracy": [0.5 + 0.4 * (not wrong) + noise]},
                "mean": {"mean_1": [1 + 4 * wrong + noise]},
            }
            verdict = Verdict(assignment="tiny", notebook="tiny", sandbox="fork", checks=[])
            yield name, Bundle(verdict=verdict, notebook="", measures=measures[job.scope.only[0]])


def calibrated(stop: int = 10**6, **choices: object) -> list[tuple[str, ...]]:
    """Calibrate and return the exercises of the runs that were made."""
    graders, assignment = Measured(stop), fresh()
    parts = plan(assignment, **{"runs": 40, "wrong_runs": 10, **choices})  # type: ignore[arg-type]
    force = bool(choices.get("force"))
    done = list(measure(assignment, graders, parts, 1, Path("state"), Limits(), force))  # type: ignore[arg-type]
    calibrate(assignment, parts, done)
    return graders.jobs


def test_a_calibration_runs_what_is_missing(two: Path) -> None:
    """Ways that differ from the reference alone, and once; more seeds are added; a new answer is run alone."""
    assert calibrated().count(("mean",)) == 2 * 20 + 10, "reference, loop and first_value"
    record = load(fresh(), CalibrationResult)
    assert record is not None
    assert {(one.exercise, one.answer, len(one.values)) for one in record.results} == {
        ("model", "reference", 40), ("model", "wrong/untrained", 10),
        ("mean", "reference", 20), ("mean", "right/loop", 20), ("mean", "wrong/first_value", 10),
    }  # fmt: skip
    table = Path("graders/tiny/thresholds.toml").read_text()
    assert calibrated() == []
    assert Path("graders/tiny/thresholds.toml").read_text() == table
    assert outdated(fresh()) == {}
    assert sorted(calibrated(runs=46)) == [("mean",)] * 6 + [("model",)] * 6
    Path("graders/tiny/answers/right/other.py").write_text("# why: mean.\n# %% mean-answer\nmean = np.mean\n")
    assert outdated(fresh()) == {"calibration": ["mean"]}
    assert calibrated(runs=46) == [("mean",)] * 16
    assert calibrated(force=True, only=["model"]) == [("model",)] * 50


def test_a_calibration_outlives_a_change_of_checks_that_measure_nothing(two: Path) -> None:
    """What a calibration does not run decides nothing of it; a helper of what it runs does."""
    calibrated()
    edit(CHECKS, "normal(size=37)", "normal(size=38)")
    assert calibrated() == []
    edit(SHARED, "OFFSET = 1", "OFFSET = 0.5")
    assert set(calibrated()) == {("mean",)}


def test_only_one_exercise_is_measured(two: Path) -> None:
    """With only, the others keep value and record, also those of a record of an older version."""
    old = [CalibrationResult(threshold=name, answer="reference", values=[0.9, 0.91]) for name in ("accuracy", "mean_1")]
    save(fresh(), CalibrationResult, old)
    assert outdated(fresh()) == {"calibration": ["mean", "model"]}
    before = fresh().thresholds
    assert set(calibrated(only=["mean"])) == {("mean",)}
    after = fresh().thresholds
    assert after["accuracy"] == before["accuracy"]
    assert after["mean_1"].right_runs == 40
    record = load(fresh(), CalibrationResult)
    assert record is not None
    assert [one for one in record.results if one.threshold == "accuracy"] == old[:1]
    assert outdated(fresh()) == {"calibration": ["model"]}
    edit(SHARED, "OFFSET = 1", "OFFSET = 5")
    assert outdated(fresh()) == {"calibration": ["mean", "model"]}
    assert set(calibrated(only=["model"])) == {("model",)}


def test_a_stopped_calibration_goes_on(two: Path) -> None:
    """What was run before the stop is not run again, and what changed meanwhile is."""
    with pytest.raises(KeyboardInterrupt):
        calibrated(stop=30)
    edit(CHECKS, "20, 22), 42", "20, 23), 43")  # of no concern
    assert len(calibrated()) == 50 + 50 - 30
    with pytest.raises(KeyboardInterrupt):
        calibrated(stop=5, runs=80)
    edit(SHARED, "OFFSET = 1", "OFFSET = 5")
    assert set(calibrated(only=["mean"])) == {("mean",)}


@pytest.fixture
def one(inside: Path) -> Course:
    """A course with a small set without models."""
    from goodfit.authoring.new import new_set
    from goodfit.cli.terminal import open_course

    new_set(open_course(Path(".")), "one")
    return open_course(Path("."))


def test_bank_and_mutants_grade_what_changed(one: Course, graders: Graders) -> None:
    """A stopped run goes on; --changed takes what has no result that holds, and keeps the others."""
    stopped = BankRun(fresh("one")).grade(one, graders, 1)
    first = next(stopped).answer
    stopped.close()  # type: ignore[attr-defined]
    assert load(fresh("one"), BankResult) is None
    again = BankRun(fresh("one"))
    begun = len(list(again.grade(one, graders, 1)))
    assert begun == len(bank(fresh("one")))
    record = load(fresh("one"), BankResult)
    assert record is not None
    assert first in {one.answer for one in record.results}
    assert outdated(fresh("one")) == {}
    assert BankRun(fresh("one"), changed=True).answers == []
    assert len(BankRun(fresh("one")).answers) == begun, "a whole run grades everything again"
    wrong = next(Path("graders/one/answers/wrong").glob("*.py"))
    wrong.write_text(wrong.read_text() + "\nextra = 1\n")
    run = BankRun(fresh("one"), changed=True)
    assert [answer.name for answer in run.answers] == [wrong.stem]
    assert outdated(fresh("one")) == {"bank": list(fresh("one").graded_cells)}
    list(run.grade(one, graders, 1))
    assert outdated(fresh("one")) == {}
    mutants = MutantRun(fresh("one"))
    mutants.mutants = mutants.mutants[:2]
    list(mutants.grade(one, graders, 1))
    whole = MutantRun(fresh("one"))
    rest = MutantRun(fresh("one"), changed=True)
    assert len(rest.mutants) == len(whole.mutants) - 2
    assert outdated(fresh("one")) == {}
    record = load(fresh("one"), MutantResult)
    assert record is not None
    assert len(record.results) == 2
