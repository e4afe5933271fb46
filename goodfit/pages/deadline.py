"""Work on a student's text within a time: in a process of its own, which ends with its time.

Some texts cost the libraries that draw them hours (Pygments takes the square of a run of blank lines), and no call into
them can be interrupted from within.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable

PATIENCE = 15  # wall seconds for each second of the processor: a busy machine costs nobody the page
CHUNK = 1 << 20


def end_with(parent: int) -> None:
    """In a fork: be killed when the process that forked it is, which else would leave it waiting, locks and all."""
    if sys.platform == "linux":
        from goodfit.sandbox.syscalls import die_with_parent  # not on Windows

        die_with_parent()
    if os.getppid() != parent:  # it was quicker
        os._exit(1)


class TooSlow(Exception):
    """It took more than its time."""


def within(seconds: int, make: Callable[[], str]) -> str:
    """What ``make`` returns, or raises, if it takes no more time of a processor than that.

    Args:
        seconds: processor time, measured by the kernel. Where there are no forks (Windows), nothing is limited.
        make: called in a fork of this process, so that what it changes is lost.

    Raises:
        TooSlow: its time was over, or its process was ended for another reason, such as memory.
    """
    if not hasattr(os, "fork"):
        return make()
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    parent, child = os.getpid(), os.fork()
    if child == 0:
        end_with(parent)
        _make_and_end(seconds, make, reading, writing)
    os.close(writing)
    made = None
    try:
        made = _read(reading, time.monotonic() + PATIENCE * seconds)
    finally:
        os.close(reading)
        if made is None:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if made is None or code < 0:
        raise TooSlow(f"more than {seconds} s")
    return make() if code else made.decode("utf-8", "surrogatepass")  # what it raises, it raises in time: here, too


def _make_and_end(seconds: int, make: Callable[[], str], reading: int, writing: int) -> None:
    """In the fork: write what is made, and end without anything that belongs to the process that was forked."""
    import resource  # not on Windows

    code = 1
    try:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        rest = memoryview(make().encode("utf-8", "surrogatepass"))
        while rest:
            rest = rest[os.write(writing, rest[:CHUNK]) :]
        code = 0
    finally:
        os._exit(code)


def _read(source: int, until: float) -> bytes | None:
    """All that comes before the other end is closed; None where it is not closed in time."""
    parts: list[bytes] = []
    while select.select([source], [], [], max(0.0, until - time.monotonic()))[0]:
        part = os.read(source, CHUNK)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None
