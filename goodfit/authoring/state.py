"""What decides the results of one exercise, as a digest, so that only what has changed is measured again.

An exercise depends on its cells and those that they use (:mod:`goodfit.notebooks.slice`), on its checks and what they
use of the graders' modules, and on the set's data. Comments, prose and other exercises decide nothing.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property, lru_cache
from glob import escape
from pathlib import Path

from nbformat import NotebookNode

from goodfit.authoring import requirements
from goodfit.authoring.answers import Answer
from goodfit.authoring.grader_files import collect_checks, measuring_checks
from goodfit.notebooks.assignment import Assignment, grade_id
from goodfit.notebooks.slice import answers_needed, places_needed
from goodfit.notebooks.source import read_text

LENGTH = 12  # hexadecimal digits of a digest in a record


class Digests:
    """The digests of a set's exercises as it stands now: a later change on disk needs a new object.

    Args:
        assignment: the problem set.

    Raises:
        AssignmentError: when a file of checks cannot be read.
    """

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self._checks = collect_checks(assignment)
        self._measuring = measuring_checks(assignment)
        self.measured = {mark.grade_id for mark in self._measuring.values()}
        self._touched: dict[str, list[str]] = {}
        self._code = cache(self._code_of)
        self._needed = cache(lambda exercise: answers_needed(assignment.source, assignment, [exercise]))

    def touched(self, answer: Answer) -> list[str]:
        """The exercises whose results may differ from the reference answer's; of the reference answer itself, all.

        A cell that an answer repeats from the reference, comments and layout aside, changes nothing.
        """
        if answer.label in self._touched:
            return self._touched[answer.label]
        assignment = self.assignment
        if answer.name == "reference":
            return list(assignment.graded_cells)
        reference = {name: c.source for c in assignment.source.cells if (name := grade_id(c)) in answer.cells}
        changed = {name for name, text in answer.cells.items() if plain(text) != plain(reference.get(name, ""))}
        theirs = _with_cells(assignment, answer)
        found = [
            e
            for e in assignment.graded_cells
            if changed and changed & (self._needed(e) | answers_needed(theirs, assignment, [e]))
        ]
        return self._touched.setdefault(answer.label, found)

    def thresholds(self, exercise: str) -> list[str]:
        """The thresholds that an exercise's checks name; one that nobody seems to name belongs to all that take any."""
        if exercise not in self.measured:
            return []
        patterns = self._code(exercise).thresholds
        every = {p for e in self.measured for p in self._code(e).thresholds}
        return [
            name
            for name in self.assignment.thresholds
            if any(fnmatchcase(name, p) for p in patterns) or not any(fnmatchcase(name, p) for p in every)
        ]

    def of(self, exercise: str, answer: Answer, calibrating: bool = False) -> str:
        """The digest of all that decides how an answer fares in an exercise.

        Args:
            exercise: grade_id of a graded cell.
            answer: one of the bank.
            calibrating: of what decides its calibration: without the thresholds' values, and of the checks only those
                that measure.
        """
        notebook = _with_cells(self.assignment, answer)
        parts = [plain(notebook.cells[i].source) for i in sorted(places_needed(notebook, self.assignment, [exercise]))]
        parts += [*self._code(exercise, calibrating).statements, self._data]
        for name in self.thresholds(exercise):
            table = self.assignment.thresholds[name]
            parts += [f"{name} {table.direction} {'' if calibrating else table.value}"]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:LENGTH]

    def states(self, answer: Answer) -> dict[str, str]:
        """The digests, with the thresholds' values, of all exercises that an answer touches."""
        return {exercise: self.of(exercise, answer) for exercise in self.touched(answer)}

    @cached_property
    def _data(self) -> str:
        """All data files: the students', and what lies beside the checks that is no Python. Which versions of packages
        students install decides nothing here.
        """
        assignment = self.assignment
        folders = (assignment.graders_dir, *sorted(assignment.graders_dir.parent.glob("_*/")))
        beside = [("hidden", p) for folder in folders for p in sorted(folder.rglob("*")) if p.suffix != ".py"]
        answers = assignment.graders_dir / "answers"
        files = [(side, p) for side, p in beside if p.name != "thresholds.toml" and not p.is_relative_to(answers)]
        files += [("given", p) for name, p in assignment.data_files().items() if name != requirements.FILE]
        files = [(side, p) for side, p in files if p.is_file() and p.suffix != ".pyc"]
        return " ".join(f"{side} {p.name} {hashlib.sha256(p.read_bytes()).hexdigest()}" for side, p in files)

    def _code_of(self, exercise: str, calibrating: bool = False) -> _Code:
        folder = self.assignment.graders_dir
        checks = self._measuring if calibrating else self._checks
        names = {name for name, mark in checks.items() if mark.grade_id == exercise}
        begin: list[tuple[Path, str | None]] = [(p, name) for p in folder.glob("test_*.py") for name in names]
        return _code(folder.parent, [*begin, (folder / "conftest.py", None)])


@lru_cache(maxsize=4096)  # most cells of an answer are the instructor's
def plain(source: str) -> str:
    """Code without its comments and layout; as it stands where it is no plain Python (``%magic``, an error)."""
    try:
        return ast.dump(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source


@dataclass(frozen=True)
class _Code:
    """What some checks are made of.

    Attributes:
        statements: of modules, without comments and layout; sorted.
        thresholds: patterns of the names in ``thresholds[…]``.
    """

    statements: list[str]
    thresholds: set[str]


def _code(root: Path, begin: list[tuple[Path, str | None]]) -> _Code:
    """Statements at the top of the graders' modules that define a name, and those that these use, however far.

    Args:
        root: folder from which the graders' modules are imported.
        begin: module and name; None stands for all of the module.
    """
    found: dict[tuple[Path, int], _Statement] = {}
    waiting, seen = [*begin], set[tuple[Path, str | None]]()
    while waiting:
        path, name = waiting.pop()
        if (path, name) in seen or not path.is_file():
            continue
        seen.add((path, name))
        for i, statement in enumerate(_statements(read_text(path))):
            if name is None or name in statement.defines or not statement.defines:
                found[path, i] = statement
                waiting += [(path, used) for used in statement.uses]
                waiting += _imported(statement.node, path, root)
    nodes = [inner for statement in found.values() for inner in ast.walk(statement.node)]
    names = {pattern for node in nodes for pattern in _threshold(node)}
    return _Code(sorted({statement.text for statement in found.values()}), names)


@dataclass(frozen=True)
class _Statement:
    node: ast.stmt
    text: str
    defines: frozenset[str]
    uses: frozenset[str]


@lru_cache(maxsize=64)  # every exercise asks for the same few modules
def _statements(source: str) -> list[_Statement]:
    """The statements of a module but its docstring; of an import, each name on its own."""
    found: list[ast.stmt] = []
    for node in ast.parse(source).body:
        match node:
            case ast.Expr(value=ast.Constant()):
                pass
            case ast.Import(names=names):
                found += [ast.Import(names=[alias]) for alias in names]
            case ast.ImportFrom(module=module, names=names, level=level):
                found += [ast.ImportFrom(module=module, names=[alias], level=level) for alias in names]
            case _:
                found.append(node)
    return [_statement(node) for node in found]


def _statement(node: ast.stmt) -> _Statement:
    uses = {n.id if isinstance(n, ast.Name) else n.arg for n in ast.walk(node) if isinstance(n, ast.Name | ast.arg)}
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return _Statement(node, ast.dump(node), frozenset({node.name}), frozenset(uses))
    defines = set[str]()
    for n in ast.walk(node):
        match n:
            case ast.Name(id=name, ctx=ast.Store()):
                defines.add(name)
            case ast.alias(name=name, asname=other):
                defines.add(other or name.partition(".")[0])
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                defines.add(name)
    return _Statement(node, ast.dump(node), frozenset(defines), frozenset(uses))


def _imported(node: ast.stmt, path: Path, root: Path) -> Iterator[tuple[Path, str | None]]:
    """The modules of the graders that a statement imports, with what it takes of them (None: all)."""
    for n in ast.walk(node):
        if isinstance(n, ast.Import):
            for alias in n.names:
                yield root.joinpath(*alias.name.split(".")).with_suffix(".py"), None
        elif isinstance(n, ast.ImportFrom):
            folder = path.parents[n.level - 1] if n.level else root
            module = folder.joinpath(*(n.module or "").split("."))
            for alias in n.names:
                yield module / f"{alias.name}.py", None
                for file in (module.with_suffix(".py"), module / "__init__.py"):
                    yield file, None if alias.name == "*" else alias.name


def _threshold(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Subscript(value=ast.Name(id="thresholds"), slice=ast.Constant(value=str(name))):
            yield escape(name)
        case ast.Subscript(value=ast.Name(id="thresholds"), slice=ast.JoinedStr(values=parts)):
            yield "".join(escape(str(p.value)) if isinstance(p, ast.Constant) else "*" for p in parts)
        case ast.Subscript(value=ast.Name(id="thresholds")):
            yield "*"


def _with_cells(assignment: Assignment, answer: Answer) -> NotebookNode:
    """The notebook of an answer, whose unchanged cells are the instructor's own."""
    cells = [
        NotebookNode(cell | {"source": answer.cells[name]}) if (name := grade_id(cell)) in answer.cells else cell
        for cell in assignment.source.cells
    ]
    return NotebookNode(assignment.source | {"cells": cells})
