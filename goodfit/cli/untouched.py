"""A run that would find nothing to do, known by the files that the last such run looked at.

nbgrader alone takes more than a second to import. So, as make does, this module compares sizes and times, before
anything is imported. Of which files, no list tells: they are those that the last run opened and the folders that it
listed, as Python's audit events name them, with the modules, the configuration and the gradebook among them.

It is believed only where nothing can have changed while the run looked: all that it looked at must be older than the
run, and nothing was graded. Whatever is unclear means that the run is made.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from goodfit.files import write_whole

EVENTS = ("open", "os.listdir", "os.scandir", "sqlite3.connect")
BESIDE_A_DATABASE = ("-wal", "-journal")
SKEW = 2 * 10**9
"""ns by which a file server's clock may be behind ours."""

OF_NO_FILE = ("/proc/", "/sys/", "/dev/")
OF_THE_SESSION = ("_", "SHLVL", "PWD", "OLDPWD", "COLUMNS", "LINES", "TERM", "DISPLAY", "XDG_SESSION_ID")
"""Environment variables that differ from one terminal to the next; any other may matter to a configuration."""

_noted: set[str] | None = None
_hooked = False


class Watch:
    """Notes what this process opens and lists while it is used as a context."""

    def __init__(self) -> None:
        self.began = 0
        self.paths: set[str] = set()

    def __enter__(self) -> Watch:
        global _noted, _hooked
        self.began, _noted = time.time_ns(), self.paths
        if not _hooked:  # a hook cannot be taken away
            sys.addaudithook(_note)
            _hooked = True
        return self

    def __exit__(self, *_: object) -> None:
        global _noted
        _noted = None
        # of a module, Python may have opened what it was compiled to
        files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        self.paths.update(os.path.abspath(file) for file in files if file)


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if _noted is None or event not in EVENTS or not arguments:
        return
    with contextlib.suppress(TypeError, ValueError, OSError):  # a descriptor, "." that is gone
        path = os.path.abspath(os.fsdecode(arguments[0]))
        if not path.startswith(OF_NO_FILE):
            _noted.add(path)
            if event == "sqlite3.connect":
                _noted.update(path + end for end in BESIDE_A_DATABASE)


def asked(course: Path, words: list[str]) -> str:
    """A digest of all that decides a run besides files. To be taken at once: libraries change the environment.

    Args:
        course: the course folder.
        words: the command's.
    """
    environment = sorted((k, v) for k, v in os.environ.items() if k not in OF_THE_SESSION)
    who = (os.getuid(), os.getgid()) if hasattr(os, "getuid") else ()
    parts = (str(course.resolve()), words, sys.executable, sys.version, environment, who)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()


def save(course: Path, assignment: str, asked: str, watches: Sequence[Watch], also: Iterable[Path], shown: Any) -> None:
    """Keep what a run that had nothing to do looked at, and what it showed.

    Args:
        course: the course folder.
        assignment: its name.
        asked: see :func:`asked`, of the beginning of the run.
        watches: of the run, one after the other.
        also: paths that decide something by being there, and which nothing opens or lists.
        shown: what is to be shown again, JSON.
    """
    paths = sorted({os.path.abspath(path) for path in also}.union(*(watch.paths for watch in watches)))
    state, newest = _state(paths)
    if newest < watches[0].began - SKEW:
        known = {"assignment": assignment, "asked": asked, "state": state, "paths": paths, "shown": shown}
        with contextlib.suppress(OSError):
            place = _place(course, assignment)
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, json.dumps(known))


def find(course: Path, assignment: str, asked: str) -> Any:
    """What the last run showed, where this one would find everything as that one did; else None."""
    try:
        known = json.loads(_place(course, assignment).read_text(encoding="utf-8"))
        same = (known["assignment"], known["asked"]) == (assignment, asked)
        return known["shown"] if same and known["state"] == _state(known["paths"])[0] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _place(course: Path, assignment: str) -> Path:
    return course / ".goodfit" / "untouched" / f"{Path(assignment).name}.json"


def _state(paths: list[str]) -> tuple[str, int]:
    """A digest of how the files and folders are, and when the last of them changed (ns since 1970).

    That time is of the inode: nobody can set it back.
    """
    total, newest = hashlib.sha256(), 0
    for path in paths:
        seen: list[tuple[int, ...]] = []
        with contextlib.suppress(OSError):
            seen.append(_look(os.lstat(path)))
            if stat.S_ISLNK(seen[0][0]):
                seen.append(_look(os.stat(path)))
        total.update(repr((path, seen)).encode("utf-8", "surrogateescape"))
        newest = max([newest, *(one[-1] for one in seen)])
    return total.hexdigest(), newest


def _look(found: os.stat_result) -> tuple[int, ...]:
    return found.st_mode, found.st_uid, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
