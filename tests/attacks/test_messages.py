"""Attacked: the grader, by the messages that a kernel sends it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import psutil
import pytest
from attack_tools import WRONG, Grade, Submit, assert_worthless, cases

from goodfit.check import CheckFailed
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

FORGE = """
kernel = get_ipython().kernel
session, iopub, shell = kernel.session, kernel.iopub_socket, kernel.shell_stream.socket
def forge(socket, kind, content, ident=(b"x",), parent=None, header=None, buffers=()):
    parts = [session.pack(header if header is not None else session.msg_header(kind)),
             session.pack(parent if parent is not None else kernel.get_parent("shell")["header"]), b"{}",
             content if isinstance(content, bytes) else session.pack(content)]
    socket.send_multipart([*ident, b"<IDS|MSG>", session.sign(parts), *parts, *buffers])
def reply(kind, content, **more):
    ident = kernel._parent_ident["shell"]
    forge(shell, kind, content, ident=ident if isinstance(ident, list) else [ident], **more)
number = {"data": {"text/plain": "7.0"}, "metadata": {}, "execution_count": 1}
"""
FORGED = {
    "an early end": """
        reply("execute_reply", {"status": "ok", "execution_count": 1}); forge(iopub, "status", {"execution_state": "idle"})
        for n in range(9): forge(iopub, "execute_result", number)""",
    "a verdict": """
        reply("goodfit_reply", {"status": "ok", "value": 42, "earned": 7}); reply("goodfit_verdict", {"earned": 7})
        forge(iopub, "goodfit_reply", {"status": "ok", "value": 42})""",
    "no status": "reply('execute_reply', {})",
    "a reply that is a list": "reply('execute_reply', [1])",
    "a header that is a list": "reply('execute_reply', {'status': 'ok'}, header=[1])",
    "a parent that is a list": "reply('execute_reply', {'status': 'ok'}, parent=[1])",
    "no signature": "shell.send_multipart([*kernel._parent_ident['shell'], b'<IDS|MSG>', b'', b'{}', b'{}', b'{}', b'{}'])",
    "a wrong signature": "iopub.send_multipart([b'x', b'<IDS|MSG>', b'0' * 64, b'{}', b'{}', b'{}', b'{}'])",
    "no parts": "iopub.send_multipart([b'x', b'<IDS|MSG>']); shell.send_multipart([b'y', b'<IDS|MSG>'])",
    "no JSON": "forge(iopub, 'stream', b'\\xff{'); reply('execute_reply', b'[')",
    "deep JSON": "forge(iopub, 'stream', b'[' * 100_000); forge(iopub, 'stream', b'[' * 900 + b']' * 900)",
    "odd outputs": """
        for kind in ("stream", "display_data", "execute_result", "error", "clear_output", "comm_open", "x" * 9999):
            for content in ({}, [], None, 7, {"name": 7, "text": {}}, {"data": [], "metadata": 7}, {"traceback": "abc"},
                            {"ename": [], "evalue": {}, "traceback": [7]}, {"transient": {"display_id": []}, **number},
                            {"transient": [1]}, {"data": {"text/html": "<script>alert(1)</script>"}, "metadata": {}}):
                forge(iopub, kind, content)""",
    "outputs of other cells": """
        for n in range(20):
            forge(iopub, "display_data", {**number, "transient": {"display_id": "a"}})
            forge(iopub, "update_display_data", {**number, "transient": {"display_id": "a"}})""",
    "a giant message": "forge(iopub, 'stream', {'name': 'stdout', 'text': 'x' * (70 << 20)})",
    "a giant reply": "reply('execute_reply', {'status': 'ok', 'x': 'x' * (70 << 20)})",
    "many frames": "forge(iopub, 'stream', {'name': 'stdout', 'text': ''}, buffers=[b'x'] * 100_000)",
    "a flood": "for n in range(20_000): forge(iopub, 'stream', {'name': 'stdout', 'text': 'x' * 1000})",
    "another session": """
        key = session.key; session.key = b"another"; forge(iopub, "stream", {"name": "stdout", "text": "x"}); session.key = key""",
    "no more outputs": "iopub.close()",
    "no more replies": "shell.close()",
}


@pytest.mark.parametrize(
    "code",
    cases(
        FORGED, "a reply that is a list", "a header that is a list", "no signature", "another session", "many frames",
        "a giant reply",
    ),
)  # fmt: skip
def test_forged_messages_earn_nothing(submit: Submit, grade: Grade, code: str) -> None:
    """Attacked: the messages between kernel and grader, with the kernel's own sockets and key."""
    lines = "\n".join(line.removeprefix(" " * 8) for line in code.splitlines())
    bundle = grade(submit(WRONG, after={"mean": FORGE + lines}), cell_seconds=2, check_seconds=1)
    assert_worthless(bundle)
    assert len(bundle.notebook) < 5 * MIB
    kinds = [
        set(o.data)
        for c in nbformat.reads(bundle.notebook, as_version=4).cells
        for o in c.get("outputs", [])
        if "data" in o
    ]
    assert [kind for kind in kinds if kind not in ({"text/plain"}, {"text/plain", "text/html"})] == []
    assert sum("text/html" in kind for kind in kinds) == 3, "the verdict, and nothing of the student's"


ENDLESS = """
import json, os, socket, struct
info = json.load(open("/run/goodfit/kernel.json"))
path = f"{info['ip']}-{info['iopub_port']}"
iopub.close()
os.unlink(path)
with socket.socket(socket.AF_UNIX) as server:
    server.bind(path); server.listen()
    client, _ = server.accept()
client.sendall(b"\\xff" + bytes(8) + b"\\x7f\\x03\\x00" + b"NULL".ljust(20, b"\\0") + bytes(32))
client.recv(64)
client.sendall(b"\\x04\\x19\\x05READY\\x0bSocket-Type" + struct.pack(">I", 3) + b"PUB")
while True: client.sendall(b"\\x03" + struct.pack(">Q", 4 << 20) + bytes(4 << 20))
"""


def test_a_message_without_end_does_not_fill_the_graders_memory(submit: Submit, grade: Grade) -> None:
    """Attacked: the memory of the machine, by frames of one message that never ends, sent by hand."""
    bundle = grade(submit(WRONG, after={"mean": FORGE + ENDLESS}), cell_seconds=60)
    assert_worthless(bundle)
    assert "died" in " ".join(bundle.verdict.notices), "long before its time was up"


@pytest.fixture
def forging(tiny: Assignment, submit: Submit, graders: Graders, tmp_path: Path) -> Iterator[Callable[..., Student]]:
    """A student whose kernel gives one prepared reply after the other, whatever it is asked."""
    sessions = []

    def make(replies: str) -> Student:
        code = (
            FORGE
            + f"""
import json
replies = iter([{replies}])
async def answer(stream, ident, parent):
    forged = next(replies)
    buffers = forged.pop("buffers", ()) if isinstance(forged, dict) else ()
    forge(shell, "goodfit_reply", json.dumps(forged).encode(), ident=ident, parent=parent["header"], buffers=buffers)
kernel.shell_handlers["goodfit_request"] = answer
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


def test_truth_values_are_zero_or_one() -> None:
    """Attacked: arithmetic with truth values that are neither."""
    decoded = wire.decode(array("?", (3,)), [b"\x00\x02\xff"])
    assert (decoded.tolist(), decoded.sum(), decoded.view(np.uint8).max()) == ([False, True, True], 2, 1)
