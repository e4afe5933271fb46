"""Whose fault it was: what ends a kernel is blamed, nothing else is; a fault of ours costs nobody a point."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from goodfit.grading.job import Bundle, Job, graded_places, lay_out, run_checks
from goodfit.grading.kernels import Kernels
from goodfit.grading.plugin import GradingPlugin
from goodfit.grading.pool import Graders
from goodfit.grading.session import Session
from goodfit.grading.verdict import CheckVerdict, Outcome
from goodfit.notebooks.assignment import Assignment, grade_id
from goodfit.notebooks.restore import restore
from goodfit.sandbox.errors import ConfinementFailed
from goodfit.sandbox.launch import Tier
from goodfit.sandbox.limits import MIB, Limits

Submit = Callable[..., bytes]
Grade = Callable[..., Bundle]

PLACES = ["setup", "add-answer", "add-visible", "add", "mean-answer", "mean", "model-answer", "model-use", "model"]
RIGHT = 5.0  # points of the reference answer without its model


def checks(bundle: Bundle) -> dict[str, CheckVerdict]:
    assert not bundle.verdict.needs_human, bundle.log
    return {check.name: check for check in bundle.verdict.checks}


def notes_of(bundle: Bundle, source: str) -> str:
    """What Goodfit wrote into the outputs of the cell with that text."""
    cells = nbformat.reads(bundle.notebook, as_version=4).cells
    (cell,) = [c for c in cells if c.source == source]
    return " ".join(o.get("text", "") for o in cell.outputs)


# ---- cells that end the kernel at once or later

LATER = {
    "a timer": "import threading, os\nthreading.Timer(0.8, os._exit, [0]).start()",
    "a thread": (
        "import threading, time, os\ndef end():\n    time.sleep(0.7)\n    os._exit(1)\n"
        "threading.Thread(target=end).start()"
    ),
    "a signal": "import signal\nsignal.alarm(1)",
    "a child": (
        "import os, time\nif os.fork() == 0:\n    time.sleep(0.8)\n    os.kill(os.getppid(), 9)\n    os._exit(0)"
    ),
    "the kernel's own end": "get_ipython().kernel.do_shutdown(False)",
    "a blocked loop": "import asyncio, time\nasyncio.get_event_loop().call_later(0.2, time.sleep, 1000)",
    "a hoard": (
        "import threading, time\nhoard = []\ndef fill():\n    time.sleep(0.5)\n"
        "    while True: hoard.append(np.zeros(1 << 21))\n"
        "threading.Thread(target=fill, daemon=True).start()"
    ),
}
SLOW = "import time\ntime.sleep(1.5)\nblock = bytearray(400 << 20)"


LONG = {"the kernel's own end", "a thread", "a child", "a signal", "a blocked loop", "a hoard"}  # with --all


@pytest.mark.parametrize(
    "code", [pytest.param(code, id=name, marks=[pytest.mark.all] * (name in LONG)) for name, code in LATER.items()]
)
def test_what_ends_the_kernel_later_is_blamed_where_it_stands(submit: Submit, grade: Grade, code: str) -> None:
    """Noticed cells later, it is the cause that is left out; the others keep their points and bear no note."""
    limits = {"cell_seconds": 6, "check_seconds": 6, "memory_bytes": 1536 * MIB, "total_memory_bytes": 2048 * MIB}
    bundle = grade(submit(after={"add-visible": code, "mean-answer": SLOW}), **limits)
    assert {name for name, c in checks(bundle).items() if c.outcome is Outcome.PASSED} == {
        "test_adds_numbers",
        "test_adds_arrays",
        "test_takes_the_mean",
    }
    assert "left out" in notes_of(bundle, code)
    assert notes_of(bundle, SLOW) == ""
    assert [n for n in bundle.verdict.notices if "ended the notebook's kernel" in n]


@pytest.fixture(scope="session")
def plain(grade: Grade, submit: Submit) -> Bundle:
    """The notebook without any cell that ends the kernel."""
    return grade(submit())


def costs_nothing(bundle: Bundle, plain: Bundle, code: str) -> None:
    assert bundle.verdict.checks == plain.verdict.checks
    assert "[Goodfit]" in notes_of(bundle, code)
    changed = nbformat.reads(bundle.notebook, as_version=4)
    changed.cells = [c for c in changed.cells if c.source != code]
    assert changed.cells == nbformat.reads(plain.notebook, as_version=4).cells


@pytest.mark.parametrize("place", PLACES)
def test_exit_costs_nothing_anywhere(submit: Submit, grade: Grade, plain: Bundle, place: str) -> None:
    """Behind any cell, `exit()` changes no check and no other cell; the note stands at that very cell."""
    costs_nothing(grade(submit(after={place: "exit()"})), plain, "exit()")


@pytest.mark.parametrize("code", ["get_ipython().ask_exit()", "import os\nos._exit(0)"])
def test_other_ends_of_the_kernel_cost_nothing_either(submit: Submit, grade: Grade, plain: Bundle, code: str) -> None:
    costs_nothing(grade(submit(after={"add-visible": code})), plain, code)


@pytest.mark.all
@pytest.mark.parametrize("place", PLACES)
def test_ten_times_the_same_points(submit: Submit, grade: Grade, place: str) -> None:
    """The same bytes with an `exit()`, and with a timer, get the same verdict ten times."""
    for code in ("exit()", LATER["a timer"]):
        first, *others = (grade(submit(after={place: code})).verdict for _ in range(10))
        assert all(other == first for other in others)


def test_an_exit_behind_the_answer_leaves_the_answer(submit: Submit, grade: Grade) -> None:
    """In the cell of an answer, too: what it defines counts."""
    answer = "def mean(values):\n    return sum(values) / len(values)\nexit()"
    assert checks(grade(submit({"mean-answer": answer})))["test_takes_the_mean"].outcome is Outcome.PASSED


@pytest.mark.all
def test_a_deadly_function_costs_its_own_checks_alone(submit: Submit, grade: Grade) -> None:
    """However often it is called: the kernel is replaced each time."""
    bundle = grade(submit({"add-answer": "import os\ndef add(a, b):\n    os._exit(1)"}))
    found = checks(bundle)
    assert found["test_adds_numbers"].outcome is found["test_adds_arrays"].outcome is Outcome.COULD_NOT_RUN
    assert "died" in (found["test_adds_arrays"].rationale or "")
    assert found["test_takes_the_mean"].outcome is Outcome.PASSED


# ---- a sandbox that does not start


class Unsteady(Kernels):
    """Kernels some of whose starts fail, as on a machine that is short of something."""

    failures: int

    def prove(self, ask: Any, manager: Any) -> list[str]:
        if self.failures:
            self.failures -= 1
            raise ConfinementFailed("OSError: [Errno 109] Too many references: cannot splice", where="test")
        return super().prove(ask, manager)


def graded_with(
    failures: int, graders: Graders, tiny: Assignment, notebook: bytes, folder: Path
) -> dict[str, CheckVerdict]:
    """The verdicts of the tiny set where that many starts of a kernel fail."""
    restored = restore(notebook, tiny)
    lay_out(folder, tiny, {})
    with Unsteady(graders.tier, graders.server, Limits()) as kernels:
        kernels.failures = failures
        session = Session(restored.notebook, graded_places(restored, tiny), kernels, folder, patience=60)
        grading = GradingPlugin(tiny, restored, session)
        run_checks(tiny, grading)
        session.finish()
    return grading.verdicts


def test_a_start_that_fails_once_is_tried_again(
    graders: Graders, tiny: Assignment, submit: Submit, tmp_path: Path
) -> None:
    found = graded_with(2, graders, tiny, submit(), tmp_path)
    assert sum(check.earned for check in found.values()) == RIGHT


def test_a_sandbox_that_cannot_be_started_is_our_fault(
    graders: Graders, tiny: Assignment, submit: Submit, tmp_path: Path
) -> None:
    """Every check is a grader error, whatever their number: no points are lost, and a human is asked."""
    found = graded_with(1000, graders, tiny, submit(), tmp_path)
    assert {check.outcome for check in found.values()} == {Outcome.GRADER_ERROR}


class EndedOnce(Kernels):
    """Kernels the first of which is ended from outside while a cell runs, as Linux does where memory is short."""

    started = 0

    def prove(self, ask: Any, manager: Any) -> list[str]:
        self.started += 1
        if self.started == 1:
            threading.Timer(2.0, manager.provisioner.sandbox.kill).start()
        return super().prove(ask, manager)


def test_a_death_that_does_not_come_again_is_held_against_nobody(
    graders: Graders, tiny: Assignment, submit: Submit, tmp_path: Path
) -> None:
    """The kernel is replaced, the cell runs again, and neither it nor a check bears the blame."""
    restored = restore(submit({"mean-answer": "import time\ntime.sleep(4)\nmean = np.mean"}), tiny)
    lay_out(tmp_path, tiny, {})
    with EndedOnce(graders.tier, graders.server, Limits()) as kernels:
        session = Session(restored.notebook, graded_places(restored, tiny), kernels, tmp_path, patience=60)
        grading = GradingPlugin(tiny, restored, session)
        run_checks(tiny, grading)
        session.finish()
        assert kernels.started > 1
    assert sum(check.earned for check in grading.verdicts.values()) == RIGHT
    assert (session.stopped, session.limits_hit) == ({}, [])


# ---- not attempted is only for what was handed out

OWN_ERROR = 'def mean(values):\n    raise NotImplementedError("symbolic tensors")'
STUB_LEFT = "def mean(values):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n    return np.mean(values)"


def test_an_error_of_ones_own_is_not_an_empty_answer(submit: Submit, grade: Grade) -> None:
    check = checks(grade(submit({"mean-answer": OWN_ERROR})))["test_takes_the_mean"]
    assert check.outcome is Outcome.COULD_NOT_RUN
    assert "symbolic tensors" in (check.rationale or "")
    assert "raise NotImplementedError(" in (check.rationale or "")


def test_a_stub_line_left_above_an_answer_is_said(submit: Submit, grade: Grade) -> None:
    check = checks(grade(submit({"mean-answer": STUB_LEFT})))["test_takes_the_mean"]
    assert check.outcome is Outcome.COULD_NOT_RUN
    assert "take it out" in (check.hint or "")


def test_a_stub_that_an_answer_calls_is_said(submit: Submit, grade: Grade, tiny: Assignment) -> None:
    """The exercise was answered, an earlier one was not: the first is not attempted, the second could not run."""
    stub = next(c.source for c in tiny.instructor.cells if grade_id(c) == "add-answer")
    found = checks(grade(submit({"add-answer": stub, "mean-answer": "def mean(values):\n    return add(values, 0)"})))
    assert found["test_adds_numbers"].outcome is Outcome.NOT_ATTEMPTED
    assert found["test_takes_the_mean"].outcome is Outcome.COULD_NOT_RUN
    assert "handed out" in (found["test_takes_the_mean"].hint or "")


def test_an_answer_in_a_cell_of_ones_own_was_attempted(submit: Submit, grade: Grade, tiny: Assignment) -> None:
    """The answer cell is as it was handed out, the wrong answer stands below it."""
    stub = next(c.source for c in tiny.instructor.cells if grade_id(c) == "mean-answer")
    wrong = "def mean(values):\n    return 0.0"
    check = checks(grade(submit({"mean-answer": stub}, after={"mean-answer": wrong})))["test_takes_the_mean"]
    assert check.outcome is Outcome.FAILED


# ---- an answer cell that stopped is the reason of what is missed

STOPPED = {
    "an import": ("import seaborn_is_not_here\ndef mean(values):\n    return np.mean(values)", "ModuleNotFoundError"),
    "Colab": ("from google.colab import drive\ndef mean(values):\n    return np.mean(values)", "ModuleNotFoundError"),
    "a magic": ("%matplotlib inline\n1 / 0\ndef mean(values):\n    return np.mean(values)", "ZeroDivisionError"),
    "no Python": ("def mean(values):\n    return np.mean(values", "SyntaxError"),
    "the time": ("while True: pass\ndef mean(values):\n    return np.mean(values)", "stopped after 2 s"),
    "a crash": ("import os\nos._exit(1)\ndef mean(values):\n    return np.mean(values)", "died"),
}


@pytest.mark.parametrize(("answer", "why"), STOPPED.values(), ids=STOPPED)
def test_the_cell_that_stopped_is_named(submit: Submit, grade: Grade, answer: str, why: str) -> None:
    check = checks(grade(submit({"mean-answer": answer}), cell_seconds=2))["test_takes_the_mean"]
    assert check.outcome is Outcome.COULD_NOT_RUN
    assert "`mean-answer`" in (check.rationale or "")
    assert why in (check.rationale or "")


def test_the_cell_that_stopped_is_named_for_what_a_function_misses(submit: Submit, grade: Grade) -> None:
    """A function that uses a name of a cell which stopped: NameError names the name, we the cell."""
    cells = {"mean-answer": "def mean(values):\n    return helper(values)"}
    helper = "import not_here\nhelper = np.mean"
    check = checks(grade(submit(cells, after={"setup": helper})))["test_takes_the_mean"]
    assert "begins with `import not_here`" in (check.rationale or "")


# ---- models


def model_check(grade: Grade, submit: Submit, body: str) -> CheckVerdict:
    train = f"import keras\nimport tensorflow as tf\n{body}"
    return checks(grade(submit({"model-answer": train}, model=True)))["test_separates_the_points"]


FIT = """
def train(seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((2,)), {layers}keras.layers.Dense(2, activation={activation})])
    model.compile(optimizer=keras.optimizers.Adam({rate}), loss="sparse_categorical_crossentropy")
    {fit}model.fit(points["x"], points["y"], batch_size=50, epochs=5, verbose=0)
    {end}
"""


def fitted(
    activation: str = "'softmax'", rate: str = "0.1", fit: str = "", end: str = "return model", layers: str = ""
) -> str:
    return FIT.format(activation=activation, rate=rate, fit=fit, end=end, layers=layers)


SCHEDULE = """
class Falling(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        return 0.1 / (1.0 + 0.01 * tf.cast(step, "float32"))
"""
OWN_LAYER = """
class Twice(keras.layers.Layer):
    def __init__(self, function, **more):
        super().__init__(**more)
        self.function = function
    def call(self, x):
        return self.function(x)
"""
PYTHON = "lambda x: tf.ensure_shape(tf.numpy_function(lambda a: a, [x], 'float32'), (None, 2))"
TWO_INPUTS = """
def train(seed):
    a, b = keras.Input((2,)), keras.Input((2,))
    return keras.Model([a, b], keras.layers.Dense(2)(keras.layers.Concatenate()([a, b])))
"""
REFUSED = {
    "history": (fitted(fit="return "), Outcome.FAILED, "is of type History, not a Keras model.", "fit"),
    "None": (fitted(end="pass"), Outcome.FAILED, "is None instead of a Keras model", ""),
    "Python code": (
        OWN_LAYER + fitted(layers=f"Twice({PYTHON}), "),
        Outcome.FAILED,
        "it runs Python code",
        "Sequential",
    ),
    "Python code in a Lambda": (
        fitted(layers=f"keras.layers.Lambda({PYTHON}, output_shape=(2,)), "),
        Outcome.FAILED,
        "it runs Python code",
        "Sequential",
    ),
    "two inputs": (TWO_INPUTS, Outcome.FAILED, "cannot be used", ""),
}  # fmt: skip


@pytest.mark.parametrize(("body", "outcome", "said", "hint"), REFUSED.values(), ids=REFUSED)
def test_a_model_that_is_refused_is_refused_in_a_sentence(
    submit: Submit, grade: Grade, body: str, outcome: Outcome, said: str, hint: str
) -> None:
    check = model_check(grade, submit, body)
    assert check.outcome is outcome
    assert said in (check.rationale or "")
    assert hint in (check.hint or "")
    assert "`model` gives `model`" not in (check.rationale or "")


OWN = {  # an own layer and an own activation are looked at as graphs in tests/attacks, too
    "schedule": SCHEDULE + fitted(rate="Falling()"),
    "layer": OWN_LAYER + fitted(layers="Twice(lambda x: 2 * x), "),
    "activation": "def softmax(x):\n    return keras.ops.softmax(3 * x)\n" + fitted(activation="softmax"),
}


@pytest.mark.parametrize("body", OWN.values(), ids=OWN)
def test_a_model_that_needs_own_code_is_taken(submit: Submit, grade: Grade, body: str) -> None:
    assert model_check(grade, submit, body).outcome is Outcome.PASSED


def test_ordinary_layers_are_taken(submit: Submit, grade: Grade) -> None:
    """selu with AlphaDropout, as in the books."""
    layers = 'keras.layers.Dense(16, activation="selu"), keras.layers.AlphaDropout(0.05), '
    assert model_check(grade, submit, fitted(layers=layers)).outcome is Outcome.PASSED


LIBRARIES = ("numpy", "zmq", "IPython", "ipykernel", "traitlets", "tornado", "keras", "matplotlib", "goodfit")


@pytest.mark.parametrize("tier", ["fork", "bubblewrap"])
def test_files_named_as_libraries_are_no_fault_of_ours(
    tier: str, graders: Graders, job_of: Callable[..., Job], submit: Submit
) -> None:
    """As in Jupyter, a notebook imports what lies beside it; a kernel starts all the same, and answers."""
    if tier == "bubblewrap" and not shutil.which("bwrap"):
        pytest.skip("bubblewrap is not installed")
    names = (*sys.stdlib_module_names, *LIBRARIES)
    files = {f"{name}.py": b"raise SystemExit(0)" for name in names if not name.startswith("_")}
    code = "import mine\nprint(mine.WORD)"
    job = job_of(submit(after={"setup": code}), {**files, "mine.py": b"WORD = 'found'"}).model_copy(
        update={"tier": tier}
    )
    bundle = Graders(Tier(tier), graders.server if tier == "fork" else None).grade(job)
    assert not bundle.verdict.broke, bundle.log
    assert bundle.verdict.earned > 0
    assert "found" in bundle.notebook
