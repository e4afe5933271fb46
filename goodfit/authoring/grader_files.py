"""The files of a set's graders, read by their author's tools: the checks, the bank, and whether all fits together."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from goodfit.authoring.answers import Answer, bank
from goodfit.check import Grades
from goodfit.grading.plugin import make_importable
from goodfit.grading.verdict_view import points
from goodfit.notebooks.assignment import Assignment, AssignmentError
from goodfit.notebooks.data_files import arrays
from goodfit.notebooks.source import meant, read_text, shown

FIXTURES = ("student", "hidden", "given", "thresholds", "seed")


def require_sound_graders(assignment: Assignment) -> None:
    """Refuse a set in which every submission would get grader errors. Call it before anything is graded.

    Raises:
        AssignmentError: with a line for each fault of its notebook, checks, thresholds and data.
    """
    faults = sentences_of(lambda: assignment.sound_source) or faults_of_graders(assignment)
    if faults:
        raise AssignmentError("\n".join(faults))


def checked_bank(assignment: Assignment) -> list[Answer]:
    """The answer bank, in which every check and every answer that is named exists.

    Raises:
        AssignmentError: with a line for each answer file or threshold that is not in order.
    """
    answers, checks = bank(assignment), collect_checks(assignment)
    folder = assignment.graders_dir / "answers"
    faults = [
        f"{shown(folder / answer.kind / answer.name)}.py names the check {name}, which does not exist"
        f"{meant(name, checks)}"
        for answer in answers
        for name in sorted(answer.fails - set(checks))
    ]
    wrong = [answer.name for answer in answers if answer.kind == "wrong"]
    faults += [
        f"{shown(assignment.graders_dir / 'thresholds.toml')}: [{threshold}] names the wrong answer {name}, "
        f"which does not exist{meant(name, wrong)}"
        for threshold, table in assignment.thresholds.items()
        for name in table.against
        if name not in wrong
    ]
    if faults:
        raise AssignmentError("\n".join(faults))
    return answers


def collect_checks(assignment: Assignment) -> dict[str, Grades]:
    """The checks of a set by function name, in file order.

    Raises:
        AssignmentError: when a file of checks cannot be imported, or holds what is no check.
    """
    return {name: function.goodfit for name, function in _functions(assignment).items()}


def measuring_checks(assignment: Assignment) -> dict[str, Grades]:
    """The checks that measure against a calibrated threshold, by function name; only they run in a calibration."""
    functions = _functions(assignment).items()
    return {name: f.goodfit for name, f in functions if "thresholds" in inspect.signature(f).parameters}


def measured_exercises(assignment: Assignment) -> set[str]:
    """The graded cells with a check that measures against a calibrated threshold."""
    return {mark.grade_id for mark in measuring_checks(assignment).values()}


def _functions(assignment: Assignment) -> dict[str, Any]:
    make_importable(assignment)
    found: dict[str, Any] = {}
    for path in sorted(assignment.graders_dir.glob("test_*.py")):
        with author_faults(path):
            module = load(f"graders.{assignment.name}.{path.stem}", path)
        _refuse_what_is_no_check(path, vars(module))
        for key, value in vars(module).items():
            if key.startswith("test_") and isinstance(getattr(value, "goodfit", None), Grades):
                if key in found:
                    first = shown(Path(found[key].__code__.co_filename))
                    raise AssignmentError(f"Two checks are called {key}: in {first} and in {shown(path)}. Rename one.")
                found[key] = value
    if not found:
        raise AssignmentError(f"There is no check in {shown(assignment.graders_dir)}: no function test_… with @grades.")
    return found


def _refuse_what_is_no_check(path: Path, names: dict[str, Any]) -> None:
    """Refuse what pytest would run as a test and nobody would count as a check."""
    lines: dict[str, int] = {}
    for node in ast.parse(read_text(path)).body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            raise AssignmentError(
                f"{shown(path)}, line {node.lineno}: checks are functions, and {node.name} is a class."
            )
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test"):
            continue
        where = f"{shown(path)}, line {node.lineno}: {node.name}"
        if node.name in lines:
            raise AssignmentError(f"{where} is a second check of that name (the first: line {lines[node.name]}).")
        lines[node.name] = node.lineno
        mark = getattr(names.get(node.name), "goodfit", None)
        if not isinstance(mark, Grades) or not node.name.startswith("test_"):
            raise AssignmentError(f"{where} is no check: it needs @grades(grade_id, points=…) and a name test_….")
        if any(getattr(m, "name", "") == "parametrize" for m in getattr(names[node.name], "pytestmark", [])):
            raise AssignmentError(f"{where} is parametrized: each run of it would count its points. Use a loop.")
        for argument in node.args.args:
            if argument.arg not in FIXTURES and get_close_matches(argument.arg, FIXTURES, cutoff=0.7):
                close = meant(argument.arg, FIXTURES)
                raise AssignmentError(f"{where} asks for {argument.arg}, which does not exist{close}")


def faults_of_graders(assignment: Assignment) -> list[str]:
    """What would make grader errors of every submission: checks, thresholds and data that do not fit together."""
    checks: dict[str, Grades] = {}
    faults = sentences_of(lambda: checks.update(collect_checks(assignment)))
    faults += sentences_of(lambda: assignment.thresholds)
    if faults:
        return faults
    cells = assignment.graded_cells
    for name, mark in checks.items():
        if mark.grade_id not in cells:
            close = meant(mark.grade_id, cells)
            faults.append(f"Check {name} grades the cell {mark.grade_id!r}, which the notebook does not have{close}")
    for grade_id, cell in cells.items():
        worth = sum(mark.points for mark in checks.values() if mark.grade_id == grade_id)
        if abs(worth - cell.points) > 1e-9:
            faults.append(f"Graded cell {grade_id} has {points(cell.points)} points, its checks have {points(worth)}.")
    for path in sorted(assignment.graders_dir.glob("test_*.py")):
        for node in ast.walk(ast.parse(read_text(path))):
            faults += [f"{shown(path)}, line {node.lineno}: {fault}" for fault in _of_names(assignment, node)]  # type: ignore[attr-defined]
    return faults


def _of_names(assignment: Assignment, node: ast.AST) -> Iterator[str]:
    """Faults of ``thresholds["…"]``, ``hidden("…")`` and ``given("…")`` with a name that stands in the code."""
    match node:
        case ast.Subscript(value=ast.Name(id="thresholds"), slice=ast.Constant(value=str(name))):
            if name not in (known := assignment.thresholds):
                yield f"thresholds.toml has no [{name}]{meant(name, known)}"
        case ast.Call(func=ast.Name(id="hidden" | "given" as side), args=[ast.Constant(value=str(name))]):
            folder = (assignment.graders_dir if side == "hidden" else assignment.source_dir) / "data"
            path = folder / f"{name}.npz"
            if not path.is_file():
                close = meant(name, [p.stem for p in folder.glob("*.npz")])
                yield f"{shown(path)} does not exist{close} (`goodfit release --rebuild-data` builds a set's data.)"
            else:
                yield from sentences_of(lambda: list(arrays(path)))


def sentences_of(look: Callable[[], object]) -> list[str]:
    """The faults that a look at a set's files raises as AssignmentError, a sentence each."""
    try:
        look()
    except AssignmentError as error:
        return str(error).splitlines()
    return []


def load(name: str, path: Path) -> Any:
    """Run an author's file as a module of that name, anew each time; what it raises is not caught."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(name)
    sys.modules[name] = module  # a dataclass looks its module up there
    try:
        spec.loader.exec_module(module)
    finally:
        if before is None:
            sys.modules.pop(name, None)
        else:
            sys.modules[name] = before
    return module


@contextlib.contextmanager
def author_faults(path: Path) -> Iterator[None]:
    """What an author's file raises becomes a sentence with the file and the line that did it."""
    try:
        yield
    except (KeyboardInterrupt, AssignmentError):
        raise
    except SyntaxError as error:
        where = f"{shown(Path(error.filename or path))}, line {error.lineno}"
        raise AssignmentError(f"{where}: no Python: {error.msg}.") from None
    except BaseException as error:  # a file may even call sys.exit()
        theirs = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).parent == path.parent]
        where = _place(Path(theirs[-1].filename), theirs[-1].lineno or 1) if theirs else shown(path)
        words = str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"
        raise AssignmentError(f"{where}: {words.rstrip('.')}.") from None


def _place(path: Path, line: int) -> str:
    """File and line in words, with the function that the line is a decorator of or stands in."""
    functions = (node for node in ast.parse(read_text(path)).body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    for node in functions:
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        if first <= line <= (node.end_lineno or first):
            return f"{shown(path)}, line {line} ({node.name})"
    return f"{shown(path)}, line {line}"
