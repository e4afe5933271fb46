"""Plain data between the grader and a student's kernel: a JSON tree and raw array buffers, nothing executable.

Both ends use the same two functions. :func:`encode` turns a value into ``(tree, buffers)``; :func:`decode` rebuilds it.
The tree is JSON; arrays travel as C-ordered bytes beside it, so that nothing is ever unpickled. The end that reads a
student's answer trusts nothing: dtypes, shapes, depth and counts are checked before memory is spent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_DEPTH = 32
MAX_NODES = 500_000
MAX_TEXT = 2_000_000  # characters of one string
SAME_HASH = 32  # different values of one hash: of honest ones, a few have it (those with -1 and -2 in the same places)
HASH_MODULUS = 2**61 - 1  # integers below are their own hash
PLAIN_KINDS = "biufcSU"  # NumPy dtype kinds that hold data only: no objects, no void records


@dataclass(frozen=True)
class Handle:
    """A reference to an object that the grader placed in the student's kernel, or left there as a call's result."""

    key: str


class WireError(ValueError):
    """A value cannot travel: it is not plain data, or too large."""


def encode(value: Any) -> tuple[Any, list[bytes]]:
    """Encode plain data for the wire.

    Args:
        value: None, bool, int, float, complex, str, list, tuple, set, dict, range, NumPy scalars and arrays (of kinds
            b, i, u, f, c, S, U), NumPy Generators, and anything that turns itself into such an array
            (tensors, pandas objects).

    Returns:
        A JSON-ready tree and the list of buffers it refers to by position.

    Raises:
        WireError: naming the type that is no plain data.
    """
    buffers: list[bytes] = []
    nodes = 0

    def walk(v: Any, depth: int) -> Any:
        nonlocal nodes
        nodes += 1
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise WireError("the value has too many parts or is nested too deeply")
        if v is None or isinstance(v, bool | np.bool_):
            return None if v is None else bool(v)
        if isinstance(v, int | np.integer):
            n = int(v)
            if abs(n) < 2**53:
                return n
            if n.bit_length() > 8192:
                raise WireError("an integer of more than 2,400 digits")
            return {"t": "int", "v": hex(n)}
        if isinstance(v, float | np.floating):
            x = float(v)
            return x if math.isfinite(x) else {"t": "float", "v": repr(x)}
        if isinstance(v, complex | np.complexfloating):
            z = complex(v)
            return {"t": "complex", "v": [walk(z.real, depth + 1), walk(z.imag, depth + 1)]}
        if isinstance(v, str):
            if len(v) > MAX_TEXT:
                raise WireError("a text of more than two million characters")
            return clean(v)
        if isinstance(v, list | tuple | set | frozenset | range):
            tag = "tuple" if isinstance(v, tuple) else "set" if isinstance(v, set | frozenset) else "list"
            return {"t": tag, "v": [walk(x, depth + 1) for x in v]}
        if isinstance(v, dict):
            return {"t": "dict", "v": [[walk(k, depth + 1), walk(x, depth + 1)] for k, x in v.items()]}
        if isinstance(v, Handle):
            return {"t": "handle", "v": v.key}
        if isinstance(v, np.random.Generator):
            return {"t": "rng", "v": walk(v.bit_generator.state, depth + 1)}
        array = as_array(v)
        if array.dtype.kind == "O":
            return walk(array.tolist(), depth + 1)
        if array.dtype.kind not in PLAIN_KINDS:
            raise WireError(f"an array of dtype {array.dtype}")
        buffers.append(np.ascontiguousarray(array).tobytes())
        dtype = array.dtype.newbyteorder("<").str if array.dtype.byteorder == ">" else array.dtype.str
        if array.dtype.byteorder == ">":
            buffers[-1] = np.ascontiguousarray(array.astype(dtype)).tobytes()
        return {"t": "array", "dtype": dtype, "shape": list(array.shape), "b": len(buffers) - 1}

    return walk(value, 0), buffers


def as_array(value: Any) -> np.ndarray:
    """Turn an array-like object (NumPy array, tensor, pandas object) into a NumPy array, else raise WireError."""
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    for method in ("to_numpy", "numpy", "__array__"):
        if callable(getattr(type(value), method, None)):
            return np.asarray(getattr(value, method)())
    raise WireError(f"an object of type {type(value).__name__}")


def decode(tree: Any, buffers: list[bytes], *, handles: dict[str, Any] | None = None) -> Any:
    """Rebuild a value from the wire. Safe on hostile input.

    Args:
        tree: parsed JSON as :func:`encode` makes it.
        buffers: the message's buffers (bytes or memoryviews).
        handles: remote objects that the tree may name, by key; given only inside the student's kernel, where Generators
            are rebuilt too.

    Returns:
        Plain data; arrays are fresh, writeable and C-ordered.

    Raises:
        WireError: when the tree is malformed, too deep, too large or its arrays do not fit their buffers.
    """
    nodes, used, first, others = 0, set[int](), dict[int, Any](), dict[int, list[Any]]()

    def spread(value: Any) -> Any:
        """Refuse values that were made to have one hash: a dictionary or set of them compares each with each.

        Where they travel as a list, a check may make a set of it. The hash of a tuple, of a complex number and of an
        integer beyond Python's modulus can be chosen at will; that of a text or of a small integer cannot.
        """
        try:
            code = hash(value)
        except TypeError:
            return value
        known = first.setdefault(code, value)
        if known is not value and known != value and value not in (same := others.setdefault(code, [])):
            same.append(value)
            if len(same) >= SAME_HASH:
                raise WireError("too many values that only differ in what a dictionary cannot tell apart")
        return value

    def walk(t: Any, depth: int) -> Any:
        nonlocal nodes
        nodes += 1
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise WireError("the value has too many parts or is nested too deeply")
        if t is None or isinstance(t, bool | int | float):
            return spread(t) if isinstance(t, int) and abs(t) >= HASH_MODULUS else t
        if isinstance(t, str):
            if len(t) > MAX_TEXT:
                raise WireError("a text of more than two million characters")
            return clean(t)
        if not isinstance(t, dict):
            raise WireError("malformed data")
        tag, v = t.get("t"), t.get("v")
        if tag == "array":
            return _array(t, buffers, used)
        if tag == "int" and isinstance(v, str) and len(v) < 2100:
            return spread(int(v, 16))
        if tag == "float" and v in ("inf", "-inf", "nan"):
            return float(v)
        if tag == "handle" and handles is not None and isinstance(v, str) and v in handles:
            return handles[v]
        if tag == "rng" and handles is not None:
            return _generator(walk(v, depth + 1))
        if not isinstance(v, list):
            raise WireError("malformed data")
        if tag == "dict":
            try:
                keys = [walk(k, depth + 1) for k, _ in v]
                return dict(zip(keys, [walk(x, depth + 1) for _, x in v], strict=True))
            except TypeError as error:
                raise WireError("a dictionary with unhashable keys") from error
        items = [walk(x, depth + 1) for x in v]
        if tag == "list":
            return items
        if tag == "tuple":
            return spread(tuple(items))
        if tag == "complex" and len(items) == 2 and all(isinstance(x, int | float) for x in items):
            return spread(complex(*items))
        if tag == "set":
            try:
                return set(items)
            except TypeError as error:
                raise WireError("a set of unhashable values") from error
        raise WireError("malformed data")

    try:
        return walk(tree, 0)
    except (RecursionError, OverflowError, ValueError, MemoryError) as error:
        raise error if isinstance(error, WireError) else WireError(f"malformed data ({error})") from error


def clean(text: str) -> str:
    """The text without lone surrogates, which nothing could write down."""
    return str(text).encode("utf-8", "replace").decode()


def _array(t: dict[str, Any], buffers: list[bytes], used: set[int]) -> np.ndarray:
    index, shape, name = t.get("b"), t.get("shape"), t.get("dtype")
    if type(index) is not int or not 0 <= index < len(buffers) or not isinstance(name, str) or len(name) > 16:
        raise WireError("malformed array")
    if index in used:  # one buffer for many arrays would unfold to any size
        raise WireError("malformed array")
    used.add(index)
    if not isinstance(shape, list) or len(shape) > MAX_DEPTH or any(type(n) is not int or n < 0 for n in shape):
        raise WireError("malformed array shape")
    try:
        dtype = np.dtype(name)
    except Exception as error:  # SyntaxError too: dtype strings are parsed
        raise WireError("malformed array dtype") from error
    buffer = bytes(buffers[index])
    if dtype.kind not in PLAIN_KINDS or math.prod(shape) * dtype.itemsize != len(buffer):
        raise WireError("an array that does not fit its bytes")
    if dtype.itemsize == 0:  # empty strings: nothing to read, and frombuffer refuses them
        if math.prod(shape) > MAX_NODES:
            raise WireError("an array of too many empty texts")
        return np.zeros(shape, dtype)
    if dtype.kind == "b":  # any byte but 0 is True, and only 0 and 1 behave
        return (np.frombuffer(buffer, np.uint8) != 0).reshape(shape)
    if dtype.kind == "U":
        codes = np.frombuffer(buffer, dtype.byteorder.replace("|", "=") + "u4")
        if ((codes > 0x10FFFF) | ((codes >= 0xD800) & (codes <= 0xDFFF))).any():
            raise WireError("an array of texts with characters that do not exist")
    return np.frombuffer(buffer, dtype).reshape(shape).copy()


def _generator(state: Any) -> np.random.Generator:
    bits = getattr(np.random, str(state["bit_generator"]))()
    bits.state = state
    return np.random.Generator(bits)
