"""One piece of code in a sandbox, started as the engine starts it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sandboxes import CONFINED, SMALL, TARGETS, Inside

from goodfit.sandbox.fork.client import ForkServer
from goodfit.sandbox.launch import Tier, spawn_job
from goodfit.sandbox.limits import Limits


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    libraries = [
        "numpy",
        "py_landlock",
        "pyseccomp",
        "goodfit.sandbox.tiers",
        "goodfit.inside.agent",
        "ipykernel.kernelapp",
        "ipykernel.ipkernel",
        "ipykernel.zmqshell",
        "ipykernel.debugger",
    ]
    with ForkServer.start(["sandbox_targets"], import_path=[TARGETS], libraries=libraries) as running:
        yield running


@pytest.fixture(params=CONFINED, ids=str)
def tier(request: pytest.FixtureRequest) -> Tier:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def inside(server: ForkServer) -> Callable[..., Inside]:
    def start(tier: Tier, code: str, limits: Limits = SMALL, **options: Any) -> Inside:
        ours, theirs = socket.socketpair()
        with theirs:
            options.setdefault("import_path", (TARGETS,) if tier is Tier.BUBBLEWRAP else ())
            process = spawn_job(tier, "sandbox_targets:execute", theirs, limits, server=server, **options)
        ours.sendall(code.encode())
        ours.shutdown(socket.SHUT_WR)
        return Inside(process, ours)

    return start
