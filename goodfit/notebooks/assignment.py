"""An assignment as its instructor wrote it: the one authority on cells, points and order."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from goodfit.notebooks import source as sources
from goodfit.notebooks.source import AssignmentError as AssignmentError
from goodfit.notebooks.thresholds import ThresholdRecord, read_thresholds

GRADED_CELL = """\
# Graded here by hidden checks: {points} points. There is nothing to do in this cell.
# The lines below are for nbgrader's Validate alone: it fails here where a cell above fails or is not answered yet.
import os, re, sys
if os.environ.get("NBGRADER_VALIDATING"):
    error = vars(sys).pop("last_value", None)
    stub = re.search("(?m)^ *raise NotImplementedError[(][)]", "\\n".join(In[:-1]).rpartition("# Graded here")[2])
    if error or stub:
        print("A cell above failed:", repr(error) if error else "an answer is not written yet", file=sys.stderr)
### BEGIN HIDDEN TESTS
if os.environ.get("NBGRADER_EXECUTION"):
    raise RuntimeError("0 points: only Goodfit grades this cell. \
Run nbgrader in the course folder, whose nbgrader_config.py loads Goodfit.")
0
### END HIDDEN TESTS"""

IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+([\w., \t]+)", re.MULTILINE)


@dataclass(frozen=True)
class GradedCell:
    """A graded cell: its points, and the answer cells that stand before it (after the graded cell before that)."""

    grade_id: str
    points: float
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Assignment:
    """One problem set: ``source/<name>/<name>.ipynb`` and ``graders/<name>/``.

    Attributes:
        name: nbgrader's assignment name; the notebook has the same.
        source_dir: the instructor's folder, with the notebook and the data that students get.
        graders_dir: the folder that students never see.
    """

    name: str
    source_dir: Path
    graders_dir: Path

    @classmethod
    def find(cls, name: str, source_root: Path, graders_root: Path) -> Assignment:
        """Find an assignment by name.

        Raises:
            AssignmentError: when its notebook or its graders do not exist.
        """
        found = cls(name, Path(source_root) / name, graders_root / name)
        if not found.notebook_path.is_file():
            raise AssignmentError(f"no assignment {name!r}: {found.notebook_path} does not exist.")
        if not found.has_graders():
            raise AssignmentError(f"assignment {name!r} has no graders: no test_*.py in {found.graders_dir}.")
        return found

    @classmethod
    def every(cls, source_root: Path, graders_root: Path) -> list[Assignment]:
        """All assignments that have a notebook and graders, in the order of :func:`natural`."""
        folders = sorted(Path(source_root).iterdir(), key=lambda folder: natural(folder.name))
        found = (cls(folder.name, folder, graders_root / folder.name) for folder in folders)
        return [one for one in found if one.notebook_path.is_file() and one.has_graders()]

    @property
    def notebook_path(self) -> Path:
        """The instructor's notebook, with solutions."""
        return self.source_dir / f"{self.name}.ipynb"

    def has_graders(self) -> bool:
        """Whether Goodfit grades this assignment (others are left to nbgrader)."""
        return any(self.graders_dir.glob("test_*.py"))

    @cached_property
    def source(self) -> NotebookNode:
        """The instructor's notebook, as read.

        Raises:
            AssignmentError: when it cannot be read; here and wherever the notebook is asked for.
        """
        return sources.read(self.notebook_path)

    @cached_property
    def sound_source(self) -> NotebookNode:
        """The instructor's notebook, in which every cell is one that nbgrader accepts.

        Raises:
            AssignmentError: with a line for each cell that is not.
        """
        faults = sources.faults(self.source)
        if faults:
            raise AssignmentError("\n".join(f"{sources.shown(self.notebook_path)}: {fault}" for fault in faults))
        return self.source

    @cached_property
    def instructor(self) -> NotebookNode:
        """The notebook as nbgrader stores it in the gradebook: solutions cleared, hidden text still there."""
        from nbgrader.preprocessors import ClearOutput, ClearSolutions, ComputeChecksums, LockCells

        return _apply(self.sound_source, LockCells, ClearSolutions, ClearOutput, ComputeChecksums)

    @cached_property
    def released(self) -> NotebookNode:
        """The notebook as students get it: :attr:`instructor` without hidden tests and mark schemes."""
        from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ComputeChecksums

        return _apply(self.instructor, ClearHiddenTests, ClearMarkScheme, ComputeChecksums)

    @cached_property
    def graded_cells(self) -> dict[str, GradedCell]:
        """The autograded cells by grade_id, in the notebook's order."""
        found: dict[str, GradedCell] = {}
        answers: list[str] = []
        for cell in self.sound_source.cells:
            meta = cell.metadata.get("nbgrader", {})
            if meta.get("solution") and not meta.get("grade"):
                answers.append(meta["grade_id"])
            elif meta.get("grade") and not meta.get("solution"):
                found[meta["grade_id"]] = GradedCell(meta["grade_id"], float(meta["points"]), tuple(answers))
                answers = []
        return found

    @cached_property
    def solutions(self) -> dict[str, str]:
        """The reference answer: source of every autograded answer cell by grade_id."""
        wanted = {a for cell in self.graded_cells.values() for a in cell.answers}
        return {c.metadata.nbgrader.grade_id: c.source for c in self.source.cells if grade_id(c) in wanted}

    def data_files(self) -> dict[str, Path]:
        """The files that belong to the release beside the notebook, by relative name."""
        files = (p for p in sorted(self.source_dir.rglob("*")) if p.is_file() and p.suffix != ".ipynb")
        return {str(p.relative_to(self.source_dir)): p for p in files if "__pycache__" not in p.parts}

    def owns_place_of(self, name: str) -> bool:
        """Whether a student's file of that name stands where a data file of ours, or its folder, belongs."""
        return any(f"{ours}/".startswith(f"{name}/") or name.startswith(f"{ours}/") for ours in self.data_files())

    @cached_property
    def thresholds(self) -> dict[str, ThresholdRecord]:
        """The tables of ``thresholds.toml`` by name, empty where the set has none.

        Raises:
            AssignmentError: when it is no TOML, or a table lacks what every threshold needs.
        """
        return read_thresholds(self.graders_dir / "thresholds.toml")

    def imports(self) -> set[str]:
        """Packages that the notebook's code, its solutions and the graders import, shared modules included."""
        shared = [*self.graders_dir.glob("*.py"), *self.graders_dir.parent.glob("_*/*.py")]
        texts = [cell.source for cell in self.source.cells if cell.cell_type == "code"]
        texts += [path.read_text(encoding="utf-8") for path in shared]
        return imported(texts)

    def digest(self, thresholds: bool = True) -> str:
        """SHA-256 over all that decides a verdict besides the submission: notebook, data, graders, thresholds.

        What several sets share (``graders/_*/``) is graders, too.
        """
        total = hashlib.sha256()
        folders = [self.graders_dir, *sorted(self.graders_dir.parent.glob("_*/"))]
        graders_files = [p for folder in folders for p in sorted(folder.rglob("*"))]
        graders_files = [p for p in graders_files if p.is_file() and p.suffix != ".pyc"]
        graders_files = [p for p in graders_files if not p.is_relative_to(self.graders_dir / "answers")]
        graders_files = [p for p in graders_files if thresholds or p.name != "thresholds.toml"]
        for path in [self.notebook_path, *self.data_files().values(), *graders_files]:
            try:
                content = path.read_bytes()
            except OSError as error:
                raise AssignmentError(f"{sources.shown(path)} cannot be read: {error.strerror}.") from None
            total.update(path.name.encode() + b"\0" + hashlib.sha256(content).digest())
        return total.hexdigest()


def imported(texts: Iterable[str]) -> set[str]:
    """The packages that texts of code import, anywhere in them; words of prose that look like it among them."""
    lines = (line for text in texts for line in IMPORT.findall(text))
    return {name.split()[0].partition(".")[0] for line in lines for name in line.split(",") if name.strip()}


def natural(name: str) -> list[str | int]:
    """A key to sort names of sets by: ps2 comes before ps10."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", name)]


def grade_id(cell: NotebookNode) -> str | None:
    """nbgrader's grade_id of an instructor's cell, or None."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _apply(notebook: NotebookNode, *preprocessors: Any) -> NotebookNode:
    result = copy.deepcopy(notebook)
    resources: dict[str, Any] = {}
    for preprocessor in preprocessors:
        result, resources = preprocessor().preprocess(result, resources)
    return result
