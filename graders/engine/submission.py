"""Reading a submitted folder from disk as hostile data: regular files only, bounded, no link followed."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

MAX_NOTEBOOK = 21 * 2**20  # bytes read of a notebook; what is longer is refused by its reader
MAX_FILES = 200
MAX_FILE = 16 * 2**20  # bytes of one other file
MAX_ALL = 64 * 2**20  # bytes of all other files
IGNORED_FOLDERS = ("__pycache__", ".ipynb_checkpoints", ".git")


@dataclass
class Submission:
    """What a student handed in, as bytes.

    Attributes:
        notebook: the notebook's bytes; empty where there is none.
        files: the other files by relative name.
        notices: what was left out or taken for something else, one sentence each.
        timestamp: content of nbgrader's ``timestamp.txt``, or None.
    """

    notebook: bytes = b""
    files: dict[str, bytes] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    timestamp: bytes | None = None


def read_submission(folder: Path, name: str) -> Submission:
    """Read a submitted folder.

    Args:
        folder: ``submitted/<student>/<assignment>``.
        name: the notebook's file name; a single notebook of another name is taken for it.
    """
    found = Submission()
    notebooks = sorted(p.name for p in folder.glob("*.ipynb") if not p.name.startswith("."))
    chosen = name
    if name not in notebooks and len(notebooks) == 1:
        chosen = notebooks[0]
        found.notices.append(f"The notebook was named {_shown(chosen)}; it was taken for {name}.")
    content = _read(folder / chosen, MAX_NOTEBOOK)
    if content is None:
        found.notices.append(f"There is no file {name} in the submission (or it is a link).")
    found.notebook = content or b""
    found.timestamp = _read(folder / "timestamp.txt", 1000)
    if found.timestamp is not None and not _is_time(found.timestamp):
        found.timestamp = None
        found.notices.append("timestamp.txt holds no time, so it is not known when this was handed in.")
    total = 0
    for parent, folders, names in os.walk(folder, followlinks=False):
        for name_of_ours in {name, "timestamp.txt"}.intersection(folders if Path(parent) == folder else ()):
            folders.remove(name_of_ours)
        # folders of settings (.ipython, .keras, .local) would change the kernel before its first cell
        found.notices += [f"The folder {_shown(d)} was left out." for d in folders if _holds_settings(d)]
        folders[:] = sorted(d for d in folders if d not in IGNORED_FOLDERS and not _holds_settings(d))
        for file in sorted(names):
            path = Path(parent, file)
            if path.suffix == ".ipynb" or path == folder / "timestamp.txt":
                continue
            left = min(MAX_FILE, MAX_ALL - total)
            data = _read(path, left) if len(found.files) < MAX_FILES else None
            relative = str(path.relative_to(folder))
            if data is None or len(data) > left:
                found.notices.append(f"The file {_shown(file)} was left out: it is a link, too large, or one too many.")
            elif relative != _clean(relative):
                found.notices.append(f"The file {_shown(file)} was left out: its name is not text.")
            else:
                found.files[relative] = data
                total += len(data)
    del found.notices[20:]
    return found


def read_one(notebook: Path) -> Submission:
    """Read a single notebook, of whatever name, with the files of its folder left aside."""
    return Submission(_read(notebook, MAX_NOTEBOOK) or b"")


def _read(path: Path, limit: int) -> bytes | None:
    """At most ``limit + 1`` bytes of a regular file that is reached without a link at its end; None otherwise."""
    try:
        # O_NONBLOCK: opening a named pipe must not wait for a writer
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(limit + 1)


def _holds_settings(folder: str) -> bool:
    return folder.startswith(".") and folder not in IGNORED_FOLDERS


def _is_time(content: bytes) -> bool:
    """Whether nbgrader, which stops at a timestamp that it cannot read, can read this one."""
    from nbgrader.utils import parse_utc

    try:
        return parse_utc(content.decode().strip()) is not None
    except Exception:  # dateutil has no common error for what a text can make it do
        return False


def _clean(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _shown(name: str) -> str:
    return repr(_clean(name)[:80])
