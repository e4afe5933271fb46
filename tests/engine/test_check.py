"""The words a grader says with: they accept what is right in any dress, and fail kindly on anything else."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from goodfit import check
from goodfit.check import CheckFailed, Threshold
from goodfit.grading.student import Student
from goodfit.inside import wire
from goodfit.inside.agent import StudentKernel

JUNK = [
    None, True, "text", b"bytes", math.nan, math.inf, -1, 10**400, 1e300, 1j, [], [1, "a"], [[1], [1, 2]], {}, {1: 2},
    set(),
    object(), np.array([]), np.array(None), np.array([1, None]), np.array(["a"]), np.full(3, np.nan),
    np.zeros((2, 3, 4)),
    np.array(5), [None], [[None]], (1, 2), lambda: 0, np.array([b"x"]), [10**400], ["a", "b"], [True, False],
]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK, ids=lambda j: type(j).__name__)
def test_junk_fails_the_check_and_raises_nothing_else(junk: object) -> None:
    """Whatever a student returns, the only error is a failed check."""
    expectations = [
        lambda: check.number(junk, what="x"),
        lambda: check.number(junk, what="x", integer=True, low=0, high=5),
        lambda: check.array(junk, what="x", shape=(None, 2), dtype="integer"),
        lambda: check.array(junk, what="x", dtype="number"),
        lambda: check.sequence(junk, what="x", length=7),
        lambda: check.mapping(junk, what="x", keys=("a",)),
        lambda: check.equal(junk, np.arange(7), what="x"),
        lambda: check.equal(junk, [1, (2, "b")], what="x"),
        lambda: check.equal(junk, 41, what="x"),
        lambda: check.equal(junk, "другое", what="x"),
        lambda: check.equal(junk, {"a": 1}, what="x"),
        lambda: check.close(junk, 41.5, what="x"),
        lambda: check.close(junk, np.arange(7.0), what="x"),
        lambda: check.scaled(junk, 1e3, 1e4, what="x"),
    ]
    for expect in expectations:
        with contextlib.suppress(CheckFailed):  # some junk is right for some expectation; nothing else is raised
            expect()


@pytest.mark.parametrize("right", [[1, 2, 3], (1, 2, 3), np.array([1, 2, 3]), np.array([1, 2, 3], "uint8")])
def test_the_same_integers_are_equal_in_any_container(right: object) -> None:
    """Lists, tuples and integer arrays of any width are the same answer."""
    check.equal(right, np.array([1, 2, 3]), what="x")


def test_close_is_about_rounding_only() -> None:
    """Float32 rounding passes, a wrong third digit does not."""
    check.close(np.float32([0.1, 0.2]), np.array([0.1, 0.2]), what="x")
    with pytest.raises(CheckFailed):
        check.close([0.1, 0.201], np.array([0.1, 0.2]), what="x")


def test_no_rationale_tells_the_expected_value() -> None:
    """What the student reads names what came, never what should have come."""
    for attempt in (
        lambda: check.equal(1.5, 8274, what="x"),
        lambda: check.close(1.5, 8274.0, what="x"),
        lambda: check.equal([1], [8274], what="x"),
        lambda: check.equal("a", "8274", what="x"),
        lambda: check.close(np.zeros(3), np.full(3, 8274.0), what="x"),
        lambda: check.meets(0.1, Threshold("t", 0.8274, "at least", lambda n, v: None), what="x"),
    ):
        with pytest.raises(CheckFailed) as failed:
            attempt()
        assert "8274" not in failed.value.rationale


def test_a_wrong_array_is_told_where_it_begins_to_be_wrong() -> None:
    """The place and what came there, in one dimension and in two; never what should have come."""
    for attempt, told in (
        (lambda: check.close([0.5, 0.25], np.array([0.5, 8274.0]), what="x"), "index 1, where it is 0.25."),
        (
            lambda: check.equal([[1, 2], [3, 4]], np.array([[1, 2], [3, 8274]]), what="x"),
            r"index \(1, 1\), where it is 4.",
        ),
        (lambda: check.equal(["a" * 99], np.array(["8274"]), what="x"), "index 0, where it is 'aaa"),
        (lambda: check.mapping({"acc": 1, 10**5000: 2}, "x", keys=["accuracy"]), "but it has 'acc', an integer."),
    ):
        with pytest.raises(CheckFailed, match=told) as failed:
            attempt()
        assert "8274" not in failed.value.rationale
        assert len(failed.value.rationale) < 150


@pytest.mark.parametrize("junk", JUNK, ids=lambda j: type(j).__name__)
def test_a_value_of_the_wrong_kind_is_told_where_to_look(junk: object) -> None:
    """Where the check has no hint of its own, a wrong kind, shape, dtype or NaN brings one."""
    for expect in (
        lambda: check.number(junk, what="x"),
        lambda: check.array(junk, what="x", shape=(None, 2), dtype="integer"),
        lambda: check.mapping(junk, what="x", keys=("a",)),
        lambda: check.sequence(junk, what="x"),
    ):
        failed = None
        try:
            expect()
        except CheckFailed as error:
            failed = error
        assert failed is None or failed.hint


def test_thresholds_record_always_and_fail_nothing_while_calibrating() -> None:
    """While calibrating every measurement is written down and none fails."""
    seen: list[tuple[str, float]] = []
    check.meets(0.1, Threshold("t", 0.9, "at least", lambda *m: seen.append(m), calibrating=True), what="x")
    with pytest.raises(CheckFailed):
        check.meets(0.1, Threshold("t", 0.9, "at least", lambda *m: seen.append(m)), what="x")
    check.meets(0.1, Threshold("t", 0.9, "at most", lambda *m: seen.append(m)), what="x")
    assert seen == [("t", 0.1)] * 3


def test_too_little_knowledge_fails_without_being_measured_twice() -> None:
    """Another check's threshold decides whether a gap means anything; only that check records the accuracy."""
    seen: list[tuple[str, float]] = []
    check.good_enough(0.95, Threshold("t", 0.9, "at least", lambda *m: seen.append(m)))
    check.good_enough(0.1, Threshold("t", 0.9, "at least", lambda *m: seen.append(m), calibrating=True))
    with pytest.raises(CheckFailed, match="too little"):
        check.good_enough(0.1, Threshold("t", 0.9, "at least", lambda *m: seen.append(m)))
    assert seen == []


@pytest.mark.parametrize(("measured", "share"), [(0.5, 0), (0.7, 0), (0.8, 0.5), (0.9, 1), (0.95, 1)])
def test_scaled_gives_a_share_between_two_marks(measured: float, share: float) -> None:
    """Nothing at the low mark, everything at the high one, half in the middle."""
    try:
        check.scaled(measured, 0.7, 0.9, what="x")
        earned = 1.0
    except CheckFailed as failed:
        earned = failed.fraction
    assert earned == pytest.approx(share)


def test_a_check_without_a_sentence_or_points_is_refused() -> None:
    """The docstring is what the student reads, and a check that is worth nothing is none."""
    with pytest.raises(ValueError, match="docstring"):
        check.grades("x", points=1)(lambda student: None)
    with pytest.raises(ValueError, match="worth more"):
        check.grades("x", points=0)


def test_items_of_an_array_equal_plain_ones() -> None:
    """Where a list of truth values or texts is expected, an array of them is as good."""
    check.equal(np.array([True, False]), [True, False], what="x")
    check.equal(np.array(["a", "bc"]), ["a", "bc"], what="x")
    with pytest.raises(CheckFailed, match="item 1"):
        check.equal(np.array([True, True]), [True, False], what="x")


@pytest.mark.parametrize("items", [np.array([3, 4]), np.array([3, 4], dtype="uint8"), np.array([3.0, 4.0], "float32")])
def test_numbers_out_of_an_array_are_numbers(items: np.ndarray) -> None:
    """A pair that comes as one array is as good as a tuple, whatever its dtype."""
    assert [check.number(item, "x", integer=True) for item in check.sequence(items, "the pair")] == [3, 4]


# ---- arguments that are changed in place


def subtracts_in_place(values: np.ndarray, by: float = 1.0) -> np.ndarray:
    values -= by
    return values


def reverses_in_place(values: list[float], by: np.ndarray) -> float:
    values.reverse()
    return float(by[0])


def subtracts(values: np.ndarray, by: np.ndarray) -> np.ndarray:
    return values - by


class InOneProcess:
    """A session whose kernel is here: what the agent answers, as it goes over the wire."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.kernel = StudentKernel.__new__(StudentKernel)
        self.kernel._remote = {}
        self.kernel._name = lambda name: function  # type: ignore[method-assign]

    def request(self, op: str, seconds: float, buffers: list[bytes], **content: Any) -> tuple[dict[str, Any], Any]:
        tree, out = wire.encode(getattr(self.kernel, f"_do_{op}")(content, buffers))
        return {"status": "ok", "value": tree}, out


@pytest.mark.parametrize(
    ("function", "arguments", "changed"),
    [
        (subtracts_in_place, (np.array([1.0, np.nan]),), "argument 1"),
        (reverses_in_place, ([1.0, 2.0], np.ones(2)), "argument 1"),
        (subtracts, (np.array([[1.0, np.nan, np.inf]]), np.ones(3)), None),
    ],
)
def test_arguments_changed_in_place_are_seen(
    function: Callable[..., Any], arguments: tuple[Any, ...], changed: str | None
) -> None:
    student = Student(InOneProcess(function))  # type: ignore[arg-type]
    if changed is None:
        np.testing.assert_array_equal(student.call_sparing("f", *arguments), arguments[0] - 1)
        return
    for ask in (student.call_sparing, student.model_from):
        with pytest.raises(CheckFailed, match=f"changes {changed} in place"):
            ask("f", *arguments)
