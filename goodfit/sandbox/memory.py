"""A whole sandbox, watched from outside: limits of single processes do not add up to a limit of all."""

from __future__ import annotations

import contextlib
import os
import threading
from itertools import islice
from types import TracebackType

from goodfit.sandbox import usage
from goodfit.sandbox.limits import Limits
from goodfit.sandbox.process import SandboxProcess

PILE_BYTES = 1 << 30
"""More than any honest kernel makes its grader hold."""

SOCKET_NAMES = 64
"""Names in the folder that a kernel shares with the host; a kernel makes five."""

RECORD_LOCKS = 10_000
"""Locks on parts of files; a database makes a handful."""


class MemoryWatch:
    """Samples what a sandbox's processes use together and kills the sandbox when it is over a limit.

    Memory (`total_memory_bytes`): pages, swapped out or not, and their tables. Pages that forks share are counted once
    (PSS) where Linux lets us read that, as it does for root. Otherwise the private pages every fork has of the server
    are taken off. Files in the sandbox's tmpfs are limited by `disk_bytes`.

    What holds memory of Linux itself is counted by number: open files and sockets of all processes
    (`total_open_files`, `sockets`), record locks, and names of sockets in the folder that a kernel shares with the
    host.

    A kernel that has stopped itself is ended as well: it would be waited for until its time is over, for nothing.

    What a sandbox sends also piles up on this side, in the queues of its sockets: a sandbox is killed as well when this
    process has grown by `PILE_BYTES` since the watch began.

    Use as a context around whatever waits for the sandbox; `exceeded` says afterwards whether it was killed, and
    `reason` for what.
    """

    def __init__(self, process: SandboxProcess, limits: Limits, *, interval: float = 0.2) -> None:
        self.process, self.limits, self.interval = process, limits, interval
        self.exceeded = False
        """Whether the sandbox was killed by this watch."""
        self.reason = ""
        """What it did that it was killed for."""
        self.peak_bytes = 0
        """The most memory that was seen."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="goodfit-memory", daemon=True)
        self._own = usage.memory(os.getpid()).own
        self._inherited = usage.memory(process.pid).own
        self._target = usage.first_child(process.pid)

    def sample(self) -> int:
        """Bytes in use now by all processes of the sandbox."""
        return self._bytes(self._look())

    def _look(self) -> dict[int, usage.Memory]:
        return {pid: usage.memory(pid) for pid in usage.family(self.process.pid)}

    def _bytes(self, seen: dict[int, usage.Memory]) -> int:
        tables = sum(memory.tables for memory in seen.values())
        sizes = [memory.own for memory in seen.values()]
        rough = sum(sizes)
        inherited = self._inherited or min(sizes, default=0)
        if rough + tables <= self.limits.total_memory_bytes // 2:
            return max(0, rough - inherited * max(0, len(sizes) - 1)) + tables
        exact = [usage.proportional(pid) for pid in seen]
        if None not in exact:
            return sum(size for size in exact if size is not None) + tables
        return sum(max(0, size - inherited) for size in sizes) + inherited + tables

    def _amiss(self) -> str:
        """What the sandbox did that it is to be killed for, or nothing."""
        if self._target is not None and usage.stopped(self._target):
            return "it stopped itself"
        too_much = self._too_much()
        return too_much and f"with the processes that it started it took {too_much}"

    def _too_much(self) -> str:
        """What there is too much of, or nothing."""
        seen = self._look()
        size = self._bytes(seen)
        self.peak_bytes = max(self.peak_bytes, size)
        if size > self.limits.total_memory_bytes:
            return "too much memory"
        if sum(memory.open_files for memory in seen.values()) > self.limits.total_open_files:
            return "too many open files"
        inside = list(seen)[1:4]  # the first is bubblewrap's own, which sees the host's network
        if max(map(usage.sockets, inside), default=0) > self.limits.sockets:
            return "too many sockets"
        if usage.record_locks(list(seen)) > RECORD_LOCKS:
            return "too many locks of files"
        if self.process.run_dir and _count(self.process.run_dir, SOCKET_NAMES) > SOCKET_NAMES:
            return "too many names of sockets"
        if usage.memory(os.getpid()).own > self._own + PILE_BYTES:
            return "too many messages"
        return ""

    def _run(self) -> None:
        while not self._stop.wait(self.interval) and os.path.exists(f"/proc/{self.process.pid}"):
            if reason := self._amiss():
                self.exceeded, self.reason = True, reason
                self.process.ended_for = reason
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


def _count(folder: str, most: int) -> int:
    """Number of names in a folder, counted to one more than `most`."""
    with contextlib.suppress(OSError), os.scandir(folder) as names:
        return sum(1 for _ in islice(names, most + 1))
    return 0
