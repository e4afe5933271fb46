"""Messages between the grader and a process of the student's, on a stream socket: a JSON object and raw buffers.

A message is the number of its parts, the size of each, then the parts: the JSON, and the buffers that belong to it.
Numbers are big-endian, of 4 and 8 bytes. Sizes and counts are looked at before memory is spent: the other end may say
anything.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Generator, Sequence
from typing import Any

from goodfit.inside import wire

MAX_PARTS = 100_000  # of one message: its JSON, and one for each array
MAX_MARKS = 3 * wire.MAX_NODES
"""Marks of JSON (commas, brackets) in a message: Python takes up to some 200 bytes for what stands between two."""

SMALL = 1 << 16  # bytes up to which a message is sent in one piece

Message = tuple[dict[str, Any], list[bytes]]


class Malformed(ValueError):
    """What came is no message, or larger than anything that is asked for. What comes after it has no meaning."""


def too_many_values(text: bytes) -> bool:
    """Whether a text of JSON would take far more memory than its length, told without reading it."""
    return sum(map(text.count, (b",", b"[", b"{"))) > MAX_MARKS


def pack(header: dict[str, Any], buffers: Sequence[bytes]) -> list[bytes]:
    """The pieces of a message, in order."""
    parts = [json.dumps(header).encode(), *buffers]
    pieces = [struct.pack(f"!I{len(parts)}Q", len(parts), *map(len, parts)), *parts]
    return [b"".join(pieces)] if sum(map(len, pieces)) <= SMALL else pieces


def unpack(most_bytes: int) -> Generator[int, bytes, Message]:
    """Read one message: yields how many bytes it wants next, is sent just these, and returns the message.

    Args:
        most_bytes: of all parts of the message together.

    Raises:
        Malformed: before anything else is done with it.
    """
    (count,) = struct.unpack("!I", (yield 4))
    if not 1 <= count <= MAX_PARTS:
        raise Malformed("a message of too many parts")
    sizes = struct.unpack(f"!{count}Q", (yield 8 * count))
    if sum(sizes) > most_bytes:
        raise Malformed("a message of too many bytes")
    text = yield sizes[0]
    if too_many_values(text):
        raise Malformed("a message of too many values")
    buffers = []
    for size in sizes[1:]:
        buffers.append((yield size))
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"a message that is no JSON ({type(error).__name__})") from error
    if not isinstance(header, dict):
        raise Malformed("a message that is no object")
    return header, buffers


def send(sock: socket.socket, header: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
    """Send a message on a blocking socket."""
    for piece in pack(header, buffers):
        sock.sendall(piece)


def receive(sock: socket.socket, most_bytes: int) -> Message:
    """Receive a message from a blocking socket.

    Raises:
        EOFError: the other end has hung up.
        Malformed: it is none.
    """
    message = unpack(most_bytes)
    wanted = next(message)
    while True:
        try:
            wanted = message.send(_exactly(sock, wanted))
        except StopIteration as done:
            found: Message = done.value
            return found


def _exactly(sock: socket.socket, size: int) -> bytes:
    data = bytearray(size)
    view, got = memoryview(data), 0
    while got < size:
        more = sock.recv_into(view[got:])
        if not more:
            raise EOFError("the other end has hung up")
        got += more
    return bytes(data)
