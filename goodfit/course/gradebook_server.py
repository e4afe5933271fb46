"""A gradebook on a database server: whether it can be used now, and in words why not.

nbgrader makes its tables one by one. On PostgreSQL they are made here, in one transaction that one run at a time may
enter: assistants who grade their first assignments in the same minute find a whole gradebook or none.
"""

from __future__ import annotations

from typing import Any

from nbgrader.api import Base, Gradebook
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from goodfit.course.gradebook_version import newest, of_another_version
from goodfit.files import Unavailable

MAKING = 4_066_358  # of all advisory locks of a PostgreSQL database, the one that makers of a gradebook take
LOCKED = "55P03"  # PostgreSQL's word for a lock that was waited for in vain
TROUBLE = {"42501", "25006"}  # errors of statements that say nothing about the statement: no permission; read-only
MIN_PATIENCE = 2  # seconds; for libpq, 0 is for ever and 1 is 2


def shown(url: str) -> str:
    """A gradebook's URL for people: without the password."""
    return make_url(url).difference_update_query(["password"]).render_as_string(hide_password=True)


def examine(url: str) -> bool:
    """Whether there is a whole gradebook of today's nbgrader; False when the database is empty.

    Raises:
        Unavailable: when it is neither, or cannot be used now. Nothing was changed.
    """
    return _visit(url, None, 0)


def ensure(url: str, course: str, wait: float) -> bool:
    """See to it that the gradebook can be used; make it in an empty database. Returns whether it is new.

    Args:
        url: SQLAlchemy's.
        course: nbgrader's id of the course. nbgrader itself makes no row for the empty one, its default; a server wants
            one, where SQLite does not look.
        wait: seconds that connections of this process wait for a lock.

    Raises:
        Unavailable: when it cannot be used now, with what to do. Nothing was changed.
    """
    return not _visit(url, course, wait)


def settings(wait: float) -> dict[str, Any]:
    """What to tell PostgreSQL's drivers when they connect: how long to wait for the server."""
    return {"connect_timeout": max(MIN_PATIENCE, round(wait))}


def be_patient(connection: Any, wait: float) -> None:
    """Let a new connection to PostgreSQL wait so many seconds for another program's lock, then give up."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {max(1, round(wait * 1000))}")
    connection.commit()  # else the first rollback would take it back


def is_trouble(context: Any) -> bool:
    """Whether an error (SQLAlchemy's ExceptionContext) says something about the server and not about a statement."""
    error = context.sqlalchemy_exception
    return (
        context.is_disconnect
        or isinstance(error, OperationalError | InterfaceError)
        or _state(context.original_exception) in TROUBLE
    )


def in_words(error: BaseException, url: str, wait: float) -> str:
    """A sentence about what a server, or the way to it, says; and what to do."""
    if _state(error) == LOCKED:
        return (
            f"The gradebook {shown(url)} is locked by another program; waited {wait:g} s. End that program, or what it "
            "is doing, and run the command again. (c.Goodfit.gradebook_wait sets the wait.)"
        )
    said = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return (
        f"The gradebook {shown(url)} cannot be used: {said.rstrip('.')}. What was done before is kept: see to the "
        "server, its address, user and password (docs/operator.md), and run the command again."
    )


def _visit(url: str, course: str | None, wait: float) -> bool:
    try:
        engine = create_engine(url)
        try:
            with engine.begin() as connection:
                there = _is_there(connection, url)
                if course is not None and connection.dialect.name == "postgresql":
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({MAKING})"))
                    if not _is_there(connection, url):  # nobody has made it while we waited
                        _make(connection)
                    for name in (course, "default_course"):  # the second: where nbgrader names none
                        row = text("INSERT INTO course (id) VALUES (:name) ON CONFLICT DO NOTHING")
                        connection.execute(row, {"name": name})
        finally:
            engine.dispose()
        if course is not None:
            Gradebook(url).close()  # makes it on servers of other kinds
        return there
    except ImportError as error:
        raise Unavailable(
            f"The gradebook {shown(url)} needs a driver that is not installed ({error}). For PostgreSQL, "
            '`python -m pip install "goodfit[postgres]"`, and the URL begins with postgresql+psycopg://.'
        ) from None
    except SQLAlchemyError as error:
        raise Unavailable(in_words(getattr(error, "orig", None) or error, url, wait)) from None


def _is_there(connection: Connection, url: str) -> bool:
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return False
    if not {"assignment", "student", "grade"} <= tables:
        raise Unavailable(
            f"{shown(url)} is a database, but no gradebook of nbgrader: it has tables, and none of grades. Give the "
            "gradebook an empty database of its own. Nothing was changed."
        )
    known = "alembic_version" in tables
    version = connection.scalar(text("SELECT version_num FROM alembic_version")) if known else None
    if wrong := of_another_version(version, shown(url), keeps_copy=False):
        raise Unavailable(f"{wrong} Nothing was changed.")
    return True


def _make(connection: Connection) -> None:
    """What nbgrader's ``Gradebook`` makes in an empty database."""
    Base.metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": newest()})


def _state(error: Any) -> str:
    """The five letters by which SQL names an error; empty where the way to the server is broken."""
    return str(getattr(error, "sqlstate", None) or "")
