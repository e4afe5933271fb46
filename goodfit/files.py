"""Files and folders that take the place of older ones whole, and words for what stands in the way."""

from __future__ import annotations

import contextlib
import errno
import os
import pwd
import shutil
from pathlib import Path

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NO_ENTRY = (errno.EACCES, errno.EPERM, errno.EROFS)


class Unavailable(Exception):
    """Something that is needed cannot be had now: the gradebook, a folder, room on the disk.

    It may be there again in a minute, so nothing is taken for lost. The message says what it is and what to do.
    """


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file all at once: a reader sees the old one or the new one, and so does the next run after a kill.

    Text becomes UTF-8, with the line ends that it has. Where the path is a link, what it points to is written.
    """
    path = Path(os.path.realpath(path))
    fresh = path.with_name(path.name + ".new")
    try:
        with open(fresh, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise


def swap_in(fresh: Path, place: Path) -> None:
    """Put a copy of a finished folder in the place of an older one.

    The older one is there until the copy is complete. Killed between the two renames, the next call puts it back.

    Args:
        fresh: the finished folder, perhaps on another disk.
        place: where it belongs; may not exist yet.
    """
    coming, going = (place.with_name(f".{place.name}.{word}") for word in ("new", "old"))
    if going.exists() and not place.exists():
        os.rename(going, place)
    place.parent.mkdir(parents=True, exist_ok=True)
    for left in (coming, going):
        _remove(left)
    shutil.copytree(fresh, coming)
    if os.path.lexists(place):
        os.rename(place, going)
    os.rename(coming, place)
    _remove(going)


def require_writable(place: Path) -> None:
    """Find out before any work whether a file or folder can be made, or made anew, at a place.

    Raises:
        Unavailable: with the owner of what is in the way.
    """
    nearest = place
    while not os.path.lexists(nearest):
        nearest = nearest.parent
    for path in {nearest, place.parent if nearest == place else nearest}:
        if path.is_dir() and not os.access(path, os.W_OK | os.X_OK):
            raise Unavailable(no_entry(path))


def no_entry(path: Path) -> str:
    """A sentence about a file or folder that this user may not use."""
    with contextlib.suppress(OSError):
        while not os.path.lexists(path) or (path.is_file() and os.access(path, os.R_OK | os.W_OK)):
            path = path.parent
    try:
        found = os.stat(path)
    except OSError:
        return f"{path} cannot be reached by {_user(os.geteuid())}."
    if found.st_uid == os.geteuid():
        return f"{path} is your own, but its mode {found.st_mode & 0o7777:o} keeps you out (or its disk is read-only)."
    return (
        f"{path} belongs to {_user(found.st_uid)} (mode {found.st_mode & 0o7777:o}) and cannot be used by "
        f"{_user(os.geteuid())}. docs/operator.md says how several people share a course folder."
    )


def in_words(error: OSError) -> str | None:
    """A sentence about a failed file operation that is no program's fault: no room, no permission. None for others."""
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    if error.errno in NO_ROOM:
        where = f"the disk of {path.parent}" if path else "a disk"
        return f"There is no room on {where} ({error.strerror}). What was done before is kept: run the command again."
    if error.errno in NO_ENTRY:
        return no_entry(path) if path else f"A file may not be used: {error}."
    return None


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"
