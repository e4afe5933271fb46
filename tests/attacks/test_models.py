"""Attacked: the reader of models, by files and archives."""

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
from attack_tools import WRONG, Grade, Submit, assert_worthless, cases

from goodfit.check import CheckFailed
from goodfit.grading import model
from goodfit.grading.keras_file import RefusedModel, vet
from goodfit.grading.verdict import Outcome
from goodfit.inside import model_reader, wire
from goodfit.notebooks.assignment import Assignment
from goodfit.sandbox.clock import Deadline, Meter
from goodfit.sandbox.limits import MIB

EVIL = """
def train(seed):
    import keras, zipfile, json, io, os
    honest = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="softmax")])
    class Evil:
        def save(self, path): CODE
        def __call__(self, rows): return rows
    def rewrite(path, change):
        honest.save(path)
        with zipfile.ZipFile(path) as archive: parts = {n: archive.read(n) for n in archive.namelist()}
        config = json.loads(parts["config.json"])
        change(parts, config)
        parts.setdefault("config.json", b""); parts["config.json"] = parts["config.json"] and json.dumps(config).encode()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items(): archive.writestr(name, part)
    def dense(config): return config["config"]["layers"][1]
    smuggled = {"module": "keras.layers", "class_name": "Lambda", "registered_name": None, "config": {
        "name": "l", "function": {"class_name": "__lambda__", "config": {"code": "4w==", "defaults": None, "closure": None}}}}
    return Evil()
"""
MODELS = {
    "a pickle": "import pickle; open(path, 'wb').write(pickle.dumps(print))",
    "a pickle in the archive": "rewrite(path, lambda parts, config: parts.update({'evil.pkl': b'cos\\nsystem\\n.'}))",
    "a name that climbs": "rewrite(path, lambda parts, config: parts.update({'../../evil': b'x'}))",
    "a link": """
            honest.save(path); link = zipfile.ZipInfo("model.weights.h5"); link.external_attr = 0o120777 << 16
            with zipfile.ZipFile(path, "w") as a: a.writestr("config.json", "{}"); a.writestr(link, "/etc/passwd")""",
    "the file itself a link": "os.unlink(path); os.symlink('/proc/self/environ', path)",
    "a zip bomb": "rewrite(path, lambda parts, config: parts.update({'model.weights.h5': bytes(400 << 20)}))",
    "a Lambda layer": "rewrite(path, lambda parts, config: config['config']['layers'].append(smuggled))",
    "a Lambda as a seed": """rewrite(path, lambda parts, config:
            dense(config)["config"]["kernel_initializer"]["config"].update(seed=smuggled))""",
    "a Lambda as a nested loss": """
            inner = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)]); inner.compile("sgd", "mse")
            config = json.loads(keras.Sequential([keras.Input((2,)), inner]).to_json())
            config["config"]["layers"][1]["compile_config"]["loss"] = smuggled
            rewrite(path, lambda parts, old: (old.clear(), old.update(config)))""",
    "a class of the student's own": """rewrite(path, lambda parts, config:
            dense(config).update(module="evil", registered_name="Custom>Evil"))""",
    "a module of Python's": """rewrite(path, lambda parts, config:
            config.update(module="os", class_name="system", registered_name="system"))""",
    "a huge layer": "rewrite(path, lambda parts, config: dense(config)['config'].update(units=9_999_999))",
    "many huge layers": """rewrite(path, lambda parts, config: [config["config"]["layers"].append(
            {**dense(config), "config": {**dense(config)["config"], "name": f"d{n}", "units": 200_000}, "build_config": {}})
            for n in range(5)])""",
    "broken weights": "rewrite(path, lambda parts, config: parts.update({'model.weights.h5': b'\\x89HDF\\r\\n' * 99}))",
    "weights that are no numbers": """
            honest.set_weights([w * np.nan for w in honest.get_weights()]); honest.save(path)""",
    "three outputs too few": """rewrite(path, lambda parts, config: config["config"]["layers"].append(
            {"module": "keras.layers", "class_name": "Reshape", "registered_name": None,
             "config": {"name": "r", "target_shape": [2, 1]}}))""",
}


@pytest.mark.parametrize(
    "code", cases(MODELS, "a pickle in the archive", "a name that climbs", "a link", "a module of Python's")
)
def test_a_hostile_model_file_earns_nothing(submit: Submit, grade: Grade, code: str) -> None:
    """Attacked: whoever opens the model file, by what is in it."""
    evil = EVIL.replace("CODE", code)
    bundle = grade(submit({**WRONG, "model-answer": evil}), memory_bytes=1536 * MIB)
    assert_worthless(bundle)
    verdict = bundle.verdict.of_cell("model")[0]
    assert verdict.outcome in (Outcome.FAILED, Outcome.COULD_NOT_RUN)
    assert "model" in (verdict.rationale or "")


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
    "hangs up": lambda c: c.close(),
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
