"""Memory of a whole sandbox, watched from outside: limits of single processes do not add up to a limit of all."""

from __future__ import annotations

import contextlib
import os
import threading
from types import TracebackType

import psutil

from goodfit.sandbox.limits import Limits
from goodfit.sandbox.process import SandboxProcess

PILE_BYTES = 1 << 30
"""More than any honest kernel makes its grader hold."""


class MemoryWatch:
    """Samples the memory of a sandbox's processes and kills the sandbox when it is over `total_memory_bytes`.

    What a sandbox sends also piles up on this side, in the queues of its sockets: a sandbox is killed as well when this
    process has grown by `PILE_BYTES` since the watch began.

    Pages that forks share are counted once (PSS) where Linux lets us read that, as it does for root. Otherwise the
    private pages every fork has of the server are taken off. Files in the sandbox's tmpfs are limited by `disk_bytes`.

    Use as a context around whatever waits for the sandbox; `exceeded` says afterwards whether it was killed for memory.
    """

    def __init__(self, process: SandboxProcess, limits: Limits, *, interval: float = 0.2) -> None:
        self.process, self.limits, self.interval = process, limits, interval
        self.exceeded = False
        """Whether the sandbox was killed for its memory."""
        self.peak_bytes = 0
        """The most that was seen."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="goodfit-memory", daemon=True)
        self._root = psutil.Process(process.pid)
        self._own = _private(psutil.Process())
        self._inherited = _private(self._root)

    def sample(self) -> int:
        """Bytes in use now by all processes of the sandbox."""
        with contextlib.suppress(psutil.NoSuchProcess):
            processes = self._root.children(recursive=True)
            rough = sum(_private(process) for process in processes)
            inherited = (
                min((_private(process) for process in processes), default=0) if not self._inherited else self._inherited
            )
            if rough <= self.limits.total_memory_bytes // 2:
                return max(0, rough - inherited * max(0, len(processes) - 1))
            exact = [_proportional(process.pid) for process in processes]
            if None not in exact:
                return sum(size for size in exact if size is not None)
            return sum(max(0, _private(process) - inherited) for process in processes) + inherited
        return 0

    def _run(self) -> None:
        while not self._stop.wait(self.interval):
            size = self.sample()
            self.peak_bytes = max(self.peak_bytes, size)
            if size > self.limits.total_memory_bytes or _private(psutil.Process()) > self._own + PILE_BYTES:
                self.exceeded = True
                self.process.kill()
                return

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()


def _status_fields(pid: int, path: str, names: tuple[str, ...]) -> int | None:
    """Sum of some kB fields of a file in /proc; None if it cannot be read."""
    try:
        with open(f"/proc/{pid}/{path}", encoding="ascii", errors="replace") as file:
            return sum(
                int(value.split()[0]) << 10
                for name, _, value in (line.partition(":") for line in file)
                if name in names
            )
    except (OSError, ValueError, IndexError):
        return None


def _private(process: psutil.Process) -> int:
    """Memory that is not files of the disk; includes what a fork shares with its parent. Readable for everybody."""
    return _status_fields(process.pid, "status", ("RssAnon", "RssShmem")) or 0


def _proportional(pid: int) -> int | None:
    """The process's share of memory, each shared page divided by its users (without files of the disk)."""
    if not os.path.exists(f"/proc/{pid}"):
        return 0
    return _status_fields(pid, "smaps_rollup", ("Pss_Anon", "Pss_Shmem"))
