"""What the site has besides the written pages: made from the command, the settings, the notebooks and the demo."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
import typer.main
from traitlets.config import Config

from goodfit.cli.app import app
from goodfit.course.nbgrader_plugins import Goodfit
from goodfit.course.wiring import wire
from goodfit.notebooks.assignment import natural
from goodfit.sandbox.limits import GIB, MIB, Limits

TIME = re.compile(r"(?:Plan|\*\*Time:\*\*) \W*(.*? hours)")
RECORDS = "```{toctree}\n:hidden:\n:glob:\n\n[0-9]*\n```"  # the sidebar's list of the pages beside docs/adr/README.md
HOW_IT_WORKS = "**How it works.**"  # nearly the same in every set, and for those who have the notebook


def make(name: str, repository: Path, demo: Path) -> str:
    """The Markdown that stands for a mark in a page.

    Raises:
        KeyError: when there is no such part.
    """
    parts = {
        "records": lambda: RECORDS,
        "commands": lambda: commands(),
        "course_settings": lambda: course_settings(),
        "limits": lambda: limits(),
        "wiring": lambda: wiring(),
        "overview": lambda: overview(repository),
        "sets": lambda: sets(repository),
        "examples": lambda: examples(demo),
    }
    return parts[name]()


# --- the reference ----------------------------------------------------------------------------------------------


def commands() -> str:
    """Every command with its arguments and options, as typer's own tool writes them."""
    told = subprocess.run(
        [sys.executable, "-m", "typer", "goodfit.cli.app", "utils", "docs", "--name", "goodfit"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    _, _, below_title = told.stdout.partition("\n")
    return re.sub(r"\*\*Commands\*\*:\n\n(\* .*\n)+", f"{_commands_in_groups()}\n", below_title.strip(), count=1)


def _commands_in_groups() -> str:
    """The groups of ``goodfit --help``, with whole sentences: the tool's own list cuts them off."""
    rows: list[tuple[str, str, str]] = []
    for name, command in typer.main.get_command(app).commands.items():
        group = "" if rows and command.rich_help_panel in [row[0] for row in rows] else command.rich_help_panel
        rows.append((group, f"[`{name}`](#goodfit-{name})", command.get_short_help_str(limit=100)))
    return table(["group", "command", "what"], rows)


def course_settings() -> str:
    """``c.Goodfit.…``, from its traits."""
    rows = [
        (f"`c.Goodfit.{name}`", f"`{trait.default_value_repr()}`", trait.info(), trait.help)
        for name, trait in Goodfit.class_own_traits(config=True).items()
    ]
    return table(["setting", "default", "may be", "what"], rows)


def limits() -> str:
    """The fields of ``c.Goodfit.limits``."""
    rows = []
    for name, field in Limits.model_fields.items():
        default = _size(field.default) if name.endswith("_bytes") else f"{field.default:,}"
        rows.append((f"`{name}`", default, field.description or ""))
    return table(["field", "default", "what"], rows)


def wiring() -> str:
    """What ``wire(c)`` sets of nbgrader's and nbconvert's own settings, as far as it is ours."""
    wire(c := Config())
    rows = []
    for owner, settings in sorted(c.items()):
        for name, value in sorted(settings.items()):
            values = value if isinstance(value, list) else value.values() if isinstance(value, dict) else [value]
            ours = [_named(one) for one in values if isinstance(one, bool) or _named(one).startswith("goodfit.")]
            rows.append((f"`c.{owner}.{name}`", ", ".join(f"`{one}`" for one in ours)))
    return table(["setting", "value"], rows)


def _size(number: int) -> str:
    return f"{number / GIB:g} GiB" if number >= GIB else f"{number / MIB:g} MiB"


def _named(value: object) -> str:
    return f"{value.__module__}.{value.__qualname__}" if isinstance(value, type) else str(value)


# --- the course -------------------------------------------------------------------------------------------------


def titles(repository: Path) -> Iterator[tuple[str, str, list[str]]]:
    """For each set its name, its title, and the paragraphs of its notebook's first cell."""
    for path in sorted(repository.glob("source/*/*.ipynb"), key=lambda path: natural(path.stem)):
        cell = nbformat.read(path, as_version=4).cells[0]
        title, *paragraphs = cell.source.split("\n\n")
        if cell.cell_type != "markdown" or not title.startswith("# "):
            raise ValueError(f"{path}: the first cell must begin with the set's title (“# …”)")
        yield path.stem, title.removeprefix("# "), paragraphs


def overview(repository: Path) -> str:
    """The sets in a table: their hours and exercises from the notebooks, the rest from course.toml."""
    places = tomllib.loads((repository / "docs" / "site" / "course.toml").read_text(encoding="utf-8"))
    rows = []
    for name, title, paragraphs in titles(repository):
        if name not in places or not (hours := TIME.search(" ".join("\n".join(paragraphs).split()))):
            raise ValueError(f"{name}: its place in the course belongs into course.toml, its hours into its first cell")
        exercises = len(re.findall(r"^\| \d+ \|", "\n\n".join(paragraphs), re.MULTILINE))
        link = f"[{title}](#{name.replace('_', '-')})"
        rows.append((link, places[name]["lecture"], places[name]["builds_on"], str(exercises), hours[1].strip("* ")))
    return table(["set", "part of the lecture", "builds on", "exercises", "time"], rows)


def sets(repository: Path) -> str:
    """Each set in the words that its students read first."""
    told = []
    for name, title, paragraphs in titles(repository):
        shown = "\n\n".join(one for one in paragraphs if not one.startswith(HOW_IT_WORKS))
        told.append(f"({name.replace('_', '-')})=\n## {title}\n\n`{name}`\n\n{shown}")
    return "\n\n".join(told)


# --- examples ---------------------------------------------------------------------------------------------------


def example_pages(demo: Path) -> list[tuple[Path, str, str]]:
    """Pages that ``goodfit demo`` wrote, each with its place in the site and what to call it.

    The report on every set, and the feedback of those who have some points of a set and not all: the others' pages say
    little, and each has half a megabyte of plots.
    """
    if not (mark := demo / "expected.json").is_file():
        return []
    found = []
    for name, scores in json.loads(mark.read_text(encoding="utf-8")).items():
        found.append((demo / "reports" / f"{name}.html", f"examples/reports/{name}.html", f"{name}: the report"))
        for student, score in scores.items():
            if 0 < score < max(scores.values()):
                page, place = f"feedback/{student}/{name}/{name}.html", f"examples/feedback/{student}/{name}.html"
                found.append((demo / page, place, f"{name}: feedback for {student}, {score:g} points"))
    return [one for one in found if one[0].is_file()]


def examples(demo: Path) -> str:
    """Links to the pages of the demo, or how to have them."""
    links = [
        f'<li><a href="{html.escape(place)}">{html.escape(name)}</a></li>' for _, place, name in example_pages(demo)
    ]
    if not links:
        return "This copy of the site was built without its pages: `make demo`, then `make docs`."
    return "\n".join(["These are pages that it wrote, as they are:", "", "<ul>", *links, "</ul>"])


def table(head: list[str], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table; texts may hold any character."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)
