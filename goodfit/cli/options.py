"""What the commands' options have in common: their names, choices, help texts and completion."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

GROUPS = TEACH, GRADE, AUTHOR, MACHINE = "To teach", "To grade", "To write problem sets", "This machine"


class Sandbox(enum.StrEnum):
    """What ``--sandbox`` may be: a tier, or the best that works."""

    AUTO = "auto"
    FORK = "fork"
    BUBBLEWRAP = "bubblewrap"
    NONE = "none"


class ExportFormat(enum.StrEnum):
    """What ``export --to`` may be."""

    CSV = "csv"
    JSON = "json"
    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"


def _sets_that_begin(incomplete: str) -> list[str]:
    """Names of sets for the shell, from the folder that it is in: quick, and nothing is loaded."""
    from goodfit.notebooks.assignment import natural

    names = {path.parent.name for path in Path("source").glob("*/*.ipynb")}
    return sorted((name for name in names if name.startswith(incomplete)), key=natural)


SetArgument = Annotated[str, typer.Argument(help="A problem set.", autocompletion=_sets_that_begin)]
SetsArgument = Annotated[list[str], typer.Argument(help="Problem sets.", autocompletion=_sets_that_begin)]
AnySetsArgument = Annotated[
    list[str] | None,
    typer.Argument(help="Problem sets; all when none is named.", autocompletion=_sets_that_begin),
]
ClassArgument = Annotated[
    str | None,
    typer.Argument(help="A problem set whose class is graded.", autocompletion=_sets_that_begin, metavar="SET"),
]
DemoSetsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        help="Problem sets; the quickest without and with models when none is named.", autocompletion=_sets_that_begin
    ),
]
CourseOption = Annotated[Path, typer.Option("--course", help="Course folder: where nbgrader_config.py lies.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
JobsOption = Annotated[
    int, typer.Option("--jobs", "-j", min=0, help="Submissions at a time; 0: one per core, as memory allows.")
]
SandboxOption = Annotated[
    Sandbox | None,
    typer.Option("--sandbox", help="A tier, or the best that works; none is unsafe, and reports say so."),
]
HERE = Path(".")
