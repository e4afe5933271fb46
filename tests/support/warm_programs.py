"""Programs that start warm: importing nbgrader costs a command two seconds of processor, and the tests start hundreds.

A server imports once and forks a process for each start. What is found on the PATH is a small program that hands its
arguments, folder, environment and standard streams to the server, passes signals on, and ends as the process ended;
if it is killed, the process is killed. Tests of the start itself (the installed program, an ordinary user, streams
that are not UTF-8) start the real one.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import importlib.metadata
import io
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

PROGRAMS = ("goodfit", "nbgrader", "alembic")
IMPORTED = (
    "alembic.command",
    "alembic.config",
    "goodfit.authoring.bank",
    "goodfit.cli.app",
    "goodfit.course.batch",
    "goodfit.exports.exporting",
    "goodfit.pages.feedback",
    "goodfit.reports.class_report",
    "nbgrader.apps.nbgraderapp",
    "nbgrader.converters",
)
CLIENT = """\
#!{python} -IS
import json, os, signal, socket, struct, sys
server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
server.connect({address!r})
mask = os.umask(0)
server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
asked = dict(program={program!r}, words=sys.argv[1:], folder=os.getcwd(), environment=dict(os.environ), mask=mask)
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda number, frame: server.send(bytes([number])))
socket.send_fds(server, [json.dumps(asked).encode()], [0, 1, 2])
ended = server.recv(8)
if not ended:
    raise SystemExit("the server of warm programs died")
(code,) = struct.unpack("i", ended)
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


@contextlib.contextmanager
def warm_programs(folder: Path) -> Iterator[Path]:
    """A folder for the front of the PATH with goodfit, nbgrader and alembic, which start warm while the block runs."""
    address = str(folder / "server")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(address)
        listener.listen(64)
        here = [sys.executable, __file__, str(listener.fileno())]
        process = subprocess.Popen(here, pass_fds=[listener.fileno()], stdin=subprocess.PIPE, start_new_session=True)
    programs = folder / "bin"
    programs.mkdir()
    for name in PROGRAMS:
        path = programs / name
        path.write_text(CLIENT.format(python=sys.executable, address=address, program=name))
        path.chmod(0o755)
    try:
        yield programs
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(20)


_exit_code = 0


def _leave() -> None:
    """The last of what is done at exit: to take down all that was imported costs more than to start."""
    sys.stdout.flush()
    os._exit(_exit_code)


def serve(listener: socket.socket) -> None:
    """Import, then fork for whoever connects, until standard input is closed."""
    atexit.register(_leave)
    for module in IMPORTED:
        importlib.import_module(module)
    scripts = importlib.metadata.entry_points(group="console_scripts")
    programs = {name: scripts[name].load() for name in PROGRAMS}
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        ready, _, _ = select.select([sys.stdin, listener], [], [])
        if sys.stdin in ready:
            return
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            os._exit(_attend(connection, programs))
        connection.close()


def _attend(connection: socket.socket, programs: Mapping[str, Callable[[], Any]]) -> int:
    """Start one program and stay until it has ended or its caller has gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    message, streams, _, _ = socket.recv_fds(connection, 1 << 20, 3)
    if not message:
        return 1
    if (child := os.fork()) == 0:
        asked = json.loads(message)
        _prepare(asked, streams)
        _run(programs[asked["program"]])
    for stream in streams:
        os.close(stream)
    ended = os.pidfd_open(child)
    while True:
        ready, _, _ = select.select([connection, ended], [], [])
        if ended in ready:
            _, status = os.waitpid(child, 0)
            with contextlib.suppress(OSError):
                connection.send(struct.pack("i", os.waitstatus_to_exitcode(status)))
            return 0
        try:
            wanted = connection.recv(1)
        except OSError:
            wanted = b""
        os.kill(child, wanted[0] if wanted else signal.SIGKILL)
        if not wanted:  # the caller was killed
            os.waitpid(child, 0)
            return 0


def _prepare(asked: dict[str, Any], streams: list[int]) -> None:
    """Make this fork what the program would find if it had been started."""
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, 1 << 16)
    os.umask(asked["mask"])
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.path[:0] = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    sys.argv = [asked["program"], *asked["words"]]
    sys.modules["__main__"] = types.ModuleType("__main__")
    sys.stdin = io.TextIOWrapper(open(0, "rb", closefd=False), encoding="utf-8")  # noqa: SIM115
    sys.stdout = io.TextIOWrapper(open(1, "wb", closefd=False), encoding="utf-8")  # noqa: SIM115
    sys.stderr = io.TextIOWrapper(open(2, "wb", 0, closefd=False), encoding="utf-8", write_through=True)  # noqa: SIM115
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr  # type: ignore[misc]


def _run(program: Callable[[], Any]) -> NoReturn:
    global _exit_code
    _exit_code = 1
    try:
        code = program()
    except SystemExit as end:
        code = end.code
    if isinstance(code, str):
        print(code, file=sys.stderr)
    _exit_code = code if isinstance(code, int) else int(code is not None)
    raise SystemExit


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
