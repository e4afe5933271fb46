"""The process that opens a student's model file: confined like a student kernel, and told nothing but inputs.

It gets the vetted bytes of a ``.keras`` file and, request by request, rows without labels; it answers with
predictions. Whatever a malicious file could make it do, it has no file, no network and no secret to do it with.
"""

from __future__ import annotations

import json
import os
import socket
import tempfile
from multiprocessing.connection import Connection
from typing import Any

from goodfit.inside import wire

MAX_REQUEST = 512 * 2**20  # bytes: hidden rows are the grader's own
BATCH = 512


def send(connection: Connection, header: dict[str, Any], buffers: list[bytes] = []) -> None:  # noqa: B006 - never changed
    """Send one message: a JSON header, then its buffers."""
    connection.send_bytes(json.dumps({**header, "buffers": len(buffers)}).encode())
    for buffer in buffers:
        connection.send_bytes(buffer)


def receive(connection: Connection, max_bytes: int) -> tuple[dict[str, Any], list[bytes]]:
    """Receive one message; raises OSError or ValueError on a message that is too large or malformed."""
    header = json.loads(connection.recv_bytes(1 << 20))
    if not isinstance(header, dict) or type(header.get("buffers")) is not int or not 0 <= header["buffers"] <= 16:
        raise ValueError("malformed message")
    return header, [connection.recv_bytes(max_bytes) for _ in range(header["buffers"])]


def serve(sock: socket.socket) -> None:
    """Load the model of the first message, then answer ``predict`` requests until the other end hangs up."""
    connection = Connection(sock.detach())
    _, (content,) = receive(connection, MAX_REQUEST)
    try:
        import keras

        handle, path = tempfile.mkstemp(suffix=".keras")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
        send(connection, {"status": "ok", "parameters": int(model.count_params())})
    except Exception as error:
        send(connection, {"status": "refused", "text": f"{type(error).__name__}: {error}"[:400]})
        return
    while True:
        try:
            header, buffers = receive(connection, MAX_REQUEST)
        except EOFError:
            return
        try:
            rows = wire.decode(header["rows"], buffers)
            tree, out = wire.encode(model.predict(rows, batch_size=BATCH, verbose=0))
            send(connection, {"status": "ok", "value": tree}, out)
        except Exception as error:
            send(connection, {"status": "refused", "text": f"{type(error).__name__}: {error}"[:400]})
