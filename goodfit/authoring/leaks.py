"""Proving that nothing hidden is in a release."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from nbformat import NotebookNode

from goodfit.notebooks import source
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.data_files import digests

TRIVIAL = 12  # characters: shorter lines of code stand in many places
IMPORT = re.compile(r"(import|from)\s")  # such a line is no secret


def shown_numbers(notebook: NotebookNode) -> set[str]:
    """The numbers of a notebook, as they are written, that count as a threshold given away where they equal one: those
    with three digits or more behind the point. Shorter ones, such as 0.5, stand in every text.
    """
    return set(re.findall(r"(?<![\w.])\d+\.\d{3,}(?!\w)", json.dumps(notebook)))


def find_leaks(assignment: Assignment, release: Path) -> list[str]:
    """What of the hidden side stands in a release: sentences, empty when nothing does.

    Looked for: lines of solutions, of hidden regions, of model answers, of grader files and of answers; hidden data, as
    a whole file, as any row of an array or table and as any run of a series; thresholds; stored outputs;
    attachments that the source does not give away; files that are not the instructor's.

    Raises:
        AssignmentError: when the release or a data file cannot be read.
    """
    leaks: list[str] = []
    notebook = release / f"{assignment.name}.ipynb"
    released = source.read(notebook)
    secrets, given_lines = _secret_lines(assignment), _given_lines(assignment)
    given_pictures = {
        cell.id: cell.get("attachments", {})
        for cell in assignment.source.cells
        if not cell.metadata.get("nbgrader", {}).get("solution")  # nbgrader clears the text alone
    }

    def shows(name: str, text: str) -> list[str]:
        lines = {line.strip() for line in text.splitlines()} - given_lines
        return [f"{name} shows a line of {where}: {line!r}" for line, where in secrets.items() if line in lines]

    leaks += shows(notebook.name, "\n".join(cell.source for cell in released.cells))
    for cell in released.cells:
        if cell.get("outputs") or cell.get("attachments", {}) != given_pictures.get(cell.id, {}):
            leaks.append(f"{notebook.name}: cell {cell.id} has outputs or attachments")
    numbers = shown_numbers(released)
    for name, threshold in assignment.thresholds.items():
        if str(threshold.value) in numbers:
            leaks.append(f"{notebook.name} shows the threshold {name}")
    given_files = set(assignment.data_files()) | {notebook.name}
    hidden = _hidden(assignment)
    for path in sorted(p for p in release.rglob("*") if p.is_file() and p != notebook):
        relative = str(path.relative_to(release))
        if relative not in given_files:
            leaks.append(f"{relative} is in the release and not in the source")
        found = Counter(hidden[digest] for digest in digests(path) if digest in hidden)
        leaks += [f"{relative} holds {n} rows or runs of values of the hidden {of}" for of, n in found.items()]
        leaks += shows(relative, path.read_bytes().decode("utf-8", "replace"))
    return leaks


def _secret_lines(assignment: Assignment) -> dict[str, str]:
    """The lines that no student may see, and where each stands."""
    found: dict[str, str] = {}

    def add(where: str, lines: Iterable[str]) -> None:
        for line in lines:
            found.setdefault(line, where)

    for cell in assignment.source.cells:
        for region in source.regions(cell.source):
            add(f"{region.kind.lower()} of cell {cell.id}", _telling(region.lines.values()))
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "markdown":
            add(f"the model answer of cell {cell.id}", _telling(cell.source.splitlines()))
    for path in sorted(assignment.graders_dir.rglob("*.py")):
        lines = _telling(source.read_text(path).splitlines())
        where = str(path.relative_to(assignment.graders_dir))
        add(where, (line for line in lines if not IMPORT.match(line)))
    return found


def _telling(lines: Iterable[str]) -> list[str]:
    stripped = (line.strip() for line in lines)
    return [line for line in stripped if len(line) > TRIVIAL and not line.startswith(("#", '"""', "def ", "@"))]


def _given_lines(assignment: Assignment) -> set[str]:
    """Lines that the instructor gives away on purpose, outside of every hidden region."""
    given: set[str] = set()
    for cell in assignment.instructor.cells:
        hidden = {number for region in source.regions(cell.source) for number in region.lines}
        given.update(line.strip() for number, line in enumerate(cell.source.split("\n"), 1) if number not in hidden)
    return given


def _hidden(assignment: Assignment) -> dict[bytes, str]:
    """The file of each digest of the hidden data."""
    files = [p for p in sorted((assignment.graders_dir / "data").rglob("*")) if p.is_file()]
    return {digest: str(path.relative_to(assignment.graders_dir)) for path in files for digest in digests(path)}
