"""Attacked: the reader of models, by archives byte by byte. Attacks by whole notebooks are in the corpus."""

from __future__ import annotations

import contextlib
import io
import json
import socket
import struct
import threading
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from goodfit.check import CheckFailed
from goodfit.grading.keras_file import RefusedModel, VettedModel, vet
from goodfit.grading.model import Model
from goodfit.grading.reader import Readers
from goodfit.inside import frames, wire
from goodfit.notebooks.assignment import Assignment
from goodfit.sandbox.clock import Deadline, Meter
from goodfit.sandbox.limits import MIB


def archive(config: Any, **parts: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("config.json", config if isinstance(config, str | bytes) else json.dumps(config))
        out.writestr("model.weights.h5", b"x" * 1000)
        for name, part in parts.items():
            out.writestr(name, part)
    return file.getvalue()


def dense(**config: Any) -> dict[str, Any]:
    return {"module": "keras.layers", "class_name": "Dense", "config": config}


GOOD = archive(dense(units=2))
ARCHIVES = {
    "a pickle in the archive": archive(dense(), **{"evil.pkl": b"cos\nsystem\n."}),
    "a name that climbs": archive(dense(), **{"../../evil": b"x"}),
    "an absolute name": archive(dense(), **{"/etc/evil": b"x"}),
    "a module of Python's": archive({"module": "os", "class_name": "system", "config": {}}),
    "a class of the student's own": archive({**dense(), "module": "evil"}),
    "nothing": b"",
    "no archive": b"PK\x05\x06" + b"\0" * 17,
    "cut off": GOOD[: len(GOOD) // 2],
    "scrambled": GOOD[:60] + b"\xff" * 20 + GOOD[80:],
    "another compression": GOOD.replace(b"\x08\x00", b"\x0e\x00"),
    "no JSON": archive("{"),
    "no text": archive(b"\xff\xfe\x00"),
    "deep": archive("[" * 50_000),
    "nested": archive("[" * 100 + "]" * 100),
    "long": archive('"' + "x" * 3_000_000 + '"'),
    "long text": archive(dense(name="x" * 20_000)),
    "no layers": archive({}),
    "too many layers": archive([dense()] * 300),
    "huge number": archive(dense(units=10**30)),
    "no number": archive(dense(units=float("nan"))),
    "Lambda": archive({"module": "keras.layers", "class_name": "Lambda", "config": {}}),
    "legacy Lambda": archive({"class_name": "Lambda", "config": {}}),
    "TorchModuleWrapper": archive({"module": "keras.layers", "class_name": "TorchModuleWrapper", "config": {}}),
    "function": archive([dense(), {"module": "builtins", "class_name": "function", "config": "eval"}]),
    "hidden in a seed": archive(dense(seed={"module": "os", "class_name": "system", "config": {}})),
    "hidden in an id": archive(dense(shared_object_id=[{"class_name": "__lambda__", "config": {}}])),
    "hidden in a nested loss": archive([dense(), {**dense(), "compile_config": {"class_name": "__lambda__"}}]),
    "class name that is no text": archive({"module": ["keras.layers"], "class_name": {"Dense": 1}, "config": []}),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("content", ARCHIVES.values(), ids=ARCHIVES)
def test_a_hostile_archive_is_refused(content: bytes) -> None:
    """Attacked: the vetting of model files, byte by byte; it refuses with a reason and breaks nowhere."""
    with pytest.raises(RefusedModel):
        vet(content)


def test_an_honest_archive_is_not_refused() -> None:
    """The archives above are refused for what is wrong in them: without it, they pass."""
    assert [layer["class_name"] for layer in vet(GOOD).layers] == ["Dense"]
    vet(archive({**dense(units=2), "compile_config": {"loss": {"module": "mine", "class_name": "Mine"}}}))
    assert vet(archive([dense(units=2)])).compiled == {"optimizer": {}, "loss": {}}


COMPILED = {
    "as Keras saves it": ({"optimizer": {"config": {"weight_decay": 0.1}}, "loss": "mse"}, {"weight_decay": 0.1}),
    "named by a text": ({"optimizer": "adam", "loss": "mse"}, {}),
    "without a configuration": ({"optimizer": {"class_name": "Adam"}}, {}),
    "a list": ([1, 2], {}),
    "a text": ("compiled", {}),
    "nothing": (None, {}),
}


@pytest.mark.parametrize(("config", "optimizer"), COMPILED.values(), ids=COMPILED)
def test_what_a_model_was_compiled_with_is_read_as_plain_data(config: Any, optimizer: dict[str, float]) -> None:
    """Whatever stands in its place, there are two dictionaries."""
    assert vet(archive({**dense(units=2), "compile_config": config})).compiled == {"optimizer": optimizer, "loss": {}}


READERS: dict[str, Callable[[socket.socket], None]] = {
    "says nothing": lambda s: time.sleep(3),
    "hangs up": lambda s: s.shutdown(socket.SHUT_RDWR),
    "no JSON": lambda s: s.sendall(struct.pack("!IQ", 1, 1) + b"{"),
    "a list": lambda s: s.sendall(struct.pack("!IQ", 1, 2) + b"[]"),
    "buffers announced": lambda s: s.sendall(struct.pack("!I18Q", 18, 2, *[9] * 17) + b"{}"),
    "half a message": lambda s: s.sendall(struct.pack("!IQ", 1, 9) + b"{"),
    "too large a message": lambda s: s.sendall(struct.pack("!IQ", 1, 1 << 40)),
    "odd parameters": lambda s: frames.send(s, {"status": "ok", "parameters": {"a": 1}}),
    "parameters below zero": lambda s: frames.send(s, {"status": "ok", "parameters": -1}),
    "parameters without end": lambda s: frames.send(s, {"status": "ok", "parameters": 10**4000, "updates": 10**4000}),
    "a refusal with odd text": lambda s: frames.send(s, {"status": "refused", "text": ["\ud800"] * 999}),
    "predictions of another shape": lambda s: answers(s, np.zeros((7, 2))),
    "no columns": lambda s: answers(s, np.zeros((3, 0))),
    "no numbers": lambda s: answers(s, np.full((3, 2), np.nan)),
    "texts": lambda s: answers(s, np.array(["a", "b", "c"])),
    "no array": lambda s: answers(s, [1, 2, 3]),
}


def answers(sock: socket.socket, value: Any) -> None:
    frames.send(sock, {"status": "ok", "parameters": 3})
    frames.receive(sock, MIB)
    tree, buffers = wire.encode(value)
    frames.send(sock, {"status": "ok", "value": tree}, buffers)


class CapturedReaders:
    """In the place of kernels: readers that a file has taken over, each a thread here."""

    def __init__(self, say: Callable[[socket.socket], None]) -> None:
        self.say = say
        self.started = 0

    def spawn_reader(self, theirs: socket.socket) -> SimpleNamespace:
        sock = theirs.dup()
        self.started += 1

        def run() -> None:
            with contextlib.suppress(OSError, EOFError):
                frames.receive(sock, MIB)
                self.say(sock)
                frames.receive(sock, MIB)

        threading.Thread(target=run, daemon=True).start()
        return SimpleNamespace(kill=sock.close)


@pytest.mark.parametrize("say", READERS.values(), ids=READERS)
def test_a_captured_model_reader_cannot_stop_the_grader(tiny: Assignment, say: Callable[[socket.socket], None]) -> None:
    """Attacked: the grader, by a model reader that a file has taken over."""
    started = time.monotonic()
    with pytest.raises(CheckFailed):
        readers = Readers(CapturedReaders(say))  # type: ignore[arg-type]
        opened = Model(vet(GOOD), readers, "`model`", Deadline(1.0, Meter(), 4).left)
        assert opened.parameters in (0, 3)
        assert opened.updates == 0
        opened.accuracy(np.zeros((3, 2)), np.zeros(3))
    assert time.monotonic() - started < 4


def test_a_file_that_ends_the_reader_costs_no_other_model_anything() -> None:
    """Attacked: another model of the same submission, by one whose file ends the reader of both."""
    left = Deadline(20.0, Meter(), 4).left

    def ends_with_the_second(sock: socket.socket) -> None:
        frames.send(sock, {"status": "ok", "parameters": 3})
        question, _ = frames.receive(sock, MIB)
        if "rows" in question:
            tree, buffers = wire.encode(np.eye(3)[:, :2])
            frames.send(sock, {"status": "ok", "value": tree}, buffers)
        else:
            sock.shutdown(socket.SHUT_RDWR)

    captured = CapturedReaders(ends_with_the_second)
    readers = Readers(captured)  # type: ignore[arg-type]
    first = Model(vet(GOOD), readers, "`first`", left)
    second = Model(vet(GOOD), readers, "`second`", left)  # the reader ends; another opens it
    assert captured.started == 2
    for opened in (second, first):  # and one more the first
        assert opened.predict(np.zeros((3, 2))).shape == (3, 2)
    assert captured.started == 3


def test_a_graph_is_opened_where_no_file_is() -> None:
    """Attacked: the models of files, by a graph that gets the better of its reader."""
    captured = CapturedReaders(lambda sock: frames.send(sock, {"status": "ok", "parameters": 3}))
    readers = Readers(captured)  # type: ignore[arg-type]
    graph = VettedModel({"graph": {}}, [], [], {})
    left = Deadline(5.0, Meter(), 4).left
    models = [Model(graph, readers, "`graph`", left), Model(vet(GOOD), readers, "`file`", left)]
    assert captured.started == len(models)


def test_a_list_of_members_without_end_is_refused() -> None:
    """Attacked: time and memory of the grader, by an archive that is nothing but names, before it is looked into."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for n in range(3000):
            archive.writestr(str(n), b"")
    with pytest.raises(RefusedModel, match="damaged"):
        vet(made.getvalue())
