"""The process that opens a student's model file: confined like a student kernel, and told nothing but inputs.

It gets the vetted bytes of a ``.keras`` file, or a graph that it vets itself, under a number, and, request by request,
rows without labels; it answers with predictions. Whatever a malicious file or graph could make it do, it has no file,
no network and no secret to do it with.
"""

from __future__ import annotations

import os
import socket
import tempfile
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np

from goodfit.inside import frames, wire
from goodfit.inside.graph_import import GraphModel, RefusedGraph

MAX_REQUEST = 512 * 2**20  # bytes: hidden rows are the grader's own
MAX_BUFFERS = 1000  # arrays of a graph: its weights
BATCH = 512


Predict = Callable[[Any], Any]


def serve(sock: socket.socket) -> None:
    """Answer questions until the other end hangs up.

    ``{"open": number, …}`` opens a model, ``{"model": number, "rows": tree}`` predicts with it, and numbers in
    ``"forget"`` are dropped before.
    """
    models: dict[int, Predict] = {}
    while True:
        try:
            question, buffers = frames.receive(sock, MAX_REQUEST)
        except EOFError:
            return
        try:
            answer, out = _answer(models, question, buffers)
        except Exception as error:
            answer, out = _refusal(error), []
        frames.send(sock, answer, out)


def _answer(models: dict[int, Predict], question: dict[str, Any], buffers: list[bytes]) -> frames.Message:
    for number in question.get("forget", ()):
        models.pop(number, None)
    if "open" in question:
        predict, told = _open_graph(question["graph"], buffers) if "graph" in question else _open_file(*buffers)
        models[question["open"]] = predict
        return {"status": "ok", **told}, []
    tree, out = wire.encode(models[question["model"]](wire.decode(question["rows"], buffers)))
    return {"status": "ok", "value": tree}, out


def _open_file(content: bytes) -> tuple[Predict, dict[str, int]]:
    import keras

    handle, path = tempfile.mkstemp(suffix=".keras")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    model = keras.saving.load_model(path, compile=False, safe_mode=True)
    told = {"parameters": int(model.count_params()), "updates": _updates(path)}
    return lambda rows: _predict(model, rows), told


def _updates(path: str) -> int:
    """How often the optimizer has moved the weights: the first of its variables that Keras saves, a whole number.

    0 where there is none: a model that was never compiled, or never trained since.
    """
    import h5py

    with zipfile.ZipFile(path) as archive, archive.open("model.weights.h5") as weights, h5py.File(weights) as file:
        saved = file.get("optimizer/vars/0")
        if isinstance(saved, h5py.Dataset) and saved.shape == () and saved.dtype.kind in "iu":
            return int(saved[()])
    return 0


def _predict(model: Any, rows: np.ndarray) -> Any:
    """What ``model.predict`` returns, without its data set and traced function: three times quicker for few rows.

    Of a model with several outputs only those of the first batch: whoever asked refuses what is no single array.
    """
    import keras

    parts = []
    for start in range(0, len(rows), BATCH):
        outputs = model(rows[start : start + BATCH], training=False)
        parts.append(keras.tree.map_structure(keras.ops.convert_to_numpy, outputs))
    return np.concatenate(parts) if all(isinstance(part, np.ndarray) for part in parts) else parts[0]


def _open_graph(tree: Any, buffers: list[bytes]) -> tuple[Predict, dict[str, int]]:
    model = GraphModel(wire.decode(tree, buffers))
    return lambda rows: model.predict(rows, BATCH), {"parameters": model.parameters}


def _refusal(error: Exception) -> dict[str, Any]:
    if isinstance(error, RefusedGraph):
        return {"status": "refused", "text": str(error)[:400]}
    return {"status": "refused", "text": f"{type(error).__name__}: {error}"[:400]}
