"""One way to start a sandbox, whatever the tier."""

from __future__ import annotations

import enum
import socket
from typing import Any

from goodfit.sandbox.bubblewrap.spawn import spawn as spawn_in_bubblewrap
from goodfit.sandbox.errors import SandboxUnavailable
from goodfit.sandbox.fork.client import ForkServer
from goodfit.sandbox.limits import Limits
from goodfit.sandbox.process import SandboxProcess
from goodfit.sandbox.request import Request


class Tier(enum.StrEnum):
    """How a student's code is confined."""

    FORK = "fork"
    """A fork of a process that has the libraries imported: ready in about 0.15 s."""
    BUBBLEWRAP = "bubblewrap"
    """A new Python inside bubblewrap: the same walls, without the head start."""
    NONE = "none"
    """No walls. Only for code that is trusted, and every report says so."""


def spawn(
    tier: Tier, wanted: Request, sock: socket.socket | None = None, *, server: ForkServer | None = None
) -> SandboxProcess:
    """Start a confined process; returns when it is confined and about to run its target.

    Args:
        tier: FORK or BUBBLEWRAP.
        wanted: what to start.
        sock: the target's end of a connected socket, which a job needs; the caller closes its own copy.
        server: the fork server; the one named by the environment unless given.
    """
    if tier is Tier.FORK:
        return (server or ForkServer.at()).spawn(wanted, sock)
    if tier is Tier.BUBBLEWRAP:
        return spawn_in_bubblewrap(wanted, sock)
    raise SandboxUnavailable("There is no confined process without a sandbox", where="--sandbox none")


def spawn_job(
    tier: Tier, target: str, sock: socket.socket, limits: Limits, *, server: ForkServer | None = None, **options: Any
) -> SandboxProcess:
    """Run `target` ("module:function", called with `sock`) confined; `options` are further fields of `Request`.

    For code that handles what a student made (the model reader): no file, no network, limits.
    """
    return spawn(tier, Request(kind="job", target=target, limits=limits, **options), sock, server=server)
