"""The grader's end of a stream to a hostile process: it never waits longer than whoever waits allows."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from typing import Any

from goodfit.inside import frames

LOOK = 0.25  # seconds between two looks at whether it is worth waiting on

Look = Callable[[], None]
"""Called while nothing comes or goes; raises where it is no longer worth waiting."""


class Gone(Exception):
    """Nothing more comes.

    Attributes:
        hung_up: whether the other end has hung up; else it says what is no message.
    """

    def __init__(self, text: str, *, hung_up: bool) -> None:
        super().__init__(text)
        self.hung_up = hung_up


class Channel:
    """One end of a connected stream socket, on which messages of :mod:`goodfit.inside.frames` are exchanged.

    Args:
        sock: the end; it belongs to this object from now on.
        most_bytes: of one message that comes.

    Attributes:
        broken: whether nothing more can be said on it: something ended in the midst of a message.
    """

    def __init__(self, sock: socket.socket, most_bytes: int) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._most_bytes = most_bytes
        self._looked = time.monotonic()
        self.broken = False

    def send(self, header: dict[str, Any], buffers: list[bytes], look: Look) -> None:
        """Send a message.

        Raises:
            Gone: the other end has hung up.
        """
        broken, self.broken = self.broken, True
        for piece in frames.pack(header, buffers):
            view, sent = memoryview(piece), 0
            while sent < len(piece):
                try:
                    sent += self._sock.send(view[sent:])
                except BlockingIOError:
                    self._wait(select.POLLOUT, look)
                except OSError as error:
                    raise Gone(str(error), hung_up=True) from error
        self.broken = broken

    def receive(self, look: Look) -> frames.Message:
        """The next message that comes.

        Raises:
            Gone: the other end has hung up, or it is no message.
        """
        self._wait(select.POLLIN, look)
        broken, self.broken = self.broken, True
        try:
            message = frames.unpack(self._most_bytes)
            wanted = next(message)
            while True:
                wanted = message.send(self._exactly(wanted, look))
        except StopIteration as done:
            self.broken = broken
            found: frames.Message = done.value
            return found
        except frames.Malformed as error:
            raise Gone(str(error), hung_up=False) from error
        except OSError as error:
            raise Gone(str(error), hung_up=True) from error

    def close(self) -> None:
        """Hang up."""
        self.broken = True
        self._sock.close()

    def _exactly(self, size: int, look: Look) -> bytes:
        data = bytearray(size)
        view, got = memoryview(data), 0
        while got < size:
            try:
                more = self._sock.recv_into(view[got:])
            except BlockingIOError:
                self._wait(select.POLLIN, look)
                continue
            if not more:
                raise Gone("the other end has hung up", hung_up=True)
            got += more
        return bytes(data)

    def _wait(self, event: int, look: Look) -> None:
        """Wait until something can come or go. A look is due now and then, though bytes trickle."""
        poll = select.poll()
        poll.register(self._sock, event)
        while True:
            if time.monotonic() - self._looked > LOOK:
                look()
                self._looked = time.monotonic()
            if poll.poll(LOOK * 1000):
                return
