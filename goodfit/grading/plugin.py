"""The pytest plugin that turns a folder of checks into a verdict on one notebook.

``pytest graders/SET --notebook FILE`` runs it by hand, with ``-k``, ``--pdb`` and ordinary tracebacks;
:mod:`goodfit.grading.job` runs the same plugin for a class. Checks are ordered by their graded cells' places, and the
notebook is run only as far as the next check needs.
"""

from __future__ import annotations

import importlib.util
import io
import math
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pydantic import BaseModel, ConfigDict

from goodfit.check import CheckFailed, Grades, Threshold
from goodfit.grading.client import KernelGone
from goodfit.grading.session import LateEffect, Session
from goodfit.grading.student import CouldNotRun, Student, Unfinished
from goodfit.grading.verdict import CheckVerdict, Outcome
from goodfit.notebooks.assignment import Assignment, grade_id
from goodfit.notebooks.restore import Restored
from goodfit.notebooks.slice import defined_names
from goodfit.notebooks.thresholds import ThresholdRecord

STUB = "raise NotImplementedError()"
STUB_LEFT = f"The line `{STUB}` of the handed-out cell still stands in your answer: take it out."
STUB_CALLED = "Is a function that it calls still as it was handed out?"
OUR_FAULT = "This check broke on our side. It costs no points; a teaching assistant will look at it."


class Scope(BaseModel):
    """How much of a submission is graded. The default is all of it; tests of graders and calibration take less.

    Attributes:
        only: graded cells whose checks run; None: all.
        calibrating: only checks that measure against a threshold run; thresholds record and never fail.
        brief: nothing more is run once a check is lost.
        seed: calibration's number of the run: takes the place of the notebook's SEED, and is the fixture ``seed``.
        enough: by check, after how many measurements it ends: what it asks behind them measures nothing. None for a
            check that is not in it.
    """

    model_config = ConfigDict(frozen=True)

    only: tuple[str, ...] | None = None
    calibrating: bool = False
    brief: bool = False
    seed: int = 0
    enough: dict[str, int] = {}

    @property
    def complete(self) -> bool:
        """Whether every check of the chosen cells must have given its verdict."""
        return not self.calibrating and not self.brief


class MeasuredEnough(BaseException):
    """A check has measured what this run is made for. No Exception: no check's own ``except`` takes it."""


class Fit(BaseModel):
    """A student's model whose overfitting gap a check asked for.

    Attributes:
        check: name of the check.
        grade_id: its graded cell.
        model: what the check calls the model.
        training: its accuracy on the rows that it was trained on, 0 to 1.
        held_out: its accuracy on rows that it has never seen, 0 to 1.
    """

    check: str
    grade_id: str
    model: str
    training: float
    held_out: float


class GradingPlugin:
    """Grades one restored notebook inside one pytest session.

    Args:
        assignment: the instructor's side.
        restored: the student's side.
        session: the notebook in its kernel.
        scope: how much of it.

    Attributes:
        verdicts: by check name, in the order they ran.
        measures: every measurement that met a threshold, by threshold name.
        measured: how many each check made.
        fits: accuracies of models whose gap was asked for, by check and model: a check that is run twice has one.
        faults: our own faults, with tracebacks, for the log.
        log: what pytest wrote.
        late: the place of a cell that ended the kernel after it had run: the notebook is to be graded without it.
    """

    def __init__(
        self, assignment: Assignment, restored: Restored, session: Session, scope: Scope | None = None
    ) -> None:
        self.assignment = assignment
        self.scope = scope or Scope()
        chosen = self.scope.only
        self.graded_cells = {k: v for k, v in assignment.graded_cells.items() if chosen is None or k in chosen}
        self.session = session
        self.verdicts: dict[str, CheckVerdict] = {}
        self.measures: dict[str, list[float]] = {}
        self.measured: dict[str, int] = {}
        self.fits: dict[tuple[str, str], Fit] = {}
        self.faults: list[str] = []
        self.late: int | None = None
        self.log = io.StringIO()
        self._answers = {
            name: cell.source for cell in restored.notebook.cells if (name := grade_id(cell)) in assignment.solutions
        }
        # by answer cell as it was handed out: what it would define
        self._unwritten = {name: defined_names(assignment.solutions[name]) for name in restored.untouched}
        self._student = Student(session, self._note_fit)
        self._at_work = ("", "")  # the check that runs, and its graded cell
        self._place = {
            cell.metadata.nbgrader.grade_id: i
            for i, cell in enumerate(restored.notebook.cells)
            if cell.metadata.get("nbgrader", {}).get("grade_id") in assignment.graded_cells
        }

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Refuse checks of unknown cells; order the others by their cells' places."""
        for item in items:
            mark = _grades(item)
            if mark is None or mark.grade_id not in self._place:
                name = mark.grade_id if mark else "none (it has no @grades)"
                raise pytest.UsageError(f"{item.nodeid}: its graded cell is {name}, which the notebook does not have")
        left_out = [item for item in items if not self._asked_for(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
        items.sort(key=lambda item: self._place[_grades(item).grade_id])  # type: ignore[union-attr]

    def _asked_for(self, item: pytest.Item) -> bool:
        mark = _grades(item)
        measures = "thresholds" in getattr(item, "fixturenames", ())
        return mark is not None and mark.grade_id in self.graded_cells and (measures or not self.scope.calibrating)

    @pytest.fixture
    def student(self, request: pytest.FixtureRequest) -> Student:
        """The submission, at the place of the check's graded cell."""
        mark = _grades(request.node)
        assert mark is not None
        self._at_work = request.node.name, mark.grade_id
        try:
            self.session.advance_to(self._place[mark.grade_id])
        except KernelGone as gone:
            raise CouldNotRun(str(gone)) from gone
        self._student.begin(mark.timeout or self.session.limits.check_seconds)
        return self._student

    @pytest.fixture
    def hidden(self) -> Callable[[str], dict[str, np.ndarray]]:
        """Arrays of graders/<assignment>/data/<name>.npz, which students never get."""
        return lambda name: _load(self.assignment.graders_dir / "data" / f"{name}.npz")

    @pytest.fixture
    def given(self) -> Callable[[str], dict[str, np.ndarray]]:
        """Arrays of source/<assignment>/data/<name>.npz, as students have them."""
        return lambda name: _load(self.assignment.source_dir / "data" / f"{name}.npz")

    def _limit(self, record: ThresholdRecord) -> float:
        """Where a measurement passes; while calibrating everywhere: no check trains once more."""
        return -record.sign * math.inf if self.scope.calibrating else float(record.value)

    @pytest.fixture
    def thresholds(self) -> dict[str, Threshold]:
        """The calibrated thresholds of ``thresholds.toml`` by name."""
        return {
            name: Threshold(name, self._limit(t), t.direction, self._record, self.scope.calibrating)
            for name, t in self.assignment.thresholds.items()
        }

    @pytest.fixture
    def seed(self) -> int:
        """For a check that has chance of its own and a threshold: the run's number while calibrating, else 0."""
        return self.scope.seed

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> object:
        """Run a check; where the kernel died in it, find out whose doing that was and run it once more."""
        arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        try:
            pyfuncitem.obj(**arguments)
        except MeasuredEnough:
            return True
        except CouldNotRun as error:
            gone = error.__cause__
            if not (isinstance(gone, KernelGone) and gone.died) or self.scope.brief:
                raise
            self.session.look_back(gone.since)
            mark = _grades(pyfuncitem)
            self._student.begin(mark.timeout if mark and mark.timeout else self.session.limits.check_seconds)
            pyfuncitem.obj(**arguments)
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
        """Turn what happened into the check's verdict; the first phase that did not pass decides."""
        report = yield
        mark = _grades(item)
        assert mark is not None
        if call.when == "teardown" and call.excinfo is None:
            return report
        if call.excinfo is not None and isinstance(call.excinfo.value, LateEffect):
            self.late = call.excinfo.value.index
            item.session.shouldstop = "a cell ended the kernel after it had run"
            return report
        if call.excinfo is not None or call.when == "call":
            verdict = self._judge(item, mark, call.excinfo.value if call.excinfo else None)
            self.verdicts[item.name] = verdict
            if self.scope.brief and verdict.outcome is not Outcome.PASSED:
                item.session.shouldstop = "a check is lost"
        return report

    def _judge(self, item: pytest.Item, mark: Grades, error: BaseException | None) -> CheckVerdict:
        outcome, rationale, hint, fraction = Outcome.PASSED, None, None, 1.0
        if isinstance(error, CheckFailed):
            outcome, rationale, hint, fraction = Outcome.FAILED, error.rationale, error.hint, error.fraction
        elif isinstance(error, AssertionError):
            outcome, rationale, fraction = Outcome.FAILED, "This does not hold for your answer.", 0.0
        elif isinstance(error, CouldNotRun):
            outcome, rationale, hint, fraction = Outcome.COULD_NOT_RUN, error.rationale, error.hint, 0.0
        elif error is not None:
            outcome, rationale, fraction = Outcome.GRADER_ERROR, OUR_FAULT, 0.0
            self.faults.append(f"{item.nodeid}\n{_trace(error)}")
        if outcome in (Outcome.FAILED, Outcome.COULD_NOT_RUN) and error is not None:
            self.log.write(f"{item.nodeid}: {outcome}\n{_trace(error)}\n")
        answers = self.assignment.graded_cells[mark.grade_id].answers
        if outcome in (Outcome.FAILED, Outcome.COULD_NOT_RUN):
            if self._not_attempted(answers, error):
                outcome, rationale, hint, fraction = Outcome.NOT_ATTEMPTED, None, None, 0.0
            elif isinstance(error, Unfinished) and error.bare:
                hint = STUB_LEFT if any(STUB in self._answers.get(a, "") for a in answers) else STUB_CALLED
            elif reason := self._student.why_missed():
                rationale = f"{rationale} {reason}"
                if "NotImplementedError" in reason and any(STUB in self._answers.get(a, "") for a in answers):
                    hint = STUB_LEFT
        return CheckVerdict(
            name=item.name,
            grade_id=mark.grade_id,
            sentence=sentence(item),
            points=mark.points,
            earned=mark.points * fraction,
            outcome=outcome,
            rationale=rationale,
            hint=hint,
        )

    def _not_attempted(self, answers: tuple[str, ...], error: BaseException | None) -> bool:
        """Whether the exercise, or the part of it that was asked for, is as it was handed out."""
        if answers and all(a in self._unwritten for a in answers):
            return True
        return isinstance(error, Unfinished) and any(error.name in self._unwritten.get(a, ()) for a in answers)

    def _note_fit(self, model: str, training: float, held_out: float) -> None:
        check, cell = self._at_work
        self.fits[check, model] = Fit(check=check, grade_id=cell, model=model, training=training, held_out=held_out)

    def _record(self, name: str, value: float) -> None:
        self.measures.setdefault(name, []).append(value)
        check, _ = self._at_work
        self.measured[check] = self.measured.get(check, 0) + 1
        if self.measured[check] == self.scope.enough.get(check):
            raise MeasuredEnough


def sentence(item: pytest.Item) -> str:
    """The check's docstring up to its first empty line, as one line: what the student reads."""
    text = (item.function.__doc__ or "").strip()  # type: ignore[attr-defined]
    return " ".join(text.split("\n\n")[0].split())


def _trace(error: BaseException) -> str:
    """What an error is, and the lines that led to it, from the check on: for staff.

    pytest's own look through all modules for the source: a tenth of a second of CPU for each check that fails.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = next(
        (i for i, frame in enumerate(frames) if frame.name == "pytest_pyfunc_call" and frame.filename == __file__), -1
    )
    last = "".join(traceback.format_exception_only(error))
    return "".join(traceback.format_list(frames[ours + 1 :])) + last.rstrip()


_importable: list[str] = []  # the folder of the graders whose modules can be imported now


def make_importable(assignment: Assignment) -> None:
    """Let the checks of a set import its other modules as ``<assignment>.<module>``, wherever the set lies.

    Of two courses in one process, the modules of the one before are forgotten: their sets may have the same names.
    """
    root = str(assignment.graders_dir.parent)
    if root in _importable:
        return
    for old in _importable:
        sys.path.remove(old)
        for name, module in list(sys.modules.items()):
            places = [getattr(module, "__file__", None) or "", *getattr(module, "__path__", ())]
            if any(str(place).startswith(old + os.sep) for place in places):
                del sys.modules[name]
    _importable[:] = [root]
    sys.path.append(root)  # behind all others: a set does not take a library's name
    importlib.invalidate_caches()


def is_of_a_library(name: str) -> bool:
    """Whether Python has a module of that name, besides the sets that :func:`make_importable` has shown it."""
    spec = importlib.util.find_spec(name)
    places = [spec.origin or "", *(spec.submodule_search_locations or ())] if spec else []
    return spec is not None and not any(place.startswith(root + os.sep) for root in _importable for place in places)


def _grades(item: pytest.Item) -> Grades | None:
    return getattr(getattr(item, "function", None), "goodfit", None)


def _load(path: Path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
