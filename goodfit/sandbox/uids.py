"""A uid of its own for every sandbox that root starts, so that limits and signals of one never reach another.

Several servers, graders and test runs share a machine: a uid is taken by locking a file named after it, and is free
again when the lock's holder lets go or dies.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from goodfit.sandbox.errors import SandboxUnavailable

DEFAULT_RANGE = (1_900_000_000, 4096)
"""First uid and how many: above what systemd, containers and directory services hand out."""

SMALL_RANGE = (61_200, 2048)
"""Used where a container maps only 65,536 uids."""

VARIABLE = "GOODFIT_SANDBOX_UIDS"
"""Environment variable with another range, as FIRST-COUNT."""


def uid_range() -> tuple[int, int]:
    """First uid and number of uids for sandboxes."""
    if text := os.environ.get(VARIABLE):
        first, _, count = text.partition("-")
        try:
            if int(first) > 0 and int(count) > 0:
                return int(first), int(count)
        except ValueError:
            pass
        raise SandboxUnavailable(
            f"{VARIABLE}={text} is not a range", where="environment", remedy="Write it as FIRST-COUNT: 1900000000-4096."
        )
    for wanted in (DEFAULT_RANGE, SMALL_RANGE):
        if _is_mapped(*wanted):
            return wanted
    raise SandboxUnavailable(
        "This container has no uids to spare for sandboxes",
        where="/proc/self/uid_map",
        remedy=f"Run as an ordinary user, map at least {sum(SMALL_RANGE)} uids, or name a mapped range in {VARIABLE}.",
    )


def _is_mapped(first: int, count: int) -> bool:
    """Whether these uids exist in this process's user namespace."""
    for line in Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines():
        inside, _, length = map(int, line.split())
        if inside <= first and first + count <= inside + length:
            return True
    return False


@dataclass
class Lease:
    """A uid in use. `release` it when nothing runs under it any more."""

    uid: int
    fd: int

    def release(self) -> None:
        """Give the uid back (once; again does nothing)."""
        if self.fd >= 0:
            with contextlib.suppress(OSError):
                fcntl.flock(self.fd, fcntl.LOCK_UN)  # in words: forks may still hold copies of the descriptor
            os.close(self.fd)
            self.fd = -1


def take_uid() -> Lease:
    """Take a uid that no other sandbox on this machine has."""
    first, count = uid_range()
    folder = _lock_folder()
    start = os.getpid() * 7 % count
    for step in range(count):
        uid = first + (start + step) % count
        fd = os.open(folder / str(uid), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(fd)
            continue
        return Lease(uid, fd)
    raise SandboxUnavailable(
        f"All {count} uids for sandboxes are in use",
        where=str(folder),
        remedy=f"Run fewer graders at once, or give a larger range in {VARIABLE}.",
    )


def _lock_folder() -> Path:
    for base in ("/run", "/tmp"):
        folder = Path(base, "goodfit-uids")
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            status = folder.lstat()
        except OSError:
            continue
        if status.st_uid == os.geteuid() and status.st_mode & 0o077 == 0:
            return folder
    raise SandboxUnavailable(
        "No folder for the locks of sandbox uids",
        where="/run/goodfit-uids",
        remedy="Let root write to /run, or remove a folder of that name that belongs to somebody else.",
    )
