"""Messages of a hostile kernel: their sizes and counts are looked at before anything is made of them."""

from __future__ import annotations

from typing import Any

from jupyter_client.session import Session
from traitlets import Int

from goodfit.inside.frames import too_many_values

MAX_FRAMES = 100_000  # parts of one message: its head, and one for each array
HEAD = 5  # parts that are not buffers: the signature and four texts of JSON
MAX_HEAD = 2**16  # bytes of each of the first texts


class TooMuch(ValueError):
    """A message is larger, or has more parts, than anything that is asked for."""


class BoundedSession(Session):
    """Jupyter's session, for a kernel that may send anything: parts are counted before they are read as JSON."""

    most_bytes = Int(64 * 2**20, help="bytes of all parts of one message together")

    def deserialize(self, msg_list: list[Any], content: bool = True, copy: bool = True) -> dict[str, Any]:
        """Read a message.

        Raises:
            TooMuch: before anything else is done with it.
        """
        sizes = [len(part) for part in msg_list]
        if len(sizes) > MAX_FRAMES or sum(sizes) > self.most_bytes:
            raise TooMuch("a message of too many parts or bytes")
        if any(size > MAX_HEAD for size in sizes[: HEAD - 1]):
            raise TooMuch("a message with too long a head")
        for part in msg_list[HEAD - 1 : HEAD]:
            if too_many_values(bytes(part)):
                raise TooMuch("a message of too many values")
        return super().deserialize(msg_list, content, copy)
