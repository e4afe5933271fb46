"""Attacked: the reader of models, by archives byte by byte. Attacks by whole notebooks are in the corpus."""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
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
from goodfit.grading import model
from goodfit.grading.keras_file import RefusedModel, vet
from goodfit.inside import model_reader, wire
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


READERS: dict[str, Callable[[Any], None]] = {
    "says nothing": lambda c: time.sleep(3),
    "hangs up": lambda c: socket.socket(fileno=os.dup(c.fileno())).shutdown(socket.SHUT_RDWR),
    "no JSON": lambda c: c.send_bytes(b"{"),
    "a list": lambda c: c.send_bytes(b"[]"),
    "buffers announced": lambda c: c.send_bytes(b'{"buffers": 17}'),
    "half a message": lambda c: os.write(c.fileno(), b"\0\0\xff\xff{"),
    "too large a message": lambda c: os.write(c.fileno(), b"\x7f\xff\xff\xff"),
    "odd parameters": lambda c: model_reader.send(c, {"status": "ok", "parameters": {"a": 1}}),
    "a refusal with odd text": lambda c: model_reader.send(c, {"status": "refused", "text": ["\ud800"] * 999}),
    "predictions of another shape": lambda c: answers(c, np.zeros((7, 2))),
    "no columns": lambda c: answers(c, np.zeros((3, 0))),
    "no numbers": lambda c: answers(c, np.full((3, 2), np.nan)),
    "texts": lambda c: answers(c, np.array(["a", "b", "c"])),
    "no array": lambda c: answers(c, [1, 2, 3]),
}


def answers(connection: Any, value: Any) -> None:
    model_reader.send(connection, {"status": "ok", "parameters": 3})
    model_reader.receive(connection, MIB)
    tree, buffers = wire.encode(value)
    model_reader.send(connection, {"status": "ok", "value": tree}, buffers)


@pytest.mark.parametrize("say", READERS.values(), ids=READERS)
def test_a_captured_model_reader_cannot_stop_the_grader(
    tiny: Assignment, monkeypatch: pytest.MonkeyPatch, say: Callable[[Any], None]
) -> None:
    """Attacked: the grader, by a model reader that a file has taken over."""
    monkeypatch.setattr(model, "STALL", 1)

    def reader(sock: socket.socket) -> SimpleNamespace:
        connection = model.Connection(os.dup(sock.fileno()))

        def run() -> None:
            with contextlib.suppress(OSError, EOFError):
                model_reader.receive(connection, MIB)
                say(connection)
                connection.recv_bytes()

        threading.Thread(target=run, daemon=True).start()
        return SimpleNamespace(kill=connection.close)

    started = time.monotonic()
    with pytest.raises(CheckFailed):
        opened = model.Model(vet(GOOD), SimpleNamespace(spawn_reader=reader), "`model`", Deadline(1.0, Meter(), 4).left)  # type: ignore[arg-type]
        assert opened.parameters in (0, 3)
        opened.accuracy(np.zeros((3, 2)), np.zeros(3))
    assert time.monotonic() - started < 4


def test_a_list_of_members_without_end_is_refused() -> None:
    """Attacked: time and memory of the grader, by an archive that is nothing but names, before it is looked into."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for n in range(3000):
            archive.writestr(str(n), b"")
    with pytest.raises(RefusedModel, match="damaged"):
        vet(made.getvalue())
