"""Attacked: what neighbours and the host need too. A class with those who take it is graded as without them."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Callable
from typing import Any

import pytest
from attack_tools import RIGHT, Submit

TAKE = {
    "flight": """
import socket, array
a, b = socket.socketpair()
try:
    for i in range(40): a.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0] * 25))])
except OSError: pass""",
    "names": """
import socket
kept = []
for n in range(20_000):
    try: socket.socket(socket.AF_UNIX).bind(f"/run/goodfit/sockets/mark{n}")
    except OSError: break""",
    "buffers": """
import socket
kept = []
try:
    while True: kept.append(socket.socketpair())
except OSError: pass
for a, b in kept:
    a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20); a.setblocking(False)
    try:
        while True: a.send(bytes(1 << 16))
    except OSError: pass""",
    "cores": """
import os
for n in range(60):
    if os.fork() == 0:
        os.setsid()
        while True: pass""",
}


@pytest.mark.all
def test_a_class_with_hoarders_is_graded_as_without(submit: Submit, grade_class: Callable[..., dict[str, Any]]) -> None:
    """Descriptors in flight, names of sockets on the host, socket buffers, a session for each of many processes.

    Their own answers are right, and stay so: what ends a kernel is left out.
    """
    honest = submit()
    hostile = {f"take-{name}": submit(after={"setup": code}) for name, code in TAKE.items()}
    before = set(glob.glob(os.path.join(tempfile.gettempdir(), "gf-*")))
    results = grade_class(honest=honest, **hostile, zoe=honest)
    for name, result in results.items():
        assert result.bundle is not None, name
        assert not result.bundle.verdict.needs_human, (name, result.bundle.log)
        assert result.bundle.verdict.earned >= RIGHT, (name, result.bundle.log)
    told = {name: " ".join(result.bundle.verdict.notices) for name, result in results.items()}
    assert "too many names of sockets" in told["take-names"]
    assert "too many" not in told["honest"] + told["zoe"]
    left = set(glob.glob(os.path.join(tempfile.gettempdir(), "gf-*"))) - before
    assert not [folder for folder in left if glob.glob(f"{folder}/k/mark*")]
