"""Code that breaks: each cell and value gets a verdict with a reason, and costs no other point."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from faults import QUICK, RIGHT, SMALL, Grade, Submit, outcomes
from modules import module_of

from goodfit import check
from goodfit.check import CheckFailed, Threshold
from goodfit.grading.job import graded_places
from goodfit.grading.kernels import Kernels
from goodfit.grading.plugin import make_importable
from goodfit.grading.pool import Graders
from goodfit.grading.session import Session
from goodfit.grading.student import CouldNotRun, Student
from goodfit.grading.verdict import Outcome
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.restore import restore
from goodfit.sandbox.limits import MIB, Limits

CELLS: dict[str, tuple[str, str]] = {
    "endless": ("while True: pass", "stopped after 2 s"),
    "endless, and catches interrupts": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "stopped after 2 s",
    ),
    "endless, and cannot be interrupted": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
        "ignored being interrupted",
    ),
    "asleep in C": ("import ctypes\nctypes.CDLL(None).sleep(99)", "after 2 s"),
    "exit of the process": ("import os\nos._exit(0)", "died"),
    "crash": ("import ctypes\nctypes.string_at(0)", "died"),
    "killed": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "died"),
    "kernel ended politely": ("get_ipython().kernel.do_shutdown(False); exit()", ""),
    "sys.exit": ("import sys\nsys.exit(3)", ""),
    "memory in one piece": ("hoard = bytearray(3 << 30)", "memory"),
    "memory in many pieces": ("hoard = []\nwhile True: hoard.append(bytearray(32 << 20))", "memory"),
    "memory to the last bytes": (
        "hoard = []\ndef fill(size):\n    while True: hoard.append(bytearray(size))\n"
        "for size in (1 << 26, 1 << 20, 1 << 14, 1 << 9):\n    try: fill(size)\n    except MemoryError: pass\nfill(1 << 9)",
        "memory",
    ),
    "memory of many processes": (
        "import os, time\nfor _ in range(6):\n    if os.fork() == 0: hoard = b'x' * (500 << 20); time.sleep(60)\ntime.sleep(60)",
        "",
    ),
    "print flood": ("while True: print('x' * 1000)", "printed more than"),
    "print flood, and cannot be interrupted": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: print('x' * 1000)",
        "ignored being interrupted",
    ),
    "one giant output": ("print('x' * (80 << 20))", ""),
    "fork bomb": (
        "import os\nfor _ in range(2000):\n    try: os.fork()\n    except OSError: pass\nimport time; time.sleep(60)",
        "",
    ),
    "threads": (
        "import threading, time\ntry:\n    for _ in range(5000): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "except RuntimeError: pass",
        "",
    ),
    "disk full": ("open('big', 'wb').write(bytes(300 << 20))", ""),
    "input": ("input('name? ')", ""),
    "no Python": ("this is not Python (", ""),
    "odd characters": ("x = '\\ud800'\nprint(x)\n\x00\x1b[2J\u202e", ""),
    "standard streams closed": ("import sys, os\nsys.stdout.close(); os.close(1); os.close(2)", ""),
}


# like another one, or long
CELLS_WITH_ALL = {
    "endless, and catches interrupts", "asleep in C", "crash", "killed", "kernel ended politely", "memory in one piece",
    "memory to the last bytes", "memory of many processes", "print flood, and cannot be interrupted", "fork bomb",
    "sys.exit",
}  # fmt: skip


def cases(every: dict[str, tuple[str, str]], slow: set[str]) -> list[Any]:
    assert slow < set(every)
    return [pytest.param(*every[name], id=name, marks=[pytest.mark.all] * (name in slow)) for name in every]


@pytest.mark.parametrize(("code", "reason"), cases(CELLS, CELLS_WITH_ALL))
def test_a_broken_cell_costs_nothing_before_or_behind_it(submit: Submit, grade: Grade, code: str, reason: str) -> None:
    """Points before the cell stay, points behind it are earned, and the student reads what happened."""
    seconds = 2 if "after 2 s" in reason or "interrupted" in reason or "sleep" in code else 30
    bundle = grade(submit(after={"add": code}), cell_seconds=seconds, **SMALL)
    found = outcomes(bundle)
    assert found["test_adds_numbers"] == found["test_adds_arrays"] == Outcome.PASSED
    assert found["test_takes_the_mean"] is Outcome.PASSED
    assert reason in " ".join(bundle.verdict.notices)
    assert len(bundle.notebook) < 4 * MIB
    nbformat.validate(nbformat.reads(bundle.notebook, as_version=4))


CALLS: dict[str, tuple[str, str]] = {
    "endless": ("while True: pass", "longer than"),
    "endless, and catches interrupts": (
        "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        "longer than",
    ),
    "endless, and cannot be interrupted": (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n    while True: pass",
        "ignored being interrupted",
    ),
    "exit of the process": ("import os; os._exit(1)", "died"),
    "sys.exit": ("raise SystemExit(0)", "SystemExit"),
    "interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "memory": ("return bytearray(3 << 30)", "MemoryError"),
    "huge array": ("return np.zeros(40_000_000)", "MiB"),
    "huge list": ("return [0] * 5_000_000", "too many parts"),
    "huge text": ("return 'x' * 5_000_000", "two million"),
    "flood": ("while True: print('x' * 1000)", "longer than"),
    "an error without text": ("raise type('Odd', (Exception,), {'__str__': lambda self: 1 / 0})()", "Odd"),
    "an error with odd text": ("raise ValueError('\\ud800\\x00' * 999)", "ValueError"),
    "a generator": ("yield 1", "generator"),
    "recursion": ("return mean(values)", "RecursionError"),
    "nothing": ("pass", "None"),
}


CALLS_WITH_ALL = {"endless, and catches interrupts", "flood", "sys.exit", "interrupt", "huge text"}


@pytest.mark.parametrize(("code", "reason"), cases(CALLS, CALLS_WITH_ALL))
def test_a_broken_call_costs_its_own_check_only(submit: Submit, grade: Grade, code: str, reason: str) -> None:
    """The check says what happened; the checks of other functions keep their points."""
    bundle = grade(submit({"mean-answer": f"def mean(values):\n    {code}"}), **QUICK, **SMALL)
    found = outcomes(bundle)
    assert found.pop("test_takes_the_mean") in (Outcome.COULD_NOT_RUN, Outcome.FAILED)
    assert reason in (bundle.verdict.of_cell("mean")[0].rationale or "")
    assert bundle.verdict.earned == 3


@pytest.mark.all
def test_many_broken_cells_end_in_time(submit: Submit, grade: Grade) -> None:
    """A notebook whose every cell kills the kernel still gets a verdict, with the points from before."""
    deadly = "import os\nos._exit(1)"
    bundle = grade(submit(after=dict.fromkeys(["add", "mean-answer", "mean", "model-answer", "model-use"], deadly)))
    assert outcomes(bundle)["test_adds_arrays"] is Outcome.PASSED
    assert bundle.verdict.earned == RIGHT


def test_the_time_of_a_notebook_ends(submit: Submit, grade: Grade) -> None:
    """When a submission's whole time is up, what was earned stays and the rest says why it could not run."""
    slow = "import time\nwhile True:\n    try: time.sleep(60)\n    except KeyboardInterrupt: pass"
    bundle = grade(submit(after={"add": slow}), cell_seconds=60, notebook_seconds=5)
    found = outcomes(bundle)
    assert (found["test_adds_arrays"], found["test_takes_the_mean"]) == (Outcome.PASSED, Outcome.COULD_NOT_RUN)
    assert "5" in (bundle.verdict.of_cell("mean")[0].rationale or "")


def test_outputs_of_all_cells_together_are_bounded(submit: Submit, grade: Grade) -> None:
    """A notebook of cells that each print what one cell may does not become a huge file."""

    def talk(notebook: Any) -> None:
        for _ in range(60):
            notebook.cells.insert(2, nbformat.v4.new_code_cell(
                "from IPython.display import display\ndisplay({'image/png': 'iVBORw0KGgo' + 'A' * 900_001}, raw=True)"))  # fmt: skip

    bundle = grade(submit(edit=talk))
    assert outcomes(bundle)["test_takes_the_mean"] is Outcome.PASSED
    assert 20 * MIB < len(bundle.notebook) < 40 * MIB


VALUES = """
values_to_try = [
    None, True, False, 0, -1, 1, 42, 2**63, -2**63, 2**64, 10**400, -10**400, 10**2400, 0.0, -0.0, 0.5, 1e308, 5e-324,
    float("inf"), float("-inf"), float("nan"), 1j, complex("nan"), "", "42", "\\ud800", "x" * 100_000, b"", b"42",
    bytearray(b"x"), memoryview(b"x"), [], [[]], [None], [42], [[1], [2, 3]], [1, "a"], [[1, 2], ["a", None]], ["x" * 99_999] + [1] * 99_999,
    [1.5] * 1000, [10**400], [float("nan")] * 11, [[[[[1]]]]], (), (1,), (1, (2, [3])), set(), {1, 2}, {(1, 2)}, frozenset({"a"}), {}, {1: 2},
    {"a": [1, {"b": 2}]}, {None: None}, {(1, 2): 3}, {1.5: 1, True: 2}, range(3), range(10**9), iter([1]), (i for i in ()), map(str, []),
    lambda: 1, print, int, type, object(), Ellipsis, NotImplemented, slice(1), Exception("x"), np, add,
    np.int8(42), np.uint64(2**64 - 1), np.float16(42), np.longdouble(42), np.bool_(True), np.str_("a"), np.bytes_(b"a"), np.complex64(1),
    np.datetime64("2020-01-01"), np.timedelta64(1), np.array(None), np.array(42), np.array(float("nan")), np.array("a"), np.array(True),
    np.array([]), np.zeros(0, int), np.zeros((0, 3)), np.zeros((3, 0)), np.zeros((11, 1)), np.zeros((1, 11)), np.zeros((1,) * 30),
    np.full(11, np.nan), np.full(11, np.inf), np.full(11, "a"), np.full(11, b"a"), np.full(11, True), np.full(11, 1j),
    np.full(11, None), np.array([1, "a", None, []], dtype=object), np.array([np.zeros(2), np.zeros(3)], dtype=object),
    np.zeros(11, "i1"), np.zeros(11, "u8"), np.zeros(11, "f2"), np.zeros(11, "g"), np.zeros(11, ">f8"), np.zeros(11, "U0"), np.zeros(11, "S0"),
    np.zeros(11, "M8[D]"), np.zeros(11, [("a", "f8")]), np.zeros(11, "V3"), np.ma.masked_array([1.0] * 11, mask=[True] * 11),
    np.ma.masked, np.matrix([[1, 2]]), np.broadcast_to(1.0, (10**6,)), np.zeros(10**6)[::2], np.random.default_rng(0), np.random.RandomState(0),
    np.finfo(float), np.dtype("f8"),
]
loop = []; loop.append(loop); ring = {}; ring["a"] = ring
deep = 1
for _ in range(500): deep = [deep]
values_to_try += [loop, ring, deep, [loop, np.zeros(3)], {"a": deep}]
import pandas, decimal, fractions, datetime, enum, pathlib, collections, dataclasses, array
values_to_try += [
    pandas.Series([1.0] * 11), pandas.DataFrame({"a": [1], "b": ["x"]}), pandas.NA, pandas.NaT, pandas.Categorical(["a"]), pandas.Index([1, None]),
    decimal.Decimal(42), fractions.Fraction(42), datetime.datetime.now(), pathlib.Path("/"), collections.Counter("abc"),
    collections.namedtuple("P", "x y")(1, 2), collections.defaultdict(list), collections.OrderedDict(a=1), collections.deque([1]), array.array("d", [1.0] * 11),
    enum.IntEnum("E", "A").A, dataclasses.make_dataclass("D", ["x"])(1), type("S", (str,), {})("a"), type("I", (int,), {"__index__": lambda s: 1 / 0})(42),
    type("L", (list,), {"__iter__": lambda s: iter(int, 1)})([1]), type("N", (), {"numpy": lambda s: "x"})(), type("A", (), {"__array__": lambda s, *a, **k: 1 / 0})(),
    type("T", (dict,), {"items": lambda s: [(1,)]})(a=1), type("F", (float,), {"__float__": lambda s: "x"})(1.0),
]
import itertools
turn, how_many = itertools.count(), len(values_to_try)
def add(a, b): return values_to_try[next(turn) % len(values_to_try)]
mean = lambda values: values_to_try[next(turn) % len(values_to_try)]
model = None
def train(seed): return values_to_try[seed % len(values_to_try)]
"""


class Fuzz:
    """The checks of the tiny set, run again and again in one kernel that answers something else each time."""

    def __init__(self, graders: Graders, tiny: Assignment, notebook: bytes, folder: Path) -> None:
        restored = restore(notebook, tiny)
        self.kernels = Kernels(graders.tier, graders.server, Limits(check_seconds=20))
        self.kernels.__enter__()
        self.session = Session(restored.notebook, graded_places(restored, tiny), self.kernels, folder)
        self.student = Student(self.session)
        self.session.advance_to(len(restored.notebook.cells))

    def close(self) -> None:
        self.session.close()
        self.kernels.__exit__(None, None, None)


@pytest.fixture
def fuzz(graders: Graders, tiny: Assignment, submit: Submit, tmp_path: Path) -> Iterator[Fuzz]:
    (tmp_path / "data").mkdir()
    for name, path in tiny.data_files().items():
        (tmp_path / name).write_bytes(path.read_bytes())
    running = Fuzz(graders, tiny, submit(after={"why": VALUES}), tmp_path)
    yield running
    running.close()


def checks_of(tiny: Assignment) -> list[Callable[[Student], None]]:
    """The check functions of the tiny set that ask for values."""
    make_importable(tiny)
    module = module_of(tiny.graders_dir / "test_tiny.py")
    return [module.test_adds_numbers, module.test_adds_arrays, module.test_takes_the_mean]


def test_no_value_breaks_a_check(fuzz: Fuzz, tiny: Assignment) -> None:
    """Every check of the tiny set, against every kind of junk: wrong with a reason, never a grader error."""
    fuzz.student.begin(200)
    many = fuzz.student.value("how_many")
    passed, reasons = 0, []
    for ask in checks_of(tiny):
        for _ in range(many):
            try:
                ask(fuzz.student)
                passed += 1
            except (CheckFailed, CouldNotRun) as expected:
                reasons.append(expected.rationale)
                expected.rationale.encode()
                assert len(expected.rationale) < 6_000
    assert many > 140
    assert len(set(reasons)) > 60
    assert passed < 10, "42 is what one of them asks for"


def test_no_value_breaks_a_word_of_check(fuzz: Fuzz) -> None:
    """The same junk against every function of `check`, with expected values of every kind."""
    fuzz.student.begin(200)
    expected = [
        1,
        0.5,
        True,
        None,
        "a",
        {1, 2},
        {"a": 1},
        [1, 2],
        (1, [2]),
        np.zeros(11),
        np.zeros(11, int),
        np.array(1.0),
        np.array(["a"]),
    ]
    threshold = Threshold("t", 0.5, "at least", lambda name, value: None)
    tries: dict[str, list[Callable[[Any], object]]] = {
        "equal": [partial(lambda e, v: check.equal(v, e, "it"), e) for e in expected],
        "close": [partial(lambda e, v: check.close(v, e, "it"), e) for e in (1, 0.5, np.zeros(11), [1.0, 2.0])],
        "number": [lambda v: check.number(v, "it", low=0, high=1), lambda v: check.number(v, "it", integer=True)],
        "array": [
            partial(lambda d, f, v: check.array(v, "it", shape=(None,), dtype=d, finite=f), d, f)
            for d in ("integer", "number", "bool", "text", None)
            for f in (True, False)
        ],
        "sequence": [lambda v: check.sequence(v, "it"), lambda v: check.sequence(v, "it", length=2)],
        "mapping": [lambda v: check.mapping(v, "it", keys=["a", 1])],
        "meets": [lambda v: check.meets(v, threshold, "it")],
        "scaled": [lambda v: check.scaled(v, 0, 1, "it")],
    }
    for _ in range(fuzz.student.value("how_many")):
        with contextlib.suppress(CheckFailed, CouldNotRun):
            value = fuzz.student.call("add", 0, 0)
            for attempt in itertools.chain(*tries.values()):
                with contextlib.suppress(CheckFailed):
                    attempt(value)
