"""Making a release, and proving that nothing hidden is in it."""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbformat import NotebookNode

from graders.engine.assignment import GRADED_CELL, Assignment, AssignmentError, grade_id
from graders.engine.check import Grades
from graders.engine.plugin import make_importable
from graders.engine.verdict_view import points

TRIVIAL = 12  # characters: shorter lines of code stand in many places
REGION = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)\n(.*?)### END \1", re.DOTALL)


def build_data(assignment: Assignment) -> None:
    """Build the set's data: the given rows go to ``source/``, the hidden ones to ``graders/``."""
    given, hidden = assignment.source_dir / "data", assignment.graders_dir / "data"
    for folder in (given, hidden):
        folder.mkdir(exist_ok=True)
    run_build(assignment, given, hidden)


def run_build(assignment: Assignment, given: Path, hidden: Path) -> None:
    """Run ``build(given, hidden)`` of the set's ``build_data.py``, where it has one."""
    path = assignment.graders_dir / "build_data.py"
    if path.is_file():
        _load(f"{assignment.name}_build_data", path).build(given, hidden)


def generate(assignment: Assignment, course: Path) -> None:
    """Run nbgrader's ``generate_assignment`` in the course folder.

    Raises:
        AssignmentError: with nbgrader's own words, when it fails.
    """
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", assignment.name, "--force"]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssignmentError(f"nbgrader could not generate {assignment.name}:\n{done.stderr[-3000:]}")


def check_source(assignment: Assignment) -> list[str]:
    """What is wrong with the instructor's side: sentences, empty when all is well."""
    problems: list[str] = []
    checks = collect_checks(assignment)
    for name, cell in assignment.graded_cells.items():
        worth = sum(mark.points for mark in checks.values() if mark.grade_id == name)
        if abs(worth - cell.points) > 1e-9:
            problems.append(f"Graded cell {name} has {points(cell.points)} points, its checks have {points(worth)}.")
        if not cell.answers:
            problems.append(f"Graded cell {name} has no answer cell before it.")
    for cell in assignment.source.cells:
        claimed = grade_id(cell)
        if claimed in assignment.graded_cells:
            wanted = GRADED_CELL.format(points=points(assignment.graded_cells[claimed].points))
            if cell.source.strip() != wanted:
                problems.append(f"Graded cell {claimed} does not have the standard text (see docs/grader-author.md).")
        if claimed and cell.id != claimed:
            problems.append(f"Cell {cell.id} has the grade_id {claimed}; both should be the same.")
        if cell.get("outputs") or cell.get("execution_count"):
            problems.append(f"Cell {cell.id} has stored outputs.")
    for name, mark in checks.items():
        if mark.grade_id not in assignment.graded_cells:
            problems.append(f"Check {name} grades the cell {mark.grade_id!r}, which the notebook does not have.")
    return problems


def collect_checks(assignment: Assignment) -> dict[str, Grades]:
    """The checks of a set by function name, in file order."""
    return {name: function.goodfit for name, function in _functions(assignment).items()}


def measured_exercises(assignment: Assignment) -> set[str]:
    """The graded cells with a check that measures against a calibrated threshold."""
    functions = _functions(assignment).values()
    return {f.goodfit.grade_id for f in functions if "thresholds" in inspect.signature(f).parameters}


def _functions(assignment: Assignment) -> dict[str, Any]:
    make_importable(assignment)
    found: dict[str, Any] = {}
    for path in sorted(assignment.graders_dir.glob("test_*.py")):
        module = _load(f"graders.{assignment.name}.{path.stem}", path)
        for key, value in vars(module).items():
            if key.startswith("test_") and isinstance(getattr(value, "goodfit", None), Grades):
                if key in found:
                    raise ValueError(f"two checks of {assignment.name} are called {key}")
                found[key] = value
    return found


def shown_numbers(notebook: NotebookNode) -> set[str]:
    """The numbers of a notebook, as they are written, that count as a threshold given away where they equal one: those
    with three digits or more behind the point. Shorter ones, such as 0.5, stand in every text.
    """
    return set(re.findall(r"(?<![\w.])\d+\.\d{3,}(?!\w)", json.dumps(notebook)))


def find_leaks(assignment: Assignment, release: Path) -> list[str]:
    """What of the hidden side stands in a release: sentences, empty when nothing does.

    Looked for: lines of solutions and of hidden regions, of grader files and of answers; hidden rows of data, whole or
    as any row of an array; thresholds; files that are not the instructor's.
    """
    leaks: list[str] = []
    notebook = release / f"{assignment.name}.ipynb"
    released = nbformat.read(notebook, as_version=4)
    text = "\n".join(cell.source for cell in released.cells)
    lines = {line.strip() for line in text.splitlines()}
    for where, line in _secret_lines(assignment):
        if line in lines and line not in _given_lines(assignment):
            leaks.append(f"{notebook.name} shows a line of {where}: {line!r}")
    for cell in released.cells:
        if cell.get("outputs") or cell.get("attachments"):
            leaks.append(f"{notebook.name}: cell {cell.id} has outputs or attachments")
    numbers = shown_numbers(released)
    for name, threshold in assignment.thresholds.items():
        if str(threshold["value"]) in numbers:
            leaks.append(f"{notebook.name} shows the threshold {name}")
    given_files = set(assignment.data_files()) | {notebook.name}
    for path in sorted(p for p in release.rglob("*") if p.is_file()):
        relative = str(path.relative_to(release))
        if relative not in given_files:
            leaks.append(f"{relative} is in the release and not in the source")
        elif path.suffix in (".npz", ".csv"):
            shared = _rows(path) & _hidden_rows(assignment)
            if shared:
                leaks.append(f"{relative} holds {len(shared)} of the hidden rows")
    return leaks


def _load(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _secret_lines(assignment: Assignment) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for cell in assignment.source.cells:
        for kind, body in REGION.findall(cell.source):
            found += [(f"{kind.lower()} of cell {cell.id}", line) for line in _telling(body)]
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("solution") and cell.cell_type == "markdown":
            found += [(f"the model answer of cell {cell.id}", line) for line in _telling(cell.source)]
    for path in sorted(assignment.graders_dir.rglob("*.py")):
        if path.name.startswith("test_") or "answers" in path.parts:
            where = str(path.relative_to(assignment.graders_dir))
            found += [(where, line) for line in _telling(path.read_text()) if not line.startswith(("import", "from"))]
    return found


def _telling(text: str) -> list[str]:
    stripped = (line.strip() for line in text.splitlines())
    return [line for line in stripped if len(line) > TRIVIAL and not line.startswith(("#", '"""', "def ", "@"))]


def _given_lines(assignment: Assignment) -> set[str]:
    """Lines that the instructor gives away on purpose, outside of every hidden region."""
    given: set[str] = set()
    for cell in assignment.instructor.cells:
        given.update(line.strip() for line in REGION.sub("", cell.source).splitlines())
    return given


def _rows(path: Path) -> set[str]:
    """Digests of all rows (of at least four distinct values) of the arrays in an archive, or lines of a table."""
    found: set[str] = set()
    if path.suffix == ".csv":
        lines = path.read_text().splitlines()[1:]
        return {hashlib.sha256(line.encode()).hexdigest() for line in lines if len(set(line.split(","))) >= 4}
    with np.load(path, allow_pickle=False) as archive:
        for name in archive.files:
            array: np.ndarray[Any, Any] = archive[name]
            if array.ndim >= 2:
                for row in array.reshape(len(array), -1):
                    if len(np.unique(row)) >= 4:
                        found.add(hashlib.sha256(np.ascontiguousarray(row, dtype=np.float64).tobytes()).hexdigest())
    return found


def _hidden_rows(assignment: Assignment) -> set[str]:
    paths = [p for p in (assignment.graders_dir / "data").glob("*") if p.suffix in (".npz", ".csv")]
    return set().union(*(_rows(path) for path in paths))
