"""Plain data crosses the wire unchanged; hostile data is refused before it costs anything."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from goodfit.inside import wire

VALUES = [
    None, True, 0, -(2**70), 1.5, math.inf, -math.inf, 1 + 2j, "", "너무 좋다", [1, [2, (3, "x")]], (),
    {"a": [1], 2: None}, {1, 2}, [], range(3),
]  # fmt: skip
ARRAYS = [
    np.arange(12).reshape(3, 4), np.array(3.5), np.zeros((0, 5), "float32"), np.array(["ab", "", "한글"]),
    np.array([True]),
    np.arange(6, dtype=">i4"), np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(10)[::3], np.array([b"x"]),
    np.array([1 + 1j]), np.array([np.nan, np.inf]), np.array([""] * 3),
]  # fmt: skip


def there_and_back(value: object) -> object:
    tree, buffers = wire.encode(value)
    return wire.decode(json.loads(json.dumps(tree)), buffers)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_plain_values_arrive_as_they_were(value: object) -> None:
    """Numbers, texts and containers keep their value and their type; a range becomes a list."""
    arrived = there_and_back(value)
    wanted = list(value) if isinstance(value, range) else value
    assert arrived == wanted
    assert type(arrived) is type(wanted)


def test_nan_arrives_as_nan() -> None:
    """NaN is not lost to JSON."""
    assert math.isnan(there_and_back(float("nan")))  # type: ignore[arg-type]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda a: f"{a.dtype}{a.shape}")
def test_arrays_arrive_with_shape_and_kind(array: np.ndarray) -> None:
    """Arrays keep shape, values and kind, in any memory order and byte order, and can be written to."""
    arrived = there_and_back(array)
    assert isinstance(arrived, np.ndarray)
    assert arrived.shape == array.shape
    assert arrived.dtype.kind == array.dtype.kind
    np.testing.assert_array_equal(arrived, array)
    assert arrived.flags.writeable


def test_generators_go_to_the_student_and_never_come_back() -> None:
    """A Generator is rebuilt in the student's kernel with the same numbers; the grader does not rebuild one."""
    rng = np.random.default_rng(5)
    tree, buffers = wire.encode(rng)
    assert wire.decode(tree, buffers, handles={}).random() == np.random.default_rng(5).random()
    with pytest.raises(wire.WireError):
        wire.decode(tree, buffers)


@pytest.mark.parametrize("value", [object(), lambda: 1, open, np.array([object()]), [print], {"x": object()}])
def test_what_is_no_plain_data_is_named(value: object) -> None:
    """Objects, functions and object arrays are refused with the type's name."""
    with pytest.raises(wire.WireError, match="object of type"):
        wire.encode(value)


def deep(levels: int) -> object:
    tree: object = 1
    for _ in range(levels):
        tree = {"t": "list", "v": [tree]}
    return tree


HOSTILE = {
    "unknown tag": {"t": "pickle", "v": "gASV"},
    "no tag": {"x": 1},
    "bare list": [1, 2],
    "too deep": deep(200),
    "too many": {"t": "list", "v": [1] * 600_000},
    "object array": {"t": "array", "dtype": "|O", "shape": [1], "b": 0},
    "record array": {"t": "array", "dtype": "i4,f8", "shape": [1], "b": 0},
    "size that does not fit": {"t": "array", "dtype": "<f8", "shape": [1000], "b": 0},
    "negative shape": {"t": "array", "dtype": "<f8", "shape": [-1], "b": 0},
    "huge shape": {"t": "array", "dtype": "<f8", "shape": [2**62, 2**62], "b": 0},
    "bool shape": {"t": "array", "dtype": "<f8", "shape": [True], "b": 0},
    "no such buffer": {"t": "array", "dtype": "<f8", "shape": [1], "b": 7},
    "unhashable key": {"t": "dict", "v": [[{"t": "list", "v": []}, 1]]},
    "odd pair": {"t": "dict", "v": [[1, 2, 3]]},
    "unhashable item": {"t": "set", "v": [{"t": "list", "v": []}]},
    "complex of texts": {"t": "complex", "v": ["a", "b"]},
    "endless integer": {"t": "int", "v": "f" * 100_000},
    "remote object": {"t": "handle", "v": "remote-0"},
    "long text": "x" * 3_000_000,
}


@pytest.mark.parametrize("tree", HOSTILE.values(), ids=HOSTILE.keys())
def test_malformed_answers_are_refused(tree: object) -> None:
    """Whatever a hostile kernel sends instead of plain data ends in one kind of error."""
    with pytest.raises(wire.WireError):
        wire.decode(tree, [b"12345678"])
