"""Time limits that are fair on a busy machine.

A limit of so many seconds is wall time, without the time in which a sandbox could have run and Linux gave the cores to
others. Sleeping and waiting count. So on an idle machine a limit is wall time and nothing else, and on a busy one a
slow but right answer keeps its seconds. Linux counts both, from outside: nothing is told by the sandbox.

Whoever sleeps until a limit is over leaves a core idle, which somebody else may have: see :class:`Meter`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from goodfit.sandbox import usage

TICK = 1.0
"""Seconds between looks, where there is no need to know at once: a look reads a file for each thread."""
IDLE = 0.25
"""Share of a core: sandboxes that want less of one do nothing but wait."""


class Meter:
    """Adds up the seconds that sandboxes, and this process, had to wait for a core.

    Of the time between two looks, what counts is how long their threads waited, altogether, but no more than the time
    in which they had no core: whoever keeps a core busy has had a fair share, however many threads wait besides.

    Args:
        told: is told when nothing of all this needs a core any more (True), and when something does again (False).
    """

    def __init__(self, told: Callable[[bool], object] = lambda waits: None) -> None:
        self.lost = 0.0
        """Seconds until the last look."""
        self._roots: set[int] = set()
        self._told, self._waits = told, False
        self._looked = time.monotonic()
        self._known = self._read()

    def add(self, root: int) -> None:
        """Count a sandbox too, from now on; `root` is the pid of its outer process."""
        self.look()
        self._roots.add(root)
        self._known = self._read()

    def look(self, *, now: bool = True) -> float:
        """Seconds lost until now, or until a short while ago."""
        since = time.monotonic() - self._looked
        if since < (0.01 if now else TICK):
            return self.lost
        read = self._read()
        self._looked += since
        ran = waited = 0.0
        for thread, spent in read.items():
            before = self._known.get(thread, usage.Processor(0.0, 0.0))
            ran += spent.ran - before.ran
            waited += spent.waited - before.waited
        self._known = read
        self.lost += max(0.0, min(waited, since - ran))
        if since >= TICK and (waits := ran + waited < IDLE * since) is not self._waits:
            self._waits = waits
            self._told(waits)
        return self.lost

    def _read(self) -> dict[tuple[int, str], usage.Processor]:
        self._roots = {root for root in self._roots if os.path.exists(f"/proc/{root}")}
        pids = {os.getpid(), *self._roots, *(pid for root in self._roots for pid in usage.family(root))}
        return {(pid, thread): spent for pid in pids for thread, spent in usage.processor(pid).items()}


class Deadline:
    """The end of a time limit that begins now.

    Args:
        seconds: the limit.
        meter: knows what was lost.
        patience: times the seconds that may go by at most, however busy the machine is.
    """

    def __init__(self, seconds: float, meter: Meter, patience: float) -> None:
        self.seconds = seconds
        self._meter, self._patience = meter, patience
        self._began, self._lost = time.monotonic(), meter.look(now=False)

    def left(self) -> float:
        """Seconds that are left at least; not above 0 at the end."""
        gone, most = time.monotonic() - self._began, self._patience * self.seconds
        left = min(self.seconds + self._meter.look(now=False) - self._lost, most) - gone
        return left if left > 0 else min(self.seconds + self._meter.look() - self._lost, most) - gone

    @property
    def busy(self) -> bool:
        """Whether it was the machine that used the time up: the limit's own seconds are not over."""
        return time.monotonic() - self._began < self.seconds + self._meter.look() - self._lost

    def extend(self, seconds: float) -> None:
        """Take so many seconds for not gone by."""
        self._began += seconds
