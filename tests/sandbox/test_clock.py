"""Time limits: wall time, without what the machine made the sandbox wait."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from goodfit.sandbox import clock, usage
from goodfit.sandbox.clock import Deadline, Meter
from goodfit.sandbox.usage import Processor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux counts what threads wait")


class Machine:
    """Time, and what threads ran and waited, as a test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.threads: dict[str, Processor] = {}
        monkeypatch.setattr(clock.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(usage, "family", lambda root: [])
        monkeypatch.setattr(usage, "processor", lambda pid: dict(self.threads) if pid == os.getppid() else {})
        self.told: list[bool] = []
        self.meter = Meter(self.told.append)
        self.meter.add(os.getppid())

    def go(self, seconds: float, *, ran: float = 0, waited: float = 0, threads: int = 1) -> None:
        """Time goes by, and each of these threads ran and waited so long."""
        self.now += seconds
        for thread in map(str, range(threads)):
            before = self.threads.get(thread, Processor(0, 0))
            self.threads[thread] = Processor(before.ran + ran, before.waited + waited)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    with monkeypatch.context() as patch:
        yield Machine(patch)


def test_on_an_idle_machine_a_limit_is_wall_time(machine: Machine) -> None:
    """Whether it computes or sleeps."""
    for work in ({"ran": 4.0}, {}):
        limit = Deadline(10, machine.meter, 4)
        machine.go(4, **work)
        assert limit.left() == pytest.approx(6)
        machine.go(6, **work)
        assert (limit.left(), limit.busy) == (pytest.approx(0), False)


def test_what_it_waits_for_a_core_does_not_count(machine: Machine) -> None:
    limit = Deadline(10, machine.meter, 4)
    for _ in range(9):
        machine.go(3, ran=1, waited=2)
        assert limit.left() > 0
    machine.go(3, ran=1, waited=2)
    assert (limit.left(), limit.busy) == (pytest.approx(0), False)


def test_a_limit_ends_on_the_busiest_machine(machine: Machine) -> None:
    """And it is known that the sandbox had not got its seconds."""
    limit = Deadline(10, machine.meter, 4)
    machine.go(39, ran=1, waited=38)
    assert limit.left() == pytest.approx(1)
    machine.go(1, waited=1)
    assert (limit.left(), limit.busy) == (pytest.approx(0), True)


def test_who_keeps_a_core_busy_gains_nothing_by_many_threads(machine: Machine) -> None:
    """A hundred threads that wait for each other have a core all the time."""
    limit = Deadline(10, machine.meter, 4)
    for _ in range(10):
        machine.go(1.01, ran=0.0101, waited=1, threads=100)
    assert limit.left() < 0
    assert not limit.busy


def test_sleep_gains_nothing_by_what_waits_beside_it(machine: Machine) -> None:
    """What ended, and what waited before the limit began, is no credit either."""
    machine.go(50, waited=50)
    limit = Deadline(10, machine.meter, 4)
    machine.threads.clear()
    machine.go(10)
    assert (limit.left(), limit.busy) == (pytest.approx(0), False)


def test_our_own_time_can_be_taken_out(machine: Machine) -> None:
    limit = Deadline(10, machine.meter, 4)
    machine.go(8)
    limit.extend(5)
    assert limit.left() == pytest.approx(7)


def test_who_only_waits_is_told(machine: Machine) -> None:
    """Once, and once more when it works again; that it gets no core is no waiting of its own."""
    for ran, waited, told in ((0.9, 0, []), (0, 0.9, []), (0, 0, [True]), (0.01, 0, [True]), (0.5, 0, [True, False])):
        machine.go(1, ran=ran, waited=waited)
        machine.meter.look(now=False)
        assert machine.told == told


SPIN = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\nwhile True: pass"


def test_linux_tells_who_waits() -> None:
    """Of two that want one core each waits for half of the time, or more; one that sleeps does not."""
    commands = [SPIN, SPIN, "import time; time.sleep(60)"]
    running = [subprocess.Popen([sys.executable, "-c", code], start_new_session=True) for code in commands]
    try:
        time.sleep(0.3)
        meters = [Meter() for _ in running]
        for meter, process in zip(meters, running, strict=True):
            meter.add(process.pid)
        before = [meter.lost for meter in meters]
        time.sleep(0.6)
        spun, _, slept = (meter.look() - lost for meter, lost in zip(meters, before, strict=True))
    finally:
        for process in running:
            process.kill()
            process.wait()
    assert spun > 0.15
    assert slept < spun / 2
