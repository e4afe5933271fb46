"""Start the fork server and ask it for sandboxes."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from typing import IO, Any

from goodfit.sandbox import request, view
from goodfit.sandbox.confine import INLINE, LIBRARY_ENVIRONMENT
from goodfit.sandbox.errors import ConfinementFailed, ForkServerDied
from goodfit.sandbox.fork.server import libraries as usual_libraries
from goodfit.sandbox.process import SandboxProcess
from goodfit.sandbox.request import Request

ADDRESS_VARIABLE = "GOODFIT_FORK_SERVER"
"""Environment variable with the address of a running server, for processes that did not start it."""

SPAWN_SECONDS = 60.0
"""How long making one sandbox may take; copying a large submission is the slow part."""

START_SECONDS = 180.0
"""How long a server's imports may take."""

REVIVALS = 3
"""How often a server that has ended is started again."""

LOG = logging.getLogger(__name__)
_STARTED_HERE: dict[str, ForkServer] = {}


class ForkServer:
    """A fork server: started here (`start`), or running already (`at`). Closing ends it and its sandboxes."""

    def __init__(self, address: str) -> None:
        self.address = address
        """Path of its socket; usable from any process of the same user."""
        self.missing: list[str] = []
        """Libraries that could not be imported, with the reason."""
        self.start_seconds = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._lifeline: socket.socket | None = None
        self._log: IO[bytes] | None = None
        self._imports: dict[str, list[str]] = {}
        self._import_path: list[str] = []
        self._revivals, self._reviving = REVIVALS, threading.Lock()

    @classmethod
    def start(
        cls,
        preload: Sequence[str] = (),
        *,
        import_path: Sequence[str] = (),
        libraries: Sequence[str] | None = None,
        timeout: float = START_SECONDS,
    ) -> ForkServer:
        """Start a server and wait until its imports are done.

        Args:
            preload: modules that must be imported besides the usual libraries.
            import_path: folders to import them from.
            libraries: instead of the usual libraries (tests use a short list); a missing one is no error.
            timeout: seconds to wait for the imports.
        """
        folder = tempfile.mkdtemp(prefix="gf-")  # 0700
        server = cls(os.path.join(folder, "server"))
        server._imports = {
            "modules": list(preload),
            "libraries": list(usual_libraries() if libraries is None else libraries),
        }
        server._import_path = [*import_path, view.PACKAGE_HOME]
        try:
            try:
                server._launch(timeout)
            except ForkServerDied:
                if not server._was_killed():
                    raise
                server._end()
                server._launch(timeout)
        except BaseException:
            server.close()
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _STARTED_HERE[server.address] = server
        return server

    @classmethod
    def revive(cls, address: str) -> bool:
        """Start a server that was started here and has ended anew, at its address; returns whether one answers now.

        Its sandboxes ended with it. A few times only: what ends each new one is not bad luck.
        """
        server = _STARTED_HERE.get(address)
        if server is None:
            return False
        with server._reviving:  # several submissions find it gone at once
            if server.alive():
                return True
            if not server._revivals:
                return False
            server._revivals -= 1
            LOG.warning("the fork server has ended and is started again: %s", server.last_words()[-500:])
            server._end()
            try:
                server._launch(START_SECONDS)
            except ForkServerDied as error:
                LOG.warning("%s", error)
                return False
            return True

    def _launch(self, timeout: float) -> None:
        """Start its process, and wait until the imports are done."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.address)
        self._lifeline, theirs = request.control_pair()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        with theirs, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(self.address)
            listener.listen(128)
            settings = {"lifeline": theirs.fileno(), "listener": listener.fileno(), **self._imports}
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "goodfit.sandbox.fork.server", json.dumps(settings)],
                env=server_environment(self._import_path),
                pass_fds=(theirs.fileno(), listener.fileno()),
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,
                cwd="/",
            )
        self._await_ready(timeout)

    @classmethod
    def at(cls, address: str | None = None) -> ForkServer:
        """The running server at `address`, or at the one the environment names. Closing it does not end it."""
        address = address or os.environ.get(ADDRESS_VARIABLE)
        if not address:
            raise ForkServerDied(
                "No fork server is known", where=ADDRESS_VARIABLE, remedy="Start one with ForkServer.start()."
            )
        return cls(address)

    @classmethod
    def running(cls) -> ForkServer | None:
        """The server that the environment names, if it answers."""
        server = cls(os.environ[ADDRESS_VARIABLE]) if os.environ.get(ADDRESS_VARIABLE) else None
        return server if server and server.alive() else None

    def _await_ready(self, timeout: float) -> None:
        assert self._lifeline is not None
        self._lifeline.settimeout(timeout)
        message: dict[str, Any] | None = None
        reason = "ended while importing"
        try:
            message, _ = request.receive(self._lifeline)
        except TimeoutError:
            reason = f"was not ready after {timeout:.0f} s"
        except OSError:
            pass
        if message is None or "ready" not in message:
            raise ForkServerDied(
                f"The fork server {reason}: {(message or {}).get('error', self.last_words())}",
                where="start",
                remedy="Run `goodfit doctor`; it imports the libraries one by one.",
            )
        self._lifeline.settimeout(None)
        self.missing, self.start_seconds = message["missing"], message["seconds"]

    @property
    def pid(self) -> int | None:
        """Process id, where it was started here."""
        return self._process.pid if self._process else None

    def alive(self) -> bool:
        """Whether it accepts connections."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as probe:
            probe.settimeout(10)
            try:
                probe.connect(self.address)
            except OSError:
                return False
        return True

    def last_words(self) -> str:
        """The end of what the server wrote to standard error."""
        if self._log is None:
            return ""
        size = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), 4096, max(0, size - 4096)).decode("utf-8", "replace").strip()

    def spawn(
        self, wanted: Request, sock: socket.socket | None = None, *, timeout: float = SPAWN_SECONDS
    ) -> SandboxProcess:
        """Make a sandbox (or a trusted job); returns when it is confined and about to run its target.

        Args:
            wanted: what to make.
            sock: the target's end of a connected socket, which a job needs. The caller closes its own copy.
            timeout: seconds to wait.

        Raises:
            ConfinementFailed: it could not be confined; nothing ran.
            ForkServerDied: the server is gone or does not answer.
        """
        control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            control.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * request.MESSAGE_BYTES)
            control.settimeout(timeout)
            try:
                control.connect(self.address)
                request.send(control, wanted.model_dump(mode="json"), (sock.fileno(),) if sock else ())
                answer, fds = request.receive(control)
            except OSError as error:
                raise ForkServerDied(
                    f"The fork server does not answer: {error}",
                    where=self.address,
                    remedy="Start it again; submissions that were being graded are graded again.",
                ) from error
            if answer is None:
                raise ForkServerDied(
                    f"The fork server closed the connection: {self.last_words()[-500:]}", where=self.address
                )
            if "error" in answer:
                raise ConfinementFailed(answer["error"], where=answer["where"], remedy=answer["remedy"])
            control.settimeout(None)
            answer["writable"] = wanted.writable() if wanted.confined else []
            answer["run_dir"] = wanted.run_dir
            return SandboxProcess(pid=answer["pid"], handle=fds[0], log=fds[1], control=control, answer=answer)
        except BaseException:
            control.close()
            raise

    def close(self) -> None:
        """End the server, where it was started here, and with it everything it has made."""
        if self._lifeline is None:
            return
        _STARTED_HERE.pop(self.address, None)
        self._end()
        shutil.rmtree(os.path.dirname(self.address), ignore_errors=True)

    def _was_killed(self) -> bool:
        """Whether a signal ended its process: the system's, as for lack of memory, and nothing that it imported."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process is not None and self._process.wait(5) < 0
        return False

    def _end(self) -> None:
        """End its process, and free what belongs to it."""
        if self._lifeline is not None:
            self._lifeline.close()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            if self._process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._process.pid, signal.SIGKILL)
                self._process.wait()
        if self._log is not None:
            self._log.close()
        self._process = self._lifeline = self._log = None

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def server_environment(import_path: Sequence[str]) -> dict[str, str]:
    """A clean environment: what is in it can be read in every student kernel. Where HOME is matters for caches only."""
    keep = {
        name: os.environ[name]
        for name in (
            "HOME",
            "USER",
            "LOGNAME",
            "TMPDIR",
            "LD_LIBRARY_PATH",
            "TZ",
            "VIRTUAL_ENV",
            "GOODFIT_SANDBOX_UIDS",
        )
        if name in os.environ
    }
    return {
        **LIBRARY_ENVIRONMENT,
        **keep,
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": INLINE,
        "MATPLOTLIBRC": os.devnull,  # how a TA likes plots is not how students' plots look
        "PYTHONPATH": os.pathsep.join(import_path),
    }
