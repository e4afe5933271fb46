"""What the processes of a sandbox use, read from outside in /proc.

Only fields that Linux keeps and that every user may read: nothing in here is told by the sandbox.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass

import psutil

LOCK_LINES = 100_000
"""Lines of /proc/locks that are read at most."""


def family(root: int) -> list[int]:
    """Pids of all processes that descend from `root`, without itself."""
    if not os.path.exists(f"/proc/self/task/{os.getpid()}/children"):  # a Linux that was built without them
        with contextlib.suppress(psutil.Error):
            return [child.pid for child in psutil.Process(root).children(recursive=True)]
        return []
    found: list[int] = []
    waiting, seen = [root], {root}
    while waiting:
        pid = waiting.pop()
        for thread in threads(pid):
            children = {int(word) for word in _read(f"/proc/{pid}/task/{thread}/children").split()} - seen
            seen |= children
            found += children
            waiting += children
    return found


def first_child(root: int) -> int | None:
    """Of a new sandbox with that outer process: what its pid 1 has started, in which the target runs; else None."""
    found = {}
    for pid in family(root):
        for line in _read(f"/proc/{pid}/status").splitlines():
            numbers = line.split()  # its pids, in each namespace that it is in
            if numbers[:1] == ["NSpid:"] and numbers[2:]:
                found[int(numbers[-1])] = pid
    return found[min(found.keys() - {1})] if found.keys() - {1} else None


def threads(pid: int) -> list[str]:
    """Ids of a process's threads; none where it has ended."""
    try:
        return os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []


@dataclass(frozen=True)
class Memory:
    """What Linux holds for a process, in bytes, apart from files of the disk.

    Attributes:
        own: pages that are its own or shared, in memory and swapped out; a fork's includes what it shares with its
            parent.
        tables: the tables that say where its pages are.
        open_files: room for descriptors: their number, rounded up.
    """

    own: int
    tables: int
    open_files: int


def memory(pid: int) -> Memory:
    """Read a process's memory; nothing where it has ended."""
    fields = _fields(_read(f"/proc/{pid}/status"))
    own = sum(fields.get(name, 0) for name in ("RssAnon", "RssShmem", "VmSwap", "HugetlbPages"))
    return Memory(own << 10, fields.get("VmPTE", 0) << 10, fields.get("FDSize", 0))


def stopped(pid: int) -> bool:
    """Whether a signal has stopped a process, which then does nothing until another signal comes."""
    return "\nState:\tT" in _read(f"/proc/{pid}/status")


def proportional(pid: int) -> int | None:
    """Bytes of a process's memory, each shared page divided by its users, or None where it cannot be read."""
    if not os.path.exists(f"/proc/{pid}"):
        return 0
    fields = _fields(_read(f"/proc/{pid}/smaps_rollup"))
    if not fields:
        return None
    return sum(fields.get(name, 0) for name in ("Pss_Anon", "Pss_Shmem", "SwapPss")) << 10


def sockets(pid: int) -> int:
    """Number of sockets in a process's network namespace, whoever holds them, on their way or not."""
    for line in _read(f"/proc/{pid}/net/sockstat").splitlines():
        words = line.split()
        if words[:2] == ["sockets:", "used"]:
            return int(words[2])
    return 0


def record_locks(pids: list[int]) -> int:
    """Number of record locks (fcntl) that these processes hold."""
    mine, found = {str(pid) for pid in pids}, 0
    with contextlib.suppress(OSError), open("/proc/locks", encoding="ascii", errors="replace") as file:
        for _, line in zip(range(LOCK_LINES), file, strict=False):
            words = line.split()
            found += "POSIX" in words[1:3] and not mine.isdisjoint(words[4:6])
    return found


@dataclass(frozen=True)
class Processor:
    """Seconds since their start that some threads ran, and that they could have run, but had to wait for a core."""

    ran: float
    waited: float


def processor(pid: int) -> dict[str, Processor]:
    """Of each thread of a process, by its id."""
    found = {}
    for thread in threads(pid):
        words = _read(f"/proc/{pid}/task/{thread}/schedstat").split()
        if len(words) >= 2:
            found[thread] = Processor(int(words[0]) / 1e9, int(words[1]) / 1e9)
    return found


def _read(path: str) -> str:
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _fields(text: str) -> dict[str, int]:
    """The whole numbers that stand first after a name and a colon."""
    found = {}
    for line in text.splitlines():
        name, _, value = line.partition(":")
        first = value.split(None, 1)[:1]
        if first and first[0].isdigit():
            found[name] = int(first[0])
    return found
