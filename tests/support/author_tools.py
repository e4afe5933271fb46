"""A course folder whose author makes mistakes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from goodfit.cli import app as cli
from goodfit.notebooks.assignment import Assignment, AssignmentError

NOTEBOOK, CHECKS = "source/tiny/tiny.ipynb", "graders/tiny/test_tiny.py"


WRONG = "graders/tiny/answers/wrong/first_value.py"


Notebook = dict[str, Any]


def fresh(name: str = "tiny") -> Assignment:
    return Assignment(name, Path("source", name).resolve(), Path("graders", name).resolve())


def cell(notebook: Notebook, name: str) -> Notebook:
    return next(c for c in notebook["cells"] if c["id"] == name)


def meta(name: str, **changes: Any) -> Callable[[Notebook], None]:
    return lambda notebook: cell(notebook, name)["metadata"]["nbgrader"].update(changes)


def without(name: str, *keys: str) -> Callable[[Notebook], None]:
    def change(notebook: Notebook) -> None:
        for key in keys:
            cell(notebook, name)["metadata"]["nbgrader"].pop(key)

    return change


def text(name: str, old: str, new: str) -> Callable[[Notebook], None]:
    def change(notebook: Notebook) -> None:
        one = cell(notebook, name)
        assert old in "".join(one["source"])
        one["source"] = "".join(one["source"]).replace(old, new)

    return change


def edit(path: str, old: str, new: str) -> None:
    content = Path(path).read_text(encoding="utf-8")
    assert old in content
    Path(path).write_text(content.replace(old, new), encoding="utf-8")


def run(*arguments: str) -> tuple[int, str]:
    """Run a command in this process; its exit code, and all that it printed."""
    done = CliRunner().invoke(cli.app, [*arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start a command as a shell does."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "PYTHONIOENCODING"))} | environment
    code = "import sys; from goodfit.cli.app import app; sys.argv[0] = 'goodfit'; app()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env,
        encoding="utf-8", errors="backslashreplace", start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell has background jobs ignore it
    )  # fmt: skip


def said(look: Callable[[Assignment], object]) -> list[str]:
    """The sentences that come back, or in which it ends."""
    try:
        found = look(fresh())
    except AssignmentError as error:
        return str(error).splitlines()
    assert isinstance(found, list), "it found nothing"
    return found
