"""What befalls a gradebook."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LOCK = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute(sys.argv[2])
print("locked", flush=True)
time.sleep(float(sys.argv[3]))
"""


@contextlib.contextmanager
def locked(path: Path, seconds: float, how: str = "BEGIN EXCLUSIVE") -> Iterator[subprocess.Popen[str]]:
    """Another program has the gradebook locked."""
    command = [sys.executable, "-c", LOCK, str(path), how, str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        try:
            yield process
        finally:
            process.kill()


def damage_a_page(gradebook: Path) -> None:
    with contextlib.closing(sqlite3.connect(gradebook)) as database:
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'student'").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    with open(gradebook, "r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)
