"""The process that opens a student's model file: confined like a student kernel, and told nothing but inputs.

It gets the vetted bytes of a ``.keras`` file, or a graph that it vets itself, and, request by request, rows without
labels; it answers with predictions. Whatever a malicious file or graph could make it do, it has no file, no network and
no secret to do it with.
"""

from __future__ import annotations

import json
import os
import socket
import tempfile
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from goodfit.inside import wire
from goodfit.inside.graph_import import GraphModel, RefusedGraph

MAX_REQUEST = 512 * 2**20  # bytes: hidden rows are the grader's own
MAX_BUFFERS = 1000  # arrays of one message: a graph's weights
BATCH = 512


def send(connection: Connection, header: dict[str, Any], buffers: list[bytes] = []) -> None:  # noqa: B006 - never changed
    """Send one message: a JSON header, then its buffers."""
    connection.send_bytes(json.dumps({**header, "buffers": len(buffers)}).encode())
    for buffer in buffers:
        connection.send_bytes(buffer)


def receive(connection: Connection, max_bytes: int) -> tuple[dict[str, Any], list[bytes]]:
    """Receive one message; raises OSError or ValueError on a message that is too large or malformed.

    Args:
        connection: where it comes from.
        max_bytes: of all its buffers together.
    """
    header = json.loads(connection.recv_bytes(1 << 20))
    count = header.get("buffers") if isinstance(header, dict) else None
    if type(count) is not int or not 0 <= count <= MAX_BUFFERS:
        raise ValueError("malformed message")
    buffers: list[bytes] = []
    for _ in range(count):
        buffers.append(connection.recv_bytes(max_bytes))
        max_bytes -= len(buffers[-1])
    return header, buffers


def serve(sock: socket.socket) -> None:
    """Open the model of the first message, then answer ``predict`` requests until the other end hangs up."""
    connection = Connection(sock.detach())
    header, buffers = receive(connection, MAX_REQUEST)
    try:
        predict, parameters = _open_graph(header["graph"], buffers) if "graph" in header else _open_file(*buffers)
        send(connection, {"status": "ok", "parameters": parameters})
    except Exception as error:
        send(connection, _refusal(error))
        return
    while True:
        try:
            header, buffers = receive(connection, MAX_REQUEST)
        except EOFError:
            return
        try:
            tree, out = wire.encode(predict(wire.decode(header["rows"], buffers)))
            send(connection, {"status": "ok", "value": tree}, out)
        except Exception as error:
            send(connection, _refusal(error))


def _open_file(content: bytes) -> tuple[Callable[[Any], Any], int]:
    import keras

    handle, path = tempfile.mkstemp(suffix=".keras")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    model = keras.saving.load_model(path, compile=False, safe_mode=True)
    return lambda rows: _predict(model, rows), int(model.count_params())


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


def _open_graph(tree: Any, buffers: list[bytes]) -> tuple[Callable[[Any], Any], int]:
    model = GraphModel(wire.decode(tree, buffers))
    return lambda rows: model.predict(rows, BATCH), model.parameters


def _refusal(error: Exception) -> dict[str, Any]:
    if isinstance(error, RefusedGraph):
        return {"status": "refused", "text": str(error)[:400]}
    return {"status": "refused", "text": f"{type(error).__name__}: {error}"[:400]}
