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
from goodfit.grading.keras_file import (
    MAX_CONFIG,
    MAX_LAYERS,
    MAX_NUMBER,
    MAX_UNPACKED,
    PLAIN,
    RefusedModel,
    VettedModel,
    vet,
)
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


def without(name: str) -> bytes:
    """An archive that lacks a member."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        for member in {"config.json", "model.weights.h5"} - {name}:
            out.writestr(member, json.dumps(dense()))
    return file.getvalue()


GOOD = archive(dense(units=2))
ODD = "holds other files"
DAMAGED = "damaged"
UNREADABLE = "cannot be read"
LAYER = "cannot be graded here"
FOREIGN = "a class of your own, or of another library"
LAMBDA = "lambda function or a Lambda layer"
ARCHIVES = {  # each with what its refusal says
    "a pickle in the archive": (archive(dense(), **{"evil.pkl": b"cos\nsystem\n."}), ODD),
    "a name that climbs": (archive(dense(), **{"../../evil": b"x"}), ODD),
    "an absolute name": (archive(dense(), **{"/etc/evil": b"x"}), ODD),
    "a name that is there twice": (archive(dense(), **{"config.json": b"{}"}), ODD),
    "no configuration": (without("config.json"), ODD),
    "no weights": (without("model.weights.h5"), ODD),
    "a module of Python's": (archive({"module": "os", "class_name": "system", "config": {}}), FOREIGN),
    "a class of the student's own": (archive({**dense(), "module": "evil"}), FOREIGN),
    "nothing": (b"", DAMAGED),
    "no archive": (b"PK\x05\x06" + b"\0" * 17, DAMAGED),
    "cut off": (GOOD[: len(GOOD) // 2], DAMAGED),
    "scrambled": (GOOD[:60] + b"\xff" * 20 + GOOD[80:], UNREADABLE),
    "another compression": (GOOD.replace(b"\x08\x00", b"\x0e\x00"), UNREADABLE),
    "no JSON": (archive("{"), UNREADABLE),
    "no text": (archive(b"\xff\xfe\x00"), UNREADABLE),
    "deep": (archive("[" * 50_000), UNREADABLE),
    "nested": (archive("[" * 100 + "]" * 100), "nested too deeply"),
    "long": (archive('"' + "x" * 3_000_000 + '"'), "far too long"),
    "long text": (archive(dense(name="x" * 20_000)), "a text that is far too long"),
    "no layers": (archive({}), "no layers"),
    "too many layers": (archive([dense()] * 300), f"more than {MAX_LAYERS} layers"),
    "huge number": (archive(dense(units=10**30)), "far too large"),
    "huge number below zero": (archive(dense(units=-(10**30))), "far too large"),
    "no number": (archive(dense(units=float("nan"))), "NaN"),
    "Lambda": (archive({"module": "keras.layers", "class_name": "Lambda", "config": {}}), LAMBDA),
    "legacy Lambda": (archive({"class_name": "Lambda", "config": {}}), LAMBDA),
    "TorchModuleWrapper": (
        archive({"module": "keras.layers", "class_name": "TorchModuleWrapper", "config": {}}),
        LAYER,
    ),
    "function": (
        archive([dense(), {"module": "builtins", "class_name": "function", "config": "eval"}]),
        "a function of your own, or of another library: `eval`",
    ),
    "hidden in a seed": (archive(dense(seed={"module": "os", "class_name": "system", "config": {}})), FOREIGN),
    "hidden in an id": (archive(dense(shared_object_id=[{"class_name": "__lambda__", "config": {}}])), LAMBDA),
    "hidden in a nested loss": (
        archive([dense(), {**dense(), "compile_config": {"class_name": "__lambda__"}}]),
        LAMBDA,
    ),
    "class name that is no text": (
        archive({"module": ["keras.layers"], "class_name": {"Dense": 1}, "config": []}),
        FOREIGN,
    ),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("content", "said"), ARCHIVES.values(), ids=ARCHIVES)
def test_a_hostile_archive_is_refused(content: bytes, said: str) -> None:
    """Attacked: the vetting of model files, byte by byte; it refuses with the reason and breaks nowhere."""
    with pytest.raises(RefusedModel) as refused:
        vet(content)
    assert said in str(refused.value)


def nested(depth: int) -> Any:
    """A configuration with a layer at its top, as deep as that."""
    node: Any = []
    for _ in range(depth - 2):
        node = [node]
    return {**dense(units=2), "more": node}


BOUNDS: dict[str, tuple[Any, Any]] = {  # just admitted, and just refused
    "layers": ([dense()] * MAX_LAYERS, [dense()] * (MAX_LAYERS + 1)),
    "a size": (dense(units=MAX_NUMBER), dense(units=MAX_NUMBER + 1)),
    "a size below zero": (dense(units=-MAX_NUMBER), dense(units=-MAX_NUMBER - 1)),
    "a number that is no size": (dense(seed=10**12, mean=[10**12]), dense(seed=10**12, means=[10**12])),
    "a text": (dense(name="x" * 10_000), dense(name="x" * 10_001)),
    "depth": (nested(61), nested(62)),
    "a number": (dense(rate=float("inf")), dense(rate=float("nan"))),
}


@pytest.mark.parametrize(("most", "too_much"), BOUNDS.values(), ids=BOUNDS)
def test_an_archive_is_refused_from_its_bounds_on(most: Any, too_much: Any) -> None:
    """What is as large as may be, passes; what is larger by one, does not."""
    assert vet(archive(most)).layers
    with pytest.raises(RefusedModel):
        vet(archive(too_much))


def test_an_archive_may_not_unfold_to_more_than_its_bounds() -> None:
    """Sizes are those that its list of members tells: nothing is unpacked to find them."""
    small = json.dumps(dense(units=2))
    vet(archive(small + " " * (MAX_CONFIG - len(small))))
    with pytest.raises(RefusedModel, match="far too long"):
        vet(archive(small + " " * (MAX_CONFIG - len(small) + 1)))
    room = MAX_UNPACKED - len(small) - 1000
    vet(archive(small, **{"metadata.json": bytes(room)}))
    with pytest.raises(RefusedModel, match="more than 256 MiB"):
        vet(archive(small, **{"metadata.json": bytes(room + 1)}))


def function(name: Any) -> dict[str, Any]:
    return {"module": "builtins", "class_name": "function", "config": name}


REFUSALS: dict[str, tuple[dict[str, Any], str, str]] = {  # what is refused, what is said, and what to do instead
    "an activation of the same name": (
        function("relu6"),
        "It uses a function `relu6` of your own, or of another library.",
        'Write activation="relu6" for that of Keras.',
    ),
    "an activation of TensorFlow": (
        function("softmax_v2"),
        "It uses a function `softmax_v2` of your own, or of another library.",
        'Write activation="softmax" for that of Keras.',
    ),
    "another function": (
        function("my_own"),
        "It uses a function of your own, or of another library: `my_own`.",
        "Name one of Keras' own: celu, elu, ",
    ),
    "a long name": (function("x" * 200), f"`{'x' * 80}`.", "Name one of Keras' own: "),
    "no name": ({"module": "builtins", "class_name": "function"}, "`None`.", "Name one of Keras' own: "),
    "a lambda": ({"class_name": "__lambda__"}, "It uses a lambda function or a Lambda layer.", PLAIN),
    "a Lambda": ({"class_name": "Lambda"}, "It uses a lambda function or a Lambda layer.", PLAIN),
    "a layer of Keras": (
        {"module": "keras.layers", "class_name": "StringLookup"},
        "It uses the layer StringLookup, which cannot be graded here.",
        "Use: Activation, ActivityRegularization, ",
    ),
    "a part of Keras": (
        {"module": "keras.callbacks", "class_name": "Callback"},
        "It uses keras.callbacks.Callback, which cannot be graded here.",
        PLAIN,
    ),
    "another library": (
        {"module": "torch.nn", "class_name": "Linear"},
        "It uses a class of your own, or of another library: `Linear`.",
        PLAIN,
    ),
    "nobody's": (
        {"class_name": "n" * 100},
        f"It uses a class of your own, or of another library: `{'n' * 80}`.",
        PLAIN,
    ),
}


@pytest.mark.parametrize(("node", "said", "instead"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_says_what_to_write_instead(node: dict[str, Any], said: str, instead: str) -> None:
    """The sentence names what the student wrote, and the hint what is graded."""
    with pytest.raises(RefusedModel) as refused:
        vet(archive([dense(units=2), node]))
    assert said in str(refused.value)
    assert refused.value.hint is not None
    assert instead in refused.value.hint
    assert refused.value.hint.endswith(".")


CALLS: dict[str, tuple[Any, bool]] = {
    "never": ([], False),
    "as a layer is": ([{"args": [], "kwargs": {}}], False),
    "for training": ([{"args": [], "kwargs": {"training": True}}], True),
    "not for training": ([{"kwargs": {"training": False}}], False),
    "twice, the second time for training": ([{"kwargs": {}}, {"kwargs": {"training": True}}], True),
    "with a number": ([{"kwargs": {"training": 1}}], False),
    "with a list": ([{"kwargs": [True]}, 7, "training"], False),
    "a dictionary": ({"kwargs": {"training": True}}, False),
    "a text": ("training", False),
}


@pytest.mark.parametrize(("calls", "always_on"), CALLS.values(), ids=CALLS)
def test_a_layer_that_is_called_for_training_is_marked(calls: Any, always_on: bool) -> None:
    """Dropout stays on then, also in predictions: a check may ask for that."""
    (layer,) = vet(archive({**dense(rate=0.5), "inbound_nodes": calls})).layers
    assert layer == {"class_name": "Dense", "config": {"rate": 0.5}, "always_on": always_on}


def test_a_layer_without_a_configuration_has_an_empty_one() -> None:
    for odd in (None, [1], "units"):
        (layer,) = vet(archive({**dense(), "config": odd})).layers
        assert layer["config"] == {}


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
