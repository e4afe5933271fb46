"""What a grader says with: ``check.equal``, ``check.close``, ``check.array`` and friends, and the ``grades`` mark.

A check that fails raises :class:`CheckFailed` with a rationale (what came) and a hint (where to look). No rationale
ever prints an expected value or a threshold: students read it. Every function here accepts *any* value a student's
code can return and fails the check, kindly, where the value is of the wrong kind.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])
MAX_ITEMS = 1_000_000  # more parts than any exercise asks for: refused before time is spent on them
MAX_BYTES = 256 * 2**20  # of an array that is made from a list
MAX_SHOWN = 40  # characters of a text in a sentence

# where to look, in checks that do not say it themselves
NONE = "A function that ends without `return` gives None, and so do methods that change an object in place."
NOT_FINITE = "NaN and infinity come from a division by 0, a logarithm of 0, or numbers too large for their dtype."
SHAPE = "Print the shape after each step, and look where it first differs from what the exercise asks for."
DTYPE = "Print the dtype after each step: `astype` and divisions change it."
KIND = "Print `type(...)` of it, and compare with what the exercise says is to be returned."
KEYS = "Compare its keys, letter by letter, with those that the exercise names."


class CheckFailed(Exception):
    """The student's answer is wrong, or only partly right.

    Attributes:
        rationale: what came, for the student.
        hint: where to look, or None.
        fraction: share of the check's points that is earned all the same, 0 to below 1.
    """

    def __init__(self, rationale: str, hint: str | None = None, fraction: float = 0.0) -> None:
        super().__init__(rationale)
        self.rationale = rationale
        self.hint = hint
        self.fraction = fraction


@dataclass(frozen=True)
class Grades:
    """Which graded cell a check belongs to, what it is worth and how many seconds of the student's time it may take."""

    grade_id: str
    points: float
    timeout: float | None = None


def grades(grade_id: str, points: float, timeout: float | None = None) -> Callable[[Function], Function]:
    """Mark a pytest function as a check of the graded cell ``grade_id``, worth ``points``.

    Args:
        grade_id: nbgrader's grade_id of the graded cell.
        points: weight of the check; a cell's points are the sum of its checks'.
        timeout: seconds for all calls of the check together, without what a busy machine makes them wait; None: the
            course's ``check_seconds``.

    Raises:
        ValueError: when the check cannot be one; the author's tools say in which file and line.
    """
    _refuse_odd_mark(grade_id, points, timeout)

    def mark(function: Function) -> Function:
        if not (function.__doc__ or "").strip():
            raise ValueError(f"{function.__name__} needs a docstring: it is the sentence that the student reads")
        function.goodfit = Grades(grade_id, points, timeout)  # type: ignore[attr-defined]
        return function

    return mark


def _refuse_odd_mark(grade_id: Any, points: Any, timeout: Any) -> None:
    if not isinstance(grade_id, str):
        raise ValueError("@grades needs the grade_id of a graded cell and points: @grades('mean', points=2)")
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 < points < math.inf:
        raise ValueError(f"a check of {grade_id!r} must be worth more than nothing, got {points!r} points")
    if timeout is not None and not (isinstance(timeout, int | float) and timeout > 0):
        raise ValueError(f"a check of {grade_id!r} has the timeout {timeout!r}, which is no number of seconds")


def fail(rationale: str, hint: str | None = None) -> NoReturn:
    """Fail the check."""
    raise CheckFailed(rationale, hint)


def that(condition: object, rationale: str, hint: str | None = None) -> None:
    """Fail with the rationale unless the condition (of the grader's own making) holds."""
    if not condition:
        fail(rationale, hint)


def number(
    value: Any,
    what: str,
    low: float | None = None,
    high: float | None = None,
    integer: bool = False,
    hint: str | None = None,
) -> float:
    """Return a finite number in [low, high]; NumPy's numbers and 0-d arrays count, booleans do not."""
    if isinstance(value, np.ndarray | np.generic) and value.ndim == 0 and value.dtype.kind in "iuf":
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float):
        fail(f"{what} should be a number, but it is {kind_of(value)}.", hint or _next(value))
    if not _is_finite(value):
        fail(f"{what} should be a finite number, but it is {value}.", hint or NOT_FINITE)
    if integer and value != int(value):
        fail(f"{what} should be a whole number, but it is {value:.6g}.", hint)
    if (low is not None and value < low) or (high is not None and value > high):
        fail(f"{what} is {value:.6g}, which is outside the range that is possible for it.", hint)
    return int(value) if integer else value


def array(
    value: Any,
    what: str,
    shape: tuple[int | None, ...] | None = None,
    dtype: str | None = None,
    finite: bool = True,
    hint: str | None = None,
) -> np.ndarray:
    """Return the value as an array of the given shape and kind; lists and tuples of numbers are accepted.

    Args:
        value: anything.
        what: the value's name in the sentence that the student reads.
        shape: required shape, None where an axis is free.
        dtype: "integer", "number", "bool", "text" or None for any of them. Whole floats do not count as integers.
        finite: refuse NaN and infinity.
        hint: where to look.
    """
    if isinstance(value, list | tuple | int | float | bool):
        if _bytes_as_array(value) > MAX_BYTES:
            fail(f"{what} is far too large.", hint)
        try:
            result = np.array(value)
        except (ValueError, TypeError, OverflowError):
            fail(f"{what} should be an array, but its rows are of different lengths or kinds.", hint or SHAPE)
    elif isinstance(value, np.ndarray):
        result = value
    else:
        fail(f"{what} should be an array, but it is {kind_of(value)}.", hint or _next(value))
    if result.size == 0 and isinstance(value, list | tuple) and dtype != "text":
        result = result.astype({"integer": int, "bool": bool}.get(dtype or "", float))
    kinds = {"integer": "iu", "number": "iuf", "bool": "b", "text": "SU", None: "biufcSU"}[dtype]
    if result.dtype.kind not in kinds:
        fail(f"{what} should hold {_plural(dtype)}, but its dtype is {result.dtype}.", hint or DTYPE)
    if shape is not None and (
        len(shape) != result.ndim or any(n not in (None, m) for n, m in zip(shape, result.shape, strict=True))
    ):
        wanted = "(" + ", ".join("any" if n is None else str(n) for n in shape) + ("," if len(shape) == 1 else "") + ")"
        fail(f"{what} should have the shape {wanted}, but it has {result.shape}.", hint or SHAPE)
    if finite and result.dtype.kind in "fc" and not np.isfinite(result).all():
        fail(f"{what} should hold finite numbers only, but some are NaN or infinite.", hint or NOT_FINITE)
    return result


def sequence(value: Any, what: str, length: int | None = None, hint: str | None = None) -> list[Any]:
    """Return a list of the items of a list, a tuple or (along its first axis) an array."""
    if isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0):
        if len(value) > MAX_ITEMS:
            fail(f"{what} has more than a million items.", hint)
        items = list(value)
    else:
        fail(f"{what} should be a list or a tuple, but it is {kind_of(value)}.", hint or _next(value))
    if length is not None and len(items) != length:
        fail(f"{what} should have {length} items, but it has {len(items)}.", hint)
    return items


def mapping(value: Any, what: str, keys: Iterable[Any] = (), hint: str | None = None) -> dict[Any, Any]:
    """Return a dictionary that has (at least) the given keys."""
    if not isinstance(value, dict):
        fail(f"{what} should be a dictionary, but it is {kind_of(value)}.", hint or _next(value))
    missing = [key for key in keys if key not in value]
    if missing:
        fail(f"{what} should have the key {missing[0]!r}, but it has {_keys(value)}.", hint or KEYS)
    return value


def equal(actual: Any, expected: Any, what: str, hint: str | None = None) -> None:
    """Fail unless the value equals the expected one exactly: arrays, numbers, texts, nested lists and tuples."""
    if isinstance(expected, np.ndarray):
        kind = {"b": "bool", "i": "integer", "u": "integer", "U": "text"}.get(expected.dtype.kind, "number")
        got = array(actual, what, shape=expected.shape, dtype=kind, finite=False, hint=hint)
        wrong = got != expected
        if expected.dtype.kind == "f":
            wrong &= ~(np.isnan(got.astype(float)) & np.isnan(expected))
        if wrong.any():
            fail(f"{what} is wrong in {int(wrong.sum())} of {expected.size} places{_first(wrong, got)}.", hint)
    elif isinstance(expected, list | tuple):
        items = sequence(actual, what, length=len(expected), hint=hint)
        for i, (a, e) in enumerate(zip(items, expected, strict=True)):
            equal(a, e, f"item {i} of {what}", hint)
    elif isinstance(expected, bool | str | None | set | dict):
        if isinstance(actual, np.generic) or (isinstance(actual, np.ndarray) and actual.ndim == 0):
            actual = actual.item()  # an item of an array is NumPy's own bool or text
        if type(actual) is not type(expected):
            fail(
                f"{what} should be {_article(type(expected).__name__)}, but it is {kind_of(actual)}.",
                hint or _next(actual),
            )
        if not _same(actual, expected):
            shown = (
                f" ({actual!r})" if isinstance(actual, bool) or (isinstance(actual, str) and len(actual) < 60) else ""
            )
            fail(f"{what}{shown} is not right.", hint)
    else:
        got_number = number(actual, what, hint=hint)
        if got_number != expected:
            fail(f"{what} is {got_number:.6g}, which is not right.", hint)


def close(
    actual: Any, expected: Any, what: str, rtol: float = 1e-6, atol: float = 1e-9, hint: str | None = None
) -> None:
    """Fail unless a number or array is within ``atol + rtol * |expected|`` of the expected one, entry by entry."""
    if isinstance(expected, np.ndarray | list | tuple):
        wanted = np.asarray(expected, dtype=float)
        got = array(actual, what, shape=wanted.shape, dtype="number", finite=bool(np.isfinite(wanted).all()), hint=hint)
        ok = np.isclose(got.astype(float), wanted, rtol=rtol, atol=atol, equal_nan=True)
        if not ok.all():
            fail(
                f"{what} is off by more than rounding in {int((~ok).sum())} of {ok.size} places{_first(~ok, got)}.",
                hint,
            )
    else:
        got_number = number(actual, what, hint=hint)
        if not math.isclose(got_number, expected, rel_tol=0, abs_tol=atol + rtol * abs(expected)):
            fail(f"{what} is {got_number:.6g}, which is not right.", hint)


@dataclass(frozen=True)
class Threshold:
    """A calibrated limit. ``record`` is told every measurement; while ``calibrating`` nothing fails."""

    name: str
    value: float
    direction: str
    record: Callable[[str, float], None]
    calibrating: bool = False

    def __post_init__(self) -> None:
        if self.direction not in ("at least", "at most"):
            raise ValueError(
                f'threshold {self.name}: direction must be "at least" or "at most", got {self.direction!r}'
            )

    def met_by(self, measured: float) -> bool:
        """Whether a measurement is on the right side of the limit."""
        return measured >= self.value if self.direction == "at least" else measured <= self.value


def meets(measured: Any, threshold: Threshold, what: str, hint: str | None = None) -> None:
    """Fail unless the measurement is on the right side of a calibrated threshold (which the sentence does not tell)."""
    value = float(number(measured, what, hint=hint))
    threshold.record(threshold.name, value)
    if not threshold.calibrating and not threshold.met_by(value):
        side = "lower than" if threshold.direction == "at least" else "higher than"
        fail(f"{what} is {value:.3g}, which is {side} what a right answer reaches.", hint)


def good_enough(measured: float, threshold: Threshold, hint: str | None = None) -> None:
    """Fail where a model falls short of another check's threshold by so much that a gap of its would mean nothing.

    It is the other check that records the measurement.
    """
    if not threshold.calibrating and not threshold.met_by(measured):
        fail("The model knows too little for its gap to say anything.", hint)


def scaled(measured: Any, low: float, high: float, what: str, hint: str | None = None) -> None:
    """Give partial credit: nothing at ``low``, everything at ``high``, linear between (``low > high`` is allowed)."""
    value = float(number(measured, what, hint=hint))
    fraction = (value - low) / (high - low)
    if fraction < 1:
        earned = "good for part of the points, and there is room for more" if fraction > 0 else "not yet worth points"
        text = f"{what} is {value:.3g}: {earned}."
        raise CheckFailed(text, hint, fraction=max(0.0, fraction))


def kind_of(value: Any) -> str:
    """Say in words what a value is, for people: "None", "a text", "an array of shape (3,)"."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    if isinstance(value, list | tuple | dict | set):
        return f"a {type(value).__name__} with {len(value)} items"
    names = {str: "a text", bool: "True or False", int: "an integer", float: "a float", complex: "a complex number"}
    return names.get(type(value), _article(type(value).__name__))


def _next(value: Any) -> str:
    """Where to look when a value is of the wrong kind."""
    return NONE if value is None else KIND


def _first(wrong: np.ndarray, got: np.ndarray) -> str:
    """The first wrong entry of the student's own array, in words."""
    if wrong.ndim == 0:
        return ""
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    value = got[place].item()
    shown = f"{value:.6g}" if isinstance(value, float) else repr(value)
    index = str(place[0]) if len(place) == 1 else str(place)
    return f", first at index {index}, where it is {shown if len(shown) <= MAX_SHOWN else shown[:MAX_SHOWN] + '…'}"


def _keys(value: dict[Any, Any]) -> str:
    """The keys that a dictionary has, in words."""
    if not value:
        return "none"
    small = [isinstance(key, str) or (isinstance(key, int) and abs(key) < 10**9) for key in value]
    shown = ", ".join(repr(k)[:MAX_SHOWN] if ok else kind_of(k) for k, ok in list(zip(value, small, strict=True))[:5])
    return f"{shown} and {len(value) - 5} more" if len(value) > 5 else shown


def _bytes_as_array(value: Any) -> int:
    """Bytes of the array that NumPy makes of nested lists: it gives every item the room of the longest text."""
    items, longest, todo = 0, 8, [value]
    while todo:
        part = todo.pop()
        if isinstance(part, list | tuple):
            todo.extend(part)
            continue
        is_array = isinstance(part, np.ndarray)
        items += part.size if is_array else 1
        longest = max(longest, part.itemsize if is_array else 4 * len(part) if isinstance(part, str) else 8)
    return items * longest


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond the range of floats
        return False


def _same(a: Any, b: Any) -> bool:
    try:
        return bool(a == b)
    except ValueError:  # arrays inside
        return False


def _plural(dtype: str | None) -> str:
    names = {"integer": "integers", "number": "numbers", "bool": "truth values", "text": "texts"}
    return names.get(dtype or "", "plain data")


def _article(name: str) -> str:
    return ("an " if name[:1].lower() in "aeiou" else "a ") + name


def __getattr__(name: str) -> Any:
    if name == "knows_enough":  # its old name, for one version
        return good_enough
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
