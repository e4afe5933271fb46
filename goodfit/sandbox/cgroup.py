"""A cgroup for each sandbox, where Linux lets us make one: then Linux itself counts all that the sandbox holds.

Limits of single processes and a look from outside miss what Linux keeps for a process: its mappings, stacks, open
files. A cgroup's memory counts that, too; its number of processes is no other user's; and it has one share of the
processor.

Only root can make one, and none is made past a limit that this process is under itself: in version 1 it is made inside
our own cgroup, in version 2 beside it (a cgroup with processes in it has no others in it), and only where ours has no
limits. Where none can be made, the other limits stand alone.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from types import TracebackType

from goodfit.sandbox import usage
from goodfit.sandbox.limits import Limits
from goodfit.sandbox.process import SandboxProcess

MOUNTED = Path("/sys/fs/cgroup")
OURS = Path("/proc/self/cgroup")
CONTROLLERS = ("memory", "pids", "cpu")
LIMITS_OF_OURS = ("memory.max", "memory.high", "pids.max", "cpu.max")
OWN_PROCESSES = 16
"""Processes of ours in a sandbox: what starts it, and collects what it leaves."""
GOING = 1.0
"""Seconds in which the last process of an ended sandbox is gone."""


def parents() -> dict[Path, list[str]]:
    """Folders in which cgroups can be made, and the controllers that count there."""
    found: dict[Path, list[str]] = {}
    for line in _read(OURS).splitlines():
        _, names, path = line.split(":", 2)
        if ".." in path:  # ours is not in sight
            continue
        if names:
            for name in CONTROLLERS:
                if name in names.split(","):
                    found.setdefault((MOUNTED / name / path.lstrip("/")).resolve(), []).append(name)
            continue
        top = MOUNTED if (MOUNTED / "cgroup.controllers").exists() else MOUNTED / "unified"
        ours = top / path.lstrip("/")
        if all(_read(ours / limit).split()[:1] in ([], ["max"]) for limit in LIMITS_OF_OURS):
            beside = ours if ours == top else ours.parent
            counts = _read(beside / "cgroup.subtree_control").split()
            found[beside] = [name for name in CONTROLLERS if name in counts]
    return {folder: names for folder, names in found.items() if names and os.access(folder, os.W_OK | os.X_OK)}


class Group:
    """The cgroup of a new sandbox, as a context: it is made and entered, and at the end removed with what is in it.

    Args:
        process: a sandbox in which no foreign code runs yet.
        limits: what it may use. Its files are memory as well, so both together are its memory's limit.

    Attributes:
        controllers: what counts; empty where no cgroup can be made.
    """

    def __init__(self, process: SandboxProcess, limits: Limits) -> None:
        self.controllers: tuple[str, ...] = ()
        self._process = process
        self._settings = {
            "memory": {
                "memory.max": limits.total_memory_bytes + limits.disk_bytes,
                "memory.swap.max": 0,
                "memory.oom.group": 1,
                "memory.limit_in_bytes": limits.total_memory_bytes + limits.disk_bytes,
                "memory.memsw.limit_in_bytes": limits.total_memory_bytes + limits.disk_bytes,
            },
            "pids": {"pids.max": limits.processes + OWN_PROCESSES},
        }
        self._made: list[Path] = []

    @property
    def layers(self) -> list[str]:
        """What it adds to what confines the sandbox, in words."""
        return [f"cgroup ({', '.join(self.controllers)})"] if self.controllers else []

    def __enter__(self) -> Group:
        for folder, names in parents().items():
            _sweep(folder)
            place = folder / f"goodfit-{os.getpid()}-{self._process.pid}"
            with contextlib.suppress(OSError):
                place.mkdir()
                self._made.append(place)
                self._limit(place, names)
                for pid in usage.family(self._process.pid):
                    (place / "cgroup.procs").write_text(str(pid), encoding="ascii")
                self.controllers += tuple(names)
        return self

    def _limit(self, place: Path, names: list[str]) -> None:
        for name in names:
            for setting, value in self._settings.get(name, {}).items():  # each Linux has those of its version
                if (place / setting).exists():
                    (place / setting).write_text(str(value), encoding="ascii")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        until = time.monotonic() + GOING
        for place in self._made:
            with contextlib.suppress(OSError):  # Linux before 5.14 and version 1 have none
                (place / "cgroup.kill").write_text("1", encoding="ascii")
            while not _remove(place) and time.monotonic() < until:
                time.sleep(0.01)


def _sweep(folder: Path) -> None:
    """Remove what killed graders have left."""
    for place in folder.glob("goodfit-*-*"):
        maker = place.name.split("-")[1]
        if maker.isdigit() and not os.path.exists(f"/proc/{maker}"):
            _remove(place)


def _remove(place: Path) -> bool:
    try:
        place.rmdir()  # not of one with processes
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""
