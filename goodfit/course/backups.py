"""Copies of the gradebook, made before it is written, and the way back.

Copies are made with SQLite's own backup, which is consistent while others read and write. A copy is put back into the
same file in the same way, in one transaction: programs that look at the gradebook go on with the restored one, where a
file moved into its place would let them write into the one that is gone.
"""

from __future__ import annotations

import contextlib
import filecmp
import os
import re
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from goodfit.course.gradebook_file import BESIDE, damaged, locked, opened, users
from goodfit.files import Unavailable

MOST = 10  # copies made before runs; those made by hand stay until somebody deletes them
NAME = re.compile(r".+-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)(?:-(\d+))?(-[a-z-]+)?\.db")


def save(gradebook: Path, folder: Path, why: str = "") -> Path:
    """Copy the gradebook into a folder, unless the newest copy there is equal; returns the copy.

    Args:
        gradebook: the database file.
        folder: made where there is none.
        why: a word in the name of a copy that is to stay; those without one are kept to the last ten.

    Raises:
        Unavailable: when it is locked, or there is no room. Nothing was changed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{os.getpid()}.new"
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with opened(gradebook) as source:
            _copy(source, fresh, gradebook)
        os.chmod(fresh, gradebook.stat().st_mode & 0o660)
        newest = next(iter(copies(folder)), None)
        if not why and newest is not None and filecmp.cmp(fresh, newest, shallow=False):
            return newest
        place = _free_name(folder, gradebook, why)
        os.replace(fresh, place)
        _flush(folder)
    finally:
        fresh.unlink(missing_ok=True)
    for old in [copy for copy in copies(folder) if not _parts(copy)[2]][MOST:]:
        if old != place:  # a clock that was set back makes the new one look old
            old.unlink()
    return place


def copies(folder: Path) -> list[Path]:
    """The copies in a folder, the newest first."""
    found = [p for p in folder.glob("*.db") if NAME.fullmatch(p.name) and p.stat().st_size]
    return sorted(found, key=_parts, reverse=True)


def restore(copy: Path, gradebook: Path, folder: Path) -> list[Path]:
    """Put a copy back in the place of the gradebook, after keeping the gradebook's files byte by byte in the folder.

    Args:
        copy: what to put back.
        gradebook: the database file; may be damaged, no database at all, or gone.
        folder: where to keep what was there.

    Returns:
        The files kept; none when there was no gradebook.

    Raises:
        Unavailable: when the copy is damaged, or another program uses the gradebook. Nothing was changed.
    """
    wrong = damaged(copy)
    if wrong:
        raise Unavailable(f"This copy cannot be put back: {wrong} Nothing was changed.")
    busy = users(gradebook)
    if busy:
        raise Unavailable(f"{gradebook} is in use by {', '.join(busy[:3])}: end that first. Nothing was changed.")
    kept = _save_bytes(gradebook, folder)
    try:
        if gradebook.exists():
            with opened(gradebook) as there:
                there.execute("BEGIN EXCLUSIVE")  # waits for a lock as long as everywhere, and ends in words
        new = not gradebook.exists()
        with opened(copy) as source:
            _copy(source, gradebook, gradebook)
        if new:
            shutil.copymode(copy, gradebook)
    except Unavailable:
        if not _is_beyond_sqlite(gradebook):
            raise
        fresh = gradebook.with_name(f".{gradebook.name}.new")
        fresh.unlink(missing_ok=True)
        with opened(copy) as source:
            _copy(source, fresh, gradebook)
        shutil.copymode(gradebook, fresh)
        for end in BESIDE:  # they belong to what was there, and are kept beside it
            Path(str(gradebook) + end).unlink(missing_ok=True)
        os.replace(fresh, gradebook)
    _flush(gradebook.parent)
    return kept


def _copy(source: sqlite3.Connection, place: Path, gradebook: Path) -> None:
    """Copy a whole database into a file, in one transaction; a lock can only be the gradebook's."""

    def stop_when_locked(status: int, _left: int, _pages: int) -> None:
        # Python would try for ever; SQLite has waited for the lock before it said so
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Unavailable(locked(gradebook))

    with opened(place, "rwc") as target:
        source.backup(target, progress=stop_when_locked)
        # a gradebook in WAL mode makes a copy in WAL mode, which would not be one file
        target.execute("PRAGMA journal_mode = DELETE")
    handle = os.open(place, os.O_RDONLY)
    with contextlib.closing(os.fdopen(handle, "rb")):
        os.fsync(handle)


def _save_bytes(gradebook: Path, folder: Path) -> list[Path]:
    parts = [Path(str(gradebook) + end) for end in ("", *BESIDE)]
    parts = [part for part in parts if part.exists()]
    if not parts:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    place = _free_name(folder, gradebook, "before-restore")
    kept = []
    for part in parts:
        target = Path(str(place) + str(part).removeprefix(str(gradebook)))
        shutil.copy2(part, target)
        kept.append(target)
    _flush(folder)
    return kept


def _is_beyond_sqlite(gradebook: Path) -> bool:
    """Whether a file is so damaged that SQLite does not even write over it."""
    try:
        with contextlib.closing(sqlite3.connect(f"{gradebook.resolve().as_uri()}?mode=rw", uri=True)) as database:
            database.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        return int(getattr(error, "sqlite_errorcode", -1)) & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
    return False


def _parts(copy: Path) -> tuple[str, int, str]:
    """When a copy was made, which of that second it is, and why; in the order of their making."""
    found = NAME.fullmatch(copy.name)
    assert found is not None
    return found[1], int(found[2] or 0), found[3] or ""


def _free_name(folder: Path, gradebook: Path, why: str) -> Path:
    """A name that nothing has, taken by an empty file; it comes after all of the same second."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    taken = [_parts(copy)[1] for copy in copies(folder) if _parts(copy)[0] == stamp]
    # not the first free one: those that were deleted as the oldest of this second have left the low numbers
    for number in range(max(taken, default=-1) + 1, 1000):
        end = (f"-{number}" if number else "") + (f"-{why}" if why else "")
        place = folder / f"{gradebook.stem}-{stamp}{end}.db"
        with contextlib.suppress(FileExistsError):
            os.close(os.open(place, os.O_CREAT | os.O_EXCL, 0o600))
            return place
    raise Unavailable(f"{folder} has a thousand copies of this second.")


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
