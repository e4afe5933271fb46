"""Attacked: the grader, by answers in place of the agent's. Attacks by whole notebooks are in the corpus."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from attack_corpus import PRELUDES
from attack_tools import Submit

from goodfit.check import CheckFailed
from goodfit.grading.channel import Channel, Gone
from goodfit.grading.job import graded_places
from goodfit.grading.kernels import Kernels
from goodfit.grading.messages import BoundedSession, TooMuch
from goodfit.grading.pool import Graders
from goodfit.grading.session import Session
from goodfit.grading.student import CouldNotRun, Student
from goodfit.inside import wire
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.restore import restore
from goodfit.sandbox.limits import MIB, Limits

FORGE = (PRELUDES / "messages.py").read_text(encoding="utf-8")


@pytest.fixture
def forging(tiny: Assignment, submit: Submit, graders: Graders, tmp_path: Path) -> Iterator[Callable[..., Student]]:
    """A student whose kernel gives one prepared reply after the other, whatever it is asked."""
    sessions = []

    def make(replies: str) -> Student:
        code = (
            FORGE
            + f"""
replies = iter([{replies}])
def forged(question, buffers):
    reply = next(replies)
    if isinstance(reply, dict):
        send_answer({{**reply, "id": question["id"]}}, reply.pop("buffers", ()))
    else:
        send_answer(reply)
answer_by(forged)
"""
        )
        restored = restore(submit(after={"setup": code}), tiny)
        session = Session(restored.notebook, graded_places(restored, tiny), kernels, tmp_path)
        sessions.append(session)
        session.advance_to(4)
        student = Student(session)
        student.begin(20)
        return student

    with Kernels(graders.tier, graders.server, Limits()) as kernels:
        yield make
        for session in sessions:
            session.close()


TREES = {
    "nothing": "None, 7, 'ok', [], {}, {'status': 7}, {'status': ['ok']}, {'status': 'ok'} and {'status': 'no'}",
    "raised oddly": """{'status': 'raised'}, {'status': 'raised', 'names': 7, 'text': [], 'line': {}},
        {'status': 'raised', 'names': [['x'] * 9999, {}, None, '\\ud800'], 'text': '\\ud800' * 9999},
        {'status': 'raised', 'names': [eval('[' * 60 + ']' * 60)]}""",
    "refused oddly": """{'status': 'refused'}, {'status': 'refused', 'kind': [], 'text': 7},
        {'status': 'refused', 'kind': 'not_plain', 'text': None}, {'status': 'refused', 'kind': 'too_large', 'text': {}}""",
    "no tree": """{'status': 'ok', 'value': [1]}, {'status': 'ok', 'value': {'t': 'eval', 'v': '1'}},
        {'status': 'ok', 'value': {'t': ['list'], 'v': []}}, {'status': 'ok', 'value': {'t': 'handle', 'v': 'remote-0'}},
        {'status': 'ok', 'value': {'t': 'rng', 'v': {}}}, {'status': 'ok', 'value': {'t': 'float', 'v': 'eval'}}""",
}


@pytest.mark.parametrize("replies", TREES.values(), ids=TREES)
def test_forged_answers_are_refused(forging: Callable[..., Student], replies: str) -> None:
    """Attacked: the grader that reads the agent's answers."""
    student = forging(replies)
    for _ in range(replies.count("'status'") - replies.count("and {") or 1):
        with pytest.raises((CheckFailed, CouldNotRun)) as refused:
            student.call("add", 1, 2)
        refused.value.rationale.encode()


def test_a_forged_model_is_refused(forging: Callable[..., Student]) -> None:
    """Attacked: the grader that takes the model file from the agent."""
    ok = "{'status': 'ok', 'value': None"
    student = forging(f"{ok}}}, {ok}, 'buffers': [b'x', b'y']}}, {ok}, 'buffers': [b'']}}, {{'status': 'raised'}}")
    for _ in range(4):
        with pytest.raises((CheckFailed, CouldNotRun)):
            student.model("model")


def array(dtype: Any = "<f8", shape: Any = (1,), b: Any = 0) -> dict[str, Any]:
    return {"t": "array", "b": b, "shape": list(shape) if isinstance(shape, tuple) else shape, "dtype": dtype}


def nested(depth: int) -> Any:
    tree: Any = 1
    for _ in range(depth):
        tree = {"t": "list", "v": [tree]}
    return tree


EIGHT = [bytes(8)]
HOSTILE_TREES: dict[str, tuple[Any, list[bytes]]] = {
    "deep": (nested(5_000), []),
    "wide": ({"t": "list", "v": [0] * 600_000}, []),
    "long text": ("x" * 2_000_001, []),
    "one buffer, many arrays": ({"t": "list", "v": [array(shape=(1 << 17,))] * 5_000}, [bytes(1 << 20)]),
    "one hash, many keys": ({"t": "dict", "v": [[n * (2**61 - 1), 0] for n in range(60_000)]}, []),
    "one hash, many members": ({"t": "set", "v": [float(n) * 0 or n * (2**61 - 1) for n in range(60_000)]}, []),
    "one hash, few keys": ({"t": "dict", "v": [[n * (2**61 - 1), 0] for n in range(100)]}, []),
    "one hash, a list of integers": (
        {"t": "list", "v": [{"t": "int", "v": hex(n * (2**61 - 1))} for n in range(1, 100)]},
        [],
    ),
    "one hash, a list of tuples": (
        {"t": "list", "v": [{"t": "tuple", "v": [-1 - (n >> k & 1) for k in range(13)]} for n in range(8192)]},
        [],
    ),
    "one hash, a list of complex numbers": (
        {"t": "list", "v": [{"t": "complex", "v": [2**52 - 1_000_003 * n, n]} for n in range(100)]},
        [],
    ),
    "many empty texts": (array("U0", (10**12,)), [b""]),
    "objects": (array("O"), EIGHT),
    "records": (array("V8"), EIGHT),
    "fields": (array("i4,i4"), EIGHT),
    "dates": (array("M8[s]"), EIGHT),
    "unknown dtype": (array("evil"), EIGHT),
    "broken dtype": (array("(2,"), EIGHT),
    "dtype that is no text": (array([["a", "O"]]), EIGHT),
    "long dtype": (array("f8" + " " * 999), EIGHT),
    "too small": (array(shape=(2,)), EIGHT),
    "negative": (array(shape=(-1,)), EIGHT),
    "huge": (array(shape=(2**70,)), EIGHT),
    "huge and empty": (array(shape=(2**70, 0)), [b""]),
    "too many axes": (array(shape=(1,) * 40), EIGHT),
    "truth as size": (array(shape=(True,)), EIGHT),
    "shape that is no list": (array(shape="1"), EIGHT),
    "no buffer": (array(b=1), EIGHT),
    "buffer before the first": (array(b=-1), EIGHT),
    "characters that do not exist": (array("<U1"), [b"\xff\xff\xff\xff"]),
    "half characters": (array("<U1"), [b"\x00\xd8\x00\x00"]),
    "unhashable key": ({"t": "dict", "v": [[{"t": "list", "v": []}, 1]]}, []),
    "unhashable member": ({"t": "set", "v": [{"t": "dict", "v": []}]}, []),
    "no pairs": ({"t": "dict", "v": [1, 2]}, []),
    "long integer": ({"t": "int", "v": "f" * 3_000}, []),
    "no integer": ({"t": "int", "v": "print()"}, []),
    "no complex": ({"t": "complex", "v": ["1", 2]}, []),
    "Handle": ({"t": "handle", "v": "remote-0"}, []),
    "Generator": ({"t": "rng", "v": {"bit_generator": "evil"}}, []),
}


@pytest.mark.parametrize(("tree", "buffers"), HOSTILE_TREES.values(), ids=HOSTILE_TREES)
def test_hostile_trees_are_refused(tree: Any, buffers: list[bytes]) -> None:
    """Attacked: memory and time of the grader, and the arrays it makes, by the form of an answer."""
    started, before = time.monotonic(), psutil.Process().memory_info().rss
    with pytest.raises(wire.WireError):
        wire.decode(tree, buffers)
    assert time.monotonic() - started < 5
    assert psutil.Process().memory_info().rss - before < 300 * MIB


def test_honest_values_of_one_hash_arrive() -> None:
    """Not refused: steps on a grid, where -1 and -2 stand for each other in a hash, over and over."""
    steps = [(x, y, z) for x in (-2, -1, 0) for y in (-2, -1, 0) for z in (-2, -1, 0)] * 200
    tree, buffers = wire.encode([steps, {2**70: 1, 2**70 + 1: 2, 1 + 2j: 3}])
    assert wire.decode(tree, buffers)[0] == steps


MESSAGES: dict[str, list[bytes]] = {
    "values without end": [b"{}", b"{}", b"{}", b"[" + b"[]," * 2_000_000 + b"0]"],
    "names without end": [b"{}", b"{}", b"{}", b'{"a":[' + b'{"":0},' * 1_000_000 + b"0]}"],
    "several large parts": [b"{}", b"{}", b"{}", b"{}", *[bytes(MIB)] * 9],
    "parts without end": [b"{}", b"{}", b"{}", b"{}", *[b""] * 100_001],
    "a head without end": [b"[" + b"0," * 100_000 + b"0]", b"{}", b"{}", b"{}"],
}


@pytest.mark.parametrize("parts", MESSAGES.values(), ids=MESSAGES)
def test_parts_of_a_message_are_counted_before_they_are_read(parts: list[bytes]) -> None:
    """Attacked: the grader's memory, by messages whose JSON becomes many times as large, or of several large parts."""
    session = BoundedSession(key=b"key", most_bytes=8 * MIB)
    message = [session.sign(parts[:4]), *parts]
    before, started = psutil.Process().memory_info().rss, time.monotonic()
    with pytest.raises(TooMuch):
        session.deserialize(message)
    assert psutil.Process().memory_info().rss - before < 30 * MIB
    assert time.monotonic() - started < 2


STREAMS: dict[str, list[bytes]] = {
    "values without end": [struct.pack("!IQ", 1, 8_000_001), b"[" + b"[]," * 2_666_666 + b"]]"],
    "more bytes than are allowed": [struct.pack("!IQ", 1, 8 * MIB + 1)],
    "more bytes than there are": [struct.pack("!IQ", 1, 2**64 - 1)],
    "several large parts": [struct.pack("!I9Q", 9, *[MIB] * 9)],
    "parts without end": [struct.pack("!I", 2**32 - 1)],
    "no part": [struct.pack("!I", 0)],
    "no JSON": [struct.pack("!IQ", 1, 1), b"{"],
    "deep JSON": [struct.pack("!IQ", 1, 200_000), b"[" * 200_000],
    "a long number": [struct.pack("!IQ", 1, 1_000_006), b'{"a":' + b"9" * 1_000_000 + b"}"],
    "a list": [struct.pack("!IQ", 1, 2), b"[]"],
    "nothing more": [b"\0\0"],
}


@pytest.mark.parametrize("pieces", STREAMS.values(), ids=STREAMS)
def test_a_stream_is_measured_before_it_is_read(pieces: list[bytes]) -> None:
    """Attacked: the grader's memory and time, by what comes on the socket of its questions."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours, 8 * MIB)

    def say() -> None:
        with theirs, contextlib.suppress(OSError):
            for piece in pieces:
                theirs.sendall(piece)

    threading.Thread(target=say, daemon=True).start()
    before, started = psutil.Process().memory_info().rss, time.monotonic()
    with pytest.raises(Gone) as gone:
        channel.receive(lambda: None)
    assert gone.value.hung_up is (pieces == STREAMS["nothing more"])
    assert channel.broken
    channel.close()
    assert psutil.Process().memory_info().rss - before < 30 * MIB
    assert time.monotonic() - started < 2


class NotWorthIt(Exception):
    """Raised by a look."""


WHOLE = struct.pack("!IQ", 1, 2) + b"{}"


@pytest.mark.parametrize(
    ("first", "then"),
    [(b"", b""), (struct.pack("!IQ", 1, MIB), b" "), (WHOLE, WHOLE)],
    ids=["silence", "trickle", "flood"],
)
def test_whoever_waits_decides_how_long(first: bytes, then: bytes) -> None:
    """Attacked: the grader's patience, by an end that says nothing, little, or anything but the answer."""
    ours, theirs = socket.socketpair()
    channel, started, over = Channel(ours, MIB), time.monotonic(), threading.Event()

    def say() -> None:
        with theirs, contextlib.suppress(OSError):
            theirs.sendall(first)
            while not over.is_set():
                theirs.sendall(then)
                over.wait(0.05 if len(then) < 2 else 0)

    def look() -> None:
        if time.monotonic() - started > 1:
            raise NotWorthIt

    speaker = threading.Thread(target=say, daemon=True)
    speaker.start()
    with pytest.raises(NotWorthIt):
        while True:
            channel.receive(look)
    assert time.monotonic() - started < 3
    over.set()
    channel.close()
    speaker.join(5)


def test_a_question_that_nobody_reads_is_given_up() -> None:
    """Attacked: the grader, by an end that does not read."""
    ours, theirs = socket.socketpair()
    channel, started = Channel(ours, MIB), time.monotonic()

    def look() -> None:
        if time.monotonic() - started > 0.5:
            raise NotWorthIt

    with theirs, pytest.raises(NotWorthIt):
        channel.send({}, [bytes(64 * MIB)], look)
    assert channel.broken
    channel.close()


def test_truth_values_are_zero_or_one() -> None:
    """Attacked: arithmetic with truth values that are neither."""
    decoded = wire.decode(array("?", (3,)), [b"\x00\x02\xff"])
    assert (decoded.tolist(), decoded.sum(), decoded.view(np.uint8).max()) == ([False, True, True], 2, 1)
