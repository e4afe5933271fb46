"""A running sandbox, seen from outside: wait for it, kill it, read its last words."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import psutil

from goodfit.sandbox import request

LOG_TAIL = 8192


class SandboxProcess:
    """One sandbox, or one trusted job. Looks enough like `subprocess.Popen` for jupyter_client.

    Killing it kills everything inside. Losing it does too: the control connection is its lease on life.
    """

    stdin = stdout = stderr = None

    def __init__(
        self,
        *,
        pid: int,
        handle: int,
        log: int,
        control: socket.socket,
        answer: dict[str, Any],
        on_end: Callable[[], object] | None = None,
    ) -> None:
        self.pid = pid
        """Outer process; all processes of the sandbox descend from it."""
        self.uid: int | None = answer.get("uid")
        """The uid everything inside runs as, when started by root."""
        self.layers: list[str] = list(answer.get("layers", ()))
        """What confines it, in words."""
        self.left_out: list[str] = list(answer.get("left_out", ()))
        """Staged entries that were not copied because they are links, pipes or devices."""
        self.writable: tuple[str, ...] = tuple(answer.get("writable", ()))
        """Folders of the host that it may write to, because they were asked for."""
        self.run_dir: str | None = answer.get("run_dir")
        """Folder of the host that its kernel's sockets lie in."""
        self.ended_for = ""
        """What it did, in words, if it was ended for that."""
        self.returncode: int | None = None
        self._handle, self._log, self._control, self._on_end = handle, log, control, on_end
        self._lock = threading.Lock()

    def fileno(self) -> int:
        """Readable when the process has ended."""
        return self._control.fileno()

    def poll(self) -> int | None:
        """Exit code if it has ended (negative: by that signal), else None."""
        return self._wait(0)

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the end, at most `timeout` seconds; the exit code, or None if it still runs."""
        return self._wait(timeout)

    def _wait(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            waiter = select.poll()  # not select(): descriptors above 1023 occur in a big pool
            with contextlib.suppress(ValueError):  # another thread (MemoryWatch) has seen the end and closed it
                waiter.register(self._control, select.POLLIN)
            if waiter.poll(None if timeout is None else timeout * 1000):
                self._read_end()
        return self.returncode

    def _read_end(self) -> None:
        with self._lock:
            if self.returncode is not None:
                return
            message: dict[str, Any] | None = None
            with contextlib.suppress(OSError, ValueError):
                message, _ = request.receive(self._control)
            code = (message or {}).get("exit", -signal.SIGKILL)  # no message: the server is dead, so is this
            self.returncode = code if code <= 128 else 128 - code
            self._finish()

    def _finish(self) -> None:
        self._control.close()
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        if self._on_end is not None:
            self._on_end()
            self._on_end = None

    def real_uids(self) -> set[int]:
        """Uids of the processes inside, as this process's user namespace sees them."""
        found: set[int] = set()
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.pid).children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    found.update(child.uids())
        return found

    def send_signal(self, number: int) -> None:
        """Deliver a signal to the sandbox. A confined one gets SIGKILL only: its first process has no handlers."""
        if self.poll() is None:
            with contextlib.suppress(OSError):  # it ended meanwhile
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """Kill everything inside, now."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """The same: there is no gentle way that a student's code could not ignore."""
        self.kill()

    def log_tail(self) -> str:
        """The end of standard output and error outside of cells (crash messages), as harmless text."""
        if self._log < 0:
            return ""
        size = os.fstat(self._log).st_size
        data = os.pread(self._log, LOG_TAIL, max(0, size - LOG_TAIL))
        return "".join(  # as goodfit.texts has it, which does not exist inside a sandbox
            c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}"
            for c in data.decode("utf-8", "replace")
        )

    def close(self) -> None:
        """Kill it if it runs, wait for the end, free everything."""
        if self.returncode is None:
            self.kill()
            deadline = time.monotonic() + 10
            while self._wait(0.5) is None and time.monotonic() < deadline:
                self.kill()
            if self.returncode is None:
                self.returncode = -signal.SIGKILL
                self._finish()
        if self._log >= 0:
            os.close(self._log)
            self._log = -1

    def __enter__(self) -> SandboxProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
