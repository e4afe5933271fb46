"""The gradebook as a database: whether it can be used now, and in words why not.

This is about a SQLite file; what is on a server goes to :mod:`goodfit.course.gradebook_server`. A gradebook is never
renamed, replaced or deleted here. What another program left half written is rolled back by SQLite itself; what cannot
be read now may be readable in a minute; what is damaged is for ``goodfit restore``.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from typing import Any

import psutil
from nbgrader.api import Base, Gradebook
from sqlalchemy import event, make_url
from sqlalchemy.engine import Engine

from goodfit.course import gradebook_server
from goodfit.course.gradebook_version import of_another_version
from goodfit.files import Unavailable, no_entry

# nbgrader starts alembic by name when it makes or upgrades a gradebook
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

BESIDE = ("-journal", "-wal", "-shm")  # SQLite's files beside a database: part of it
TROUBLE = {  # SQLite's errors that say something about the file or its disk, and nothing about a statement
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB,
}  # fmt: skip
COPIES = "`goodfit restore` lists the copies that can be put back"

_wait = 30.0


def wait_for_locks(seconds: float) -> None:
    """Set how long every connection of this process, nbgrader's own too, waits for another program's lock."""
    global _wait
    _wait = seconds


@event.listens_for(Engine, "connect")
def _be_patient(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute(f"PRAGMA busy_timeout = {int(_wait * 1000)}")
    elif type(connection).__module__.startswith("psycopg"):
        gradebook_server.be_patient(connection, _wait)


@event.listens_for(Engine, "do_connect")
def _wait_for_server(dialect: Any, _record: Any, _arguments: Any, settings: dict[str, Any]) -> None:
    if dialect.name == "postgresql":
        for name, value in gradebook_server.settings(_wait).items():
            settings.setdefault(name, value)


def path_of(url: str) -> Path | None:
    """The file of a SQLite gradebook; None for a database server."""
    parts = make_url(url)
    named = parts.get_backend_name() == "sqlite" and parts.database not in (None, "", ":memory:")
    return Path(str(parts.database)) if named else None


def ensure(url: str, course: str = "") -> bool:
    """See to it that the gradebook can be read and written; make it where there is none. Returns whether it is new.

    Waits for another program's lock, see :func:`wait_for_locks`.

    Args:
        url: SQLAlchemy's.
        course: nbgrader's id of the course.

    Raises:
        Unavailable: when it cannot be used now, with what to do. Nothing was changed.
    """
    path = path_of(url)
    if path is None:
        return gradebook_server.ensure(url, course, _wait)
    try:
        if not path.exists():
            left = [str(path) + end for end in BESIDE[:2] if os.path.exists(str(path) + end)]
            if left:
                raise Unavailable(
                    f"{path} is gone, but {left[0]} is still there and belongs to it. Put {path.name} back "
                    f"before anything else: a new one would be spoiled by it. {COPIES[0].upper() + COPIES[1:]}."
                )
        if path.exists() and check(path):
            return False
        _make(path)
        return check(path)
    except OSError as error:
        raise Unavailable(no_entry(path) if isinstance(error, PermissionError) else str(error)) from None


def check(path: Path) -> bool:
    """Whether a database file is a whole gradebook of today's nbgrader; False when it is empty.

    Raises:
        Unavailable: when it is neither, or cannot be used now.
    """
    for part in (path, *(Path(str(path.resolve()) + end) for end in BESIDE)):
        if part.exists() and not os.access(part, os.R_OK | os.W_OK):
            raise Unavailable(f"The gradebook cannot be used: {no_entry(part)} Nothing was changed.")
    if not os.access(path.resolve().parent, os.W_OK | os.X_OK):
        raise Unavailable(
            f"The gradebook's folder must be writable, for its journal: {no_entry(path.resolve().parent)} "
            "Nothing was changed."
        )
    if path.is_dir():
        raise Unavailable(f"{path} is a folder; the gradebook should be a file of that name. Nothing was changed.")
    with opened(path) as database:
        database.execute("BEGIN EXCLUSIVE")  # waits, and rolls back what a killed program left
        wrong = faults(database, path)
        empty = not wrong and not _tables(database)
        wrong = wrong or ("" if empty else of_another_version(_version(database), path.name))
    if wrong:
        raise Unavailable(f"{wrong} Nothing was changed.")
    return not empty


def faults(database: sqlite3.Connection, path: Path) -> str:
    """What is wrong with a database as a gradebook of any version, in a sentence; empty when nothing is.

    Raises:
        sqlite3.Error: when it is too damaged even for that.
    """
    found = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        return f"{path} is damaged ({' '.join(found.split())}): {COPIES}."
    tables = _tables(database)
    if not tables:
        return ""
    if not {"assignment", "student", "grade"} <= tables:
        return f"{path} is a database, but no gradebook of nbgrader: it has no table of grades."
    if "alembic_version" not in tables:
        ours = tables & set(Base.metadata.tables)
        if not any(database.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone() for name in ours):
            command = f"mv {quote(str(path))} {quote(f'{path}.empty')}"
            return f"{path} was left half made, and holds nothing: `{command}`, and a new one is made."
    return ""


def damaged(path: Path) -> str:
    """Why a copy of a gradebook cannot be put back, in a sentence; empty when it can."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)) as database:
            wrong = faults(database, path)
            return wrong or ("" if _tables(database) else f"{path} is empty.")
    except sqlite3.Error as error:
        return in_words(error, path)


@contextlib.contextmanager
def opened(path: Path, mode: str = "rw") -> Iterator[sqlite3.Connection]:
    """A connection that waits for locks, without transactions of its own accord; what is not committed is undone.

    Args:
        path: the database.
        mode: SQLite's: ro, rw, or rwc to make the file.

    Raises:
        Unavailable: in the place of sqlite3's errors.
    """
    try:
        address = f"{path.resolve().as_uri()}?mode={mode}"
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=_wait, isolation_level=None)) as database:
            yield database
    except sqlite3.Error as error:
        raise Unavailable(in_words(error, path)) from None


@contextlib.contextmanager
def troubles(url: str) -> Iterator[list[str]]:
    """Collect, as sentences, what befalls the database while nbgrader works with it.

    nbgrader takes a locked database for an old one, and an old one for a student's fault.

    Raises:
        Unavailable: in the place of an exception that came of such trouble.
    """
    found: list[str] = []
    path = path_of(url)

    def note(context: Any) -> None:
        error = context.original_exception
        if path is None and gradebook_server.is_trouble(context):
            found.append(gradebook_server.in_words(error, url, _wait))
        elif isinstance(error, sqlite3.Error) and _code(error) in TROUBLE and path is not None:
            found.append(in_words(error, path))

    event.listen(Engine, "handle_error", note)
    try:
        yield found
    except Exception:
        if found:
            raise Unavailable(found[-1]) from None
        raise
    finally:
        event.remove(Engine, "handle_error", note)


def in_words(error: sqlite3.Error, path: Path) -> str:
    """A sentence about what SQLite says of a database file, and what to do."""
    code = _code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return locked(path)
    if code == sqlite3.SQLITE_FULL:
        return f"There is no room on the disk of {path.parent}. What was done before is kept: run the command again."
    if code == sqlite3.SQLITE_IOERR:
        return f"{path} could not be read or written ({error}): is its disk full, or away? Run the command again then."
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_AUTH):
        return f"{path} cannot be opened for writing ({error}): {no_entry(path)}"
    if code == sqlite3.SQLITE_NOTADB:
        return f"{path} is not a database: {COPIES}."
    if code == sqlite3.SQLITE_CORRUPT:
        return f"{path} is damaged ({error}): {COPIES}."
    return f"{path}: {error}."


def locked(path: Path) -> str:
    """A sentence about a gradebook that another program has locked for longer than we wait."""
    holders = users(path)
    who = f": {', '.join(holders[:3])}" if holders else ""
    return (
        f"The gradebook {path} is locked by another program{who}; waited {_wait:g} s. End that program, or what it is "
        "doing, and run the command again. (c.Goodfit.gradebook_wait sets the wait.)"
    )


def users(path: Path) -> list[str]:
    """Other programs that have a file open, as far as this user may see them: "python (process 4711)"."""
    real, found = str(path.resolve()), []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and any(file.path == real for file in process.open_files()):
                found.append(f"{process.name()} (process {process.pid})")
    return found


def _make(path: Path) -> None:
    """Make a gradebook in one transaction: whole or not at all, and never over one that somebody else has just made."""
    with tempfile.TemporaryDirectory(prefix="goodfit-gradebook-") as folder:
        fresh = Path(folder, "gradebook.db")
        Gradebook(f"sqlite:///{fresh}").close()
        with contextlib.closing(sqlite3.connect(fresh)) as made:
            statements = [s for s in made.iterdump() if s not in ("BEGIN TRANSACTION;", "COMMIT;")]
    with opened(path, "rwc") as database:
        database.execute("BEGIN EXCLUSIVE")
        if not _tables(database):
            for statement in statements:
                database.execute(statement)
            database.execute("COMMIT")


def _version(database: sqlite3.Connection) -> str | None:
    if "alembic_version" not in _tables(database):
        return None
    row = database.execute("SELECT version_num FROM alembic_version").fetchone()
    return row and str(row[0])


def _tables(database: sqlite3.Connection) -> set[str]:
    return {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", -1)) & 0xFF
