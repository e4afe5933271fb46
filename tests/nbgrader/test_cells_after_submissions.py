"""A source that is changed after submissions came in: what can be changed is, what cannot be is said."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from goodfit.cli import app as cli

Class = Any  # of conftest.py
Cells = list[dict[str, Any]]
ROWS = "SELECT id, cell_id, auto_score, manual_score, extra_credit FROM grade ORDER BY id"
COMMENTS = "SELECT id, cell_id, manual_comment FROM comment ORDER BY id"
SOURCES = "SELECT name FROM source_cell"


def read_only(name: str, **more: Any) -> dict[str, Any]:
    meta = {"grade": False, "grade_id": name, "locked": True, "schema_version": 3, "solution": False, "task": False}
    return {"cell_type": "markdown", "id": name, "metadata": {"nbgrader": {**meta, **more}}, "source": f"About {name}."}


def at(cells: Cells, name: str) -> int:
    return next(i for i, cell in enumerate(cells) if cell["id"] == name)


def rename(cells: Cells, old: str, new: str) -> None:
    cell = cells[at(cells, old)]
    cell["id"] = cell["metadata"]["nbgrader"]["grade_id"] = new


def edit(graded: Class, change: Callable[[Cells], Any]) -> None:
    path = graded.folder / "source" / "tiny" / "tiny.ipynb"
    notebook = json.loads(path.read_text())
    change(notebook["cells"])
    path.write_text(json.dumps(notebook, indent=1))


@pytest.mark.parametrize("command", [["grade", "tiny"], ["release", "tiny"]])
def test_a_read_only_cell_comes_and_goes(graded: Class, command: list[str]) -> None:
    """A cell without a grade may be added and removed: grading goes on, nobody's rows change."""
    before = graded.sql(ROWS), graded.sql(COMMENTS)
    edit(graded, lambda cells: cells.insert(at(cells, "mean-answer"), read_only("erratum")))
    code, said = graded.goodfit(*command)
    assert code == 0, said
    assert ("erratum",) in graded.sql(SOURCES)
    edit(graded, lambda cells: cells.pop(at(cells, "erratum")))
    edit(graded, lambda cells: cells.pop(at(cells, "add-visible")))
    code, said = graded.goodfit(*command)
    assert code == 0, said
    assert not {("erratum",), ("add-visible",)} & set(graded.sql(SOURCES))
    assert (graded.sql(ROWS), graded.sql(COMMENTS)) == before


def test_with_nbgraders_own_command_too(graded: Class) -> None:
    before = graded.sql(ROWS), graded.sql(COMMENTS)
    edit(graded, lambda cells: cells.insert(1, read_only("erratum")))
    command = ["nbgrader", "generate_assignment", "tiny", "--force"]
    done = subprocess.run(command, cwd=graded.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (graded.sql(ROWS), graded.sql(COMMENTS)) == before


CHANGES = {
    "graded cell added": (
        lambda c: c.append(read_only("more", grade=True, solution=True, locked=False, points=1)),
        "the graded and answer cell 'more' is new",
    ),
    "graded cell gone": (lambda c: c.pop(at(c, "why")), "the graded and answer cell 'why' is gone"),
    "graded cell renamed": (lambda c: rename(c, "mean", "average"), "'average' is new; the graded cell 'mean' is gone"),
    "answer cell renamed": (lambda c: rename(c, "add-answer", "sum-answer"), "the answer cell 'add-answer' is gone"),
    "task added": (lambda c: c.append(read_only("essay", task=True, points=4)), "the task cell 'essay' is new"),
    "answer made read-only": (
        lambda c: c.__setitem__(at(c, "mean-answer"), read_only("mean-answer")),
        "the answer cell 'mean-answer' is gone",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("command", [["grade", "tiny"], ["release", "tiny"]])
def test_cells_with_points_or_answers_are_named(graded: Class, name: str, command: list[str]) -> None:
    """What nbgrader refuses is one message that names the cell and what to do; no score is touched."""
    change, says = CHANGES[name]
    before = graded.sql(ROWS), graded.sql(COMMENTS), graded.gradebook.read_bytes()
    edit(graded, change)
    checks = graded.folder / "graders" / "tiny" / "test_tiny.py"
    checks.write_text(
        checks.read_text().replace(
            '"mean", points', f'"{"average" if name == "graded cell renamed" else "mean"}", points'
        )
    )
    code, said = graded.goodfit(*command)
    assert "Traceback" not in said
    assert "[1/" not in said
    assert code in (cli.SOME_TROUBLE, cli.WRONG_USE)
    if command[0] == "grade":  # `release` may find more that is wrong before it comes to the gradebook
        assert says in said
        assert "Give each cell in source/ its former id and kind back" in said
    assert (graded.sql(ROWS), graded.sql(COMMENTS), graded.gradebook.read_bytes()) == before


def test_points_may_change(graded: Class) -> None:
    """The new points go to the gradebook; what a human gave stays."""
    edit(graded, lambda cells: cells[at(cells, "why")]["metadata"]["nbgrader"].update(points=5))
    code, said = graded.goodfit("grade", "tiny")
    assert code == 0, said
    assert graded.sql("SELECT max_score FROM grade_cells JOIN base_cell USING (id) WHERE name = 'why'") == [(5.0,)]
    assert graded.sql("SELECT manual_score FROM grade WHERE manual_score IS NOT NULL") == [(2.0,)]


def test_the_release_of_a_set_that_is_refused_stays(graded: Class) -> None:
    assert graded.goodfit("release", "tiny")[0] == 0
    notebook: Path = graded.folder / "release" / "tiny" / "tiny.ipynb"
    before = notebook.read_bytes()
    edit(graded, lambda cells: cells.pop(at(cells, "why")))
    assert graded.goodfit("release", "tiny")[0] != 0
    assert notebook.read_bytes() == before
