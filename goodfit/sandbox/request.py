"""What a sandbox is asked to be: one plain, validated record that both tiers understand."""

from __future__ import annotations

import errno
import json
import os
import resource
import socket
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from goodfit.sandbox.limits import Limits

WORK_DIR = "/home/student"
"""Home, current directory and only lasting writable place of a sandbox. Exists inside it only."""

CONNECTION_FILE = "/run/goodfit/kernel.json"
"""Where a kernel finds its connection file. Exists inside the sandbox only."""

SOCKET_DIR = "/run/goodfit/sockets"
"""Where the folder of a kernel's unix sockets is shown. Not below a writable place: its Landlock rules would apply."""

LOG_FILE = "/home/.log"
"""Standard output and error of the confined process; on the sandbox's own tmpfs, so its size is bounded."""

MESSAGE_BYTES = 1 << 20
"""Biggest request or answer on a control socket."""


class Request(BaseModel):
    """One sandbox. Every path is absolute; a path that does not exist is an error, not an empty folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["kernel", "job"]
    target: str = Field(
        pattern=r"^[\w.]+:\w+$",
        description="module:function; a kernel's is called with the path of its connection file, a job's with a "
        "connected socket, and a kernel's with one besides where it got one",
    )
    limits: Limits = Limits()
    confined: bool = Field(
        default=True, description="False only for trusted code (the grader): a plain fork, nothing taken away"
    )
    connection: dict[str, Any] | None = Field(default=None, description="a kernel's connection information")
    staging: str | None = Field(
        default=None, description="folder whose regular files are copied to the work dir; links are left out"
    )
    ro: tuple[str, ...] = Field(default=(), description="further files and folders to show read-only, at the same path")
    rw: tuple[str, ...] = Field(
        default=(), description="folders to show writable, at the same path; chowned to the sandbox's uid"
    )
    hidden: tuple[str, ...] = Field(
        default=(), description="files and folders that must not be visible, even below a shown folder"
    )
    run_dir: str | None = Field(
        default=None, description="folder for the unix sockets of a kernel; shown at SOCKET_DIR"
    )
    cwd: str | None = Field(default=None, description="current directory inside; the work dir unless given")
    env: dict[str, str] = Field(default_factory=dict, description="added to the small fixed environment")
    import_path: tuple[str, ...] = Field(
        default=(), description="folders to import the target from (tier bubblewrap; shown read-only)"
    )

    def writable(self) -> list[str]:
        """Folders of the host that the sandbox may write to."""
        return [os.path.realpath(path) for path in self.rw]

    def inner_connection(self) -> dict[str, Any] | None:
        """The connection information as it is inside, where the sockets' folder has another path."""
        if self.connection is None or self.run_dir is None:
            return self.connection
        return self.connection | {"ip": os.path.join(SOCKET_DIR, os.path.basename(self.connection["ip"]))}


def send(channel: socket.socket, message: dict[str, Any], fds: tuple[int, ...] = ()) -> None:
    """Send one message, with open files, over a SOCK_SEQPACKET socket."""
    data = json.dumps(message).encode()
    if not fds:  # by a call that a sandbox may make, too
        channel.send(data)
        return
    try:
        socket.send_fds(channel, [data], list(fds))
    except OSError as error:
        if error.errno != errno.ETOOMANYREFS or not _raise_open_files():
            raise
        socket.send_fds(channel, [data], list(fds))


def _raise_open_files() -> bool:
    """Raise this process's limit of open files as far as it may; whether that changed anything.

    Linux counts the descriptors that are on their way for all of a user's processes together, and compares with the
    limit of the one that sends: others of the same user must not stop us.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == hard:
        return False
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return True


def receive(channel: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """Next message and its open files; (None, []) when the other side has closed."""
    data, fds, _, _ = socket.recv_fds(channel, MESSAGE_BYTES, 2)
    for fd in fds:
        os.set_inheritable(fd, False)
    if not data:
        for fd in fds:
            os.close(fd)
        return None, []
    return json.loads(data), fds


def control_pair() -> tuple[socket.socket, socket.socket]:
    """Two connected SOCK_SEQPACKET sockets whose buffers hold the biggest message."""
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in pair:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * MESSAGE_BYTES)
    return pair
