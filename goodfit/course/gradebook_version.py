"""Which nbgrader made a gradebook, wherever it is kept."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from nbgrader.dbutil import ALEMBIC_DIR


def newest() -> str:
    """Alembic's word for the gradebooks that the installed nbgrader makes."""
    return str(ScriptDirectory(ALEMBIC_DIR).get_current_head())


def of_another_version(version: str | None, name: str, keeps_copy: bool = True) -> str:
    """A sentence about a gradebook of an older or newer nbgrader; empty for today's.

    Args:
        version: alembic's word in the gradebook, None where there is none.
        name: what to call the gradebook.
        keeps_copy: whether nbgrader makes a copy before it changes one: it does for a file.
    """
    script = ScriptDirectory(ALEMBIC_DIR)
    if version == script.get_current_head():
        return ""
    if version is None or version in {revision.revision for revision in script.walk_revisions()}:
        how = "keeps a copy and brings" if keeps_copy else "(after a copy: docs/operator.md) brings"
        return f"{name} was made by an older nbgrader: `nbgrader db upgrade` {how} it up to date."
    return f"{name} was made by a newer nbgrader (its version is {version}): install that one, or put a copy back."
