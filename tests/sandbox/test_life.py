"""How sandboxes start, end and fail, seen from outside."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from sandboxes import SMALL, TARGETS, Inside

from goodfit.sandbox import tiers
from goodfit.sandbox.confine import INLINE
from goodfit.sandbox.errors import ConfinementFailed, ForkServerDied, SandboxError, SandboxUnavailable
from goodfit.sandbox.fork.client import REVIVALS, ForkServer
from goodfit.sandbox.launch import Tier, spawn, spawn_job
from goodfit.sandbox.limits import MIB, Limits
from goodfit.sandbox.process import SandboxProcess
from goodfit.sandbox.request import Request

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sandboxes are made of Linux namespaces")


def descendants(process: SandboxProcess) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def gone(processes: list[psutil.Process], seconds: float = 5) -> bool:
    return not psutil.wait_procs(processes, timeout=seconds)[1]


BACKGROUND = """
import subprocess, sys, os, time
subprocess.Popen(["/bin/sh", "-c", "sleep 300 & sleep 300"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: time.sleep(300)
    os._exit(0)
time.sleep(0.1)
result = os.getpid()
"""


def test_background_processes_die_with_it(tier: Tier, inside: Callable[..., Inside]) -> None:
    with inside(tier, BACKGROUND + "\nstay = 1") as box:
        assert box.result() > 1
        seen = descendants(box.process)
        assert box.process.wait(10) == 0
        assert gone(seen)


def test_kill_ends_everything(tier: Tier, inside: Callable[..., Inside]) -> None:
    with inside(tier, BACKGROUND) as box:
        box.result()
        seen = descendants(box.process)
        assert len(seen) >= 4
        box.process.kill()
        assert box.process.wait(5) == -signal.SIGKILL
        assert gone(seen)


def test_it_dies_with_its_owner(tier: Tier, inside: Callable[..., Inside]) -> None:
    """A worker that is killed leaves no sandbox behind: the control connection is its lease."""
    with inside(tier, BACKGROUND) as box:
        box.result()
        seen = descendants(box.process)
        box.process._control.shutdown(socket.SHUT_RDWR)
        assert gone(seen)


def test_exit_codes_and_last_words(tier: Tier, inside: Callable[..., Inside]) -> None:
    with inside(tier, "import os; os.write(2, b'last words\\x1b[2J'); os._exit(42)") as box:
        assert box.process.wait(10) == 42
        assert "last words" in box.process.log_tail()
        assert "\x1b" not in box.process.log_tail()
    with inside(tier, "import os; os.kill(os.getpid(), 11)") as box:
        assert box.process.wait(10) == -11


def test_server_survives_its_children(server: ForkServer, inside: Callable[..., Inside]) -> None:
    for code in ("import os; os.abort()", "import os; os.kill(1, 9)", "raise SystemExit(9)"):
        with inside(Tier.FORK, code) as box:
            box.process.wait(0.5)
    with inside(Tier.FORK, "result = 7") as box:
        assert box.result() == 7
    assert server.alive()
    assert server.pid is not None
    assert psutil.Process(server.pid).num_threads() == 1


def test_sandboxes_die_with_the_server() -> None:
    with ForkServer.start(["sandbox_targets"], import_path=[TARGETS], libraries=[]) as own:
        ours, theirs = socket.socketpair()
        with theirs:
            process = spawn_job(Tier.FORK, "sandbox_targets:execute", theirs, SMALL, server=own)
        ours.sendall(BACKGROUND.encode())
        ours.shutdown(socket.SHUT_WR)
        box = Inside(process, ours)
        box.result()
        seen = descendants(process)
        assert own.pid is not None
        os.kill(own.pid, signal.SIGKILL)
        assert gone(seen)
        assert process.wait(5) == -signal.SIGKILL
        with pytest.raises(ForkServerDied, match="does not answer"):
            spawn(Tier.FORK, Request(kind="job", target="sandbox_targets:execute"), ours, server=own)
        box.__exit__()


def end(server: ForkServer) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    while server.alive():
        time.sleep(0.01)


def test_a_server_that_was_killed_is_started_again_at_its_address() -> None:
    """As often as bad luck may strike; and never one that another process has started."""
    with ForkServer.start(["sandbox_targets"], import_path=[TARGETS], libraries=[]) as own:
        for _ in range(REVIVALS):
            end(own)
            assert ForkServer.revive(own.address)
            ours, theirs = socket.socketpair()
            with ours, theirs, spawn_job(Tier.FORK, "sandbox_targets:execute", theirs, SMALL, server=own) as process:
                assert process.pid
        end(own)
        assert not ForkServer.revive(own.address)
        assert not ForkServer.revive(f"{own.address} of somebody else")
    assert not ForkServer.revive(own.address), "it was closed"


def test_a_server_that_is_killed_while_it_imports_is_started_once_more() -> None:
    killed: list[int] = []

    def kill() -> None:
        while not killed:
            for child in psutil.Process().children():
                with contextlib.suppress(psutil.Error):
                    if "numpy.linalg" in " ".join(child.cmdline()):  # not the one that other tests use
                        child.kill()
                        killed.append(child.pid)
            time.sleep(0.01)

    thread = threading.Thread(target=kill)
    thread.start()
    with ForkServer.start(["sandbox_targets", "numpy.linalg"], import_path=[TARGETS], libraries=[]) as own:
        assert own.alive()
        assert own.pid not in killed
    thread.join()
    assert len(killed) == 1


def test_trusted_job_keeps_its_rights(server: ForkServer, tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    wanted = Request(kind="job", target="sandbox_targets:execute", confined=False, cwd=str(tmp_path), env={"A": "b"})
    with theirs:
        process = server.spawn(wanted, theirs)
    ours.sendall(
        b"# without walls\nimport os; result = [os.getuid(), os.getcwd(), os.environ['A'], 'PGPASSWORD' in os.environ]"
    )
    ours.shutdown(socket.SHUT_WR)
    with Inside(process, ours) as box:
        assert box.result() == [os.getuid(), str(tmp_path), "b", False]


def test_trusted_job_knows_its_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Home, name and folder for temporary files, where the sockets of kernels are made; not in a sandbox."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("USER", "grader")
    names = "('HOME', 'USER', 'TMPDIR', 'MPLBACKEND')"
    code = f"import os, tempfile; result = [*map(os.environ.get, {names}), tempfile.gettempdir()]".encode()
    found = []
    with ForkServer.start(["sandbox_targets"], import_path=[TARGETS], libraries=[]) as own:
        for confined in (False, True):
            ours, theirs = socket.socketpair()
            with theirs:
                process = own.spawn(Request(kind="job", target="sandbox_targets:execute", confined=confined), theirs)
            ours.sendall(b"# without walls\n" + code)
            ours.shutdown(socket.SHUT_WR)
            with Inside(process, ours) as box:
                found.append(box.result())
    assert found[0] == [os.environ.get("HOME"), "grader", str(tmp_path), "agg", str(tmp_path)]
    assert found[1] == ["/home/student", "student", "/tmp", INLINE, "/tmp"]


def test_a_broken_pipe_is_an_error_and_no_death(tier: Tier, inside: Callable[..., Inside]) -> None:
    """As in every Python: writing to what nobody reads raises BrokenPipeError."""
    code = """
import os
reader, writer = os.pipe()
os.close(reader)
try:
    os.write(writer, b"x")
except BrokenPipeError:
    result = "BrokenPipeError"
"""
    assert inside(tier, code).result() == "BrokenPipeError"


def test_the_host_is_not_named(tier: Tier, inside: Callable[..., Inside]) -> None:
    assert inside(tier, "import socket; result = socket.gethostname()").result() == "student"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"staging": "/nowhere/at/all"}, "nowhere"),
        ({"ro": ("/nowhere/at/all",)}, "does not exist"),
        ({"ro": ("relative",)}, "does not exist or is not an absolute path"),
        ({"cwd": "/nowhere"}, "nowhere"),
    ],
)
def test_failures_to_confine_are_reported(
    tier: Tier, inside: Callable[..., Inside], options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ConfinementFailed, match=words):
        inside(tier, "result = 1", **options)


def test_too_large_a_submission_is_reported(tier: Tier, inside: Callable[..., Inside], tmp_path: Path) -> None:
    for n in range(4):
        (tmp_path / str(n)).write_bytes(bytes(6 * MIB))
    with pytest.raises(ConfinementFailed, match="do not fit"):
        inside(tier, "result = 1", staging=str(tmp_path))


def test_too_many_files_of_a_submission_are_reported(tier: Tier, inside: Callable[..., Inside], tmp_path: Path) -> None:
    """Empty ones, too; a few less than the limit are handed on."""
    limits = SMALL.model_copy(update={"disk_files": 200})
    for n in range(180):
        (tmp_path / str(n)).touch()
    with inside(tier, "import os\nresult = len(os.listdir('.'))", limits, staging=str(tmp_path)) as box:
        assert box.result() == 180
    for n in range(30):
        (tmp_path / f"more{n}").touch()
    with pytest.raises(ConfinementFailed, match="do not fit"):
        inside(tier, "result = 1", limits, staging=str(tmp_path))


def test_unknown_tiers_and_targets() -> None:
    with pytest.raises(SandboxUnavailable, match="Choose fork"):
        tiers.choose("docker")
    with pytest.raises(ForkServerDied, match="importing"):
        ForkServer.start(["no_such_module"], libraries=[])
    with pytest.raises(ValueError, match="extra"):
        Limits(memory=1)  # type: ignore[call-arg]
    assert issubclass(ConfinementFailed, SandboxError)


def test_a_preload_that_starts_a_thread_is_refused(tmp_path: Path) -> None:
    (tmp_path / "threaded.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    )
    with pytest.raises(ForkServerDied, match="thread"):
        ForkServer.start(["threaded"], import_path=[str(tmp_path)], libraries=[])
