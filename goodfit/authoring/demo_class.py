"""Every kind of submission that a TA meets, made from a set's own answers, with the points that each must earn."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from goodfit.authoring.answers import Answer, in_few_notebooks, merged, reference
from goodfit.authoring.grader_files import checked_bank, collect_checks, measured_exercises
from goodfit.check import Grades
from goodfit.notebooks.assignment import Assignment, grade_id

DUE = datetime(2026, 3, 2, 12, 0)

STOPS = {
    "endless-loop": ("a cell never ends", "while True:\n    pass"),
    "killed-kernel": ("a cell ends its own kernel", "import os\nos._exit(1)"),
    "memory-bomb": (
        "a cell takes memory without end",
        "hoard = []\nwhile True:\n    hoard.append(bytearray(64 << 20))",
    ),
}

FORGERY = '''\
import builtins, os, sys

class Right:
    """Equal to everything that it is compared with, whatever a check may expect."""
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __hash__(self): return 0
    def __call__(self, *args, **options): return self
    def __float__(self): return 1.0

for name in ("pytest", "goodfit.check", "nbgrader"):
    sys.modules[name] = Right()          # no check can fail any more ...
builtins.AssertionError = Warning
os.environ["SCORE"] = "100"
print("SCORE: 100 of 100 points")        # ... and here is the verdict
'''


@dataclass(frozen=True)
class Case:
    """One kind of submission.

    Attributes:
        kind: its name; the label of an answer of the bank, with "-" for "/".
        special: what was done in it, the end of a sentence that begins with the student.
        notebook: its bytes.
        score: points that its checks must earn.
        submitted: when it was handed in, UTC.
    """

    kind: str
    special: str
    notebook: bytes
    score: float
    submitted: datetime = DUE - timedelta(hours=1)


def answer_cases(assignment: Assignment) -> list[Case]:
    """The whole answer bank as submissions."""
    checks = collect_checks(assignment)
    return [_of_answer(assignment, checks, answer) for answer in checked_bank(assignment)]


def odd_cases(assignment: Assignment) -> dict[str, Case]:
    """What is odd about the submission, and not about an answer; by kind."""
    full = sum(mark.points for mark in collect_checks(assignment).values())
    right = nbformat.reads(reference().notebook(assignment).decode(), as_version=4)
    first = next(iter(assignment.graded_cells))
    half = list(assignment.graded_cells)[: len(assignment.graded_cells) // 2]
    done = {answer for name in half for answer in assignment.graded_cells[name].answers}
    score = sum(assignment.graded_cells[name].points for name in half)
    cases = [
        *(
            Case(kind, f"all right, but {what}", _edited(right, partial(_insert_after, name=first, code=code)), full)
            for kind, (what, code) in STOPS.items()
        ),
        Case(
            "half-finished",
            f"only the first {len(half)} of {len(assignment.graded_cells)} exercises are done",
            _edited(right, lambda nb: _unfinish(nb, assignment, done)),
            score,
        ),
        Case("empty", "handed in as it was handed out", _edited(right, lambda nb: _unfinish(nb, assignment, set())), 0),
        Case(
            "not-a-notebook",
            "a text file with the notebook's name",
            b"Dear TA, my laptop broke. Please see the attached photo.",
            0,
        ),
        Case(
            "duplicated-graded-cells",
            "all right, and the graded cells are there twice",
            _edited(right, lambda nb: _duplicate(nb, assignment)),
            full,
        ),
        Case(
            "deleted-graded-cells",
            "all right, and the graded cells are deleted",
            _edited(right, lambda nb: _delete(nb, assignment)),
            full,
        ),
        Case("late", "all right, 30 hours late", _edited(right, lambda nb: None), full, DUE + timedelta(hours=30)),
        Case(
            "resubmitted-without-graded-cells",
            "nothing is done, and the graded cells are deleted",
            _edited(right, lambda nb: _spoil(nb, assignment)),
            0,
        ),
        Case(
            "forged",
            "no answers, but objects equal to everything, graded cells that print full marks, and points times 100",
            _edited(right, lambda nb: _forge(nb, assignment)),
            0,
        ),
    ]
    return {case.kind: case for case in cases}


def class_of(assignment: Assignment) -> dict[str, Case]:
    """The class of a demonstration: who handed in what.

    For a set of functions a dozen submissions, for one with models eight: each of those trains, which takes longer.
    """
    odd, bank = odd_cases(assignment), checked_bank(assignment)
    case = partial(_of_answer, assignment, collect_checks(assignment))
    another_way = [a for a in bank if a.kind == "right"][:2][-1]
    everyone = {"amara.okafor": case(reference()), "ben.lindqvist": case(another_way)}
    if measured := measured_exercises(assignment):
        cells = {answer for name in measured for answer in assignment.graded_cells[name].answers}
        models = [a for a in bank if a.kind == "wrong" and cells & set(a.cells)]
        wrong = list({a.fails: a for a in reversed(models)}.values())[::-1][:3]
        everyone |= zip(("chen.yu", "dilara.kaya", "emil.novak"), map(case, wrong), strict=False)
        others = {"farah.haddad": "half-finished", "kavya.rao": "empty", "leo.moreau": "forged"}
    else:
        several = max(in_few_notebooks(assignment, [a for a in bank if a.kind == "wrong"]), key=len, default=[])
        mistakes = [a for a in bank if a.kind == "wrong" and a not in several[:3]]
        everyone |= zip(["chen.yu"], map(case, mistakes), strict=False)
        if several:
            everyone["dilara.kaya"] = case(merged(several[:3]))
        others = {
            "emil.novak": "half-finished", "farah.haddad": "empty", "goran.petrov": "endless-loop",
            "hana.kim": "killed-kernel", "ines.silva": "memory-bomb", "jonas.berg": "not-a-notebook",
            "kavya.rao": "late", "leo.moreau": "forged",
        }  # fmt: skip
    return everyone | {student: odd[kind] for student, kind in others.items()}


def _of_answer(assignment: Assignment, checks: dict[str, Grades], answer: Answer) -> Case:
    score = sum(mark.points for name, mark in checks.items() if name not in answer.fails)
    if answer == reference():
        special = f"all right: {answer.why}"
    elif answer.kind == "right":
        special = f"all right, another way: {answer.why}"
    else:
        special = f"{'mistakes' if '+' in answer.name else 'a mistake'}: {answer.why}"
    return Case(answer.label.replace("/", "-"), special, answer.notebook(assignment), score)


def _edited(notebook: NotebookNode, edit: Callable[[NotebookNode], None]) -> bytes:
    edited = copy.deepcopy(notebook)
    edit(edited)
    return nbformat.writes(edited, version=4).encode()


def _insert_after(notebook: NotebookNode, name: str, code: str) -> None:
    at = next(i for i, c in enumerate(notebook.cells) if grade_id(c) == name)
    notebook.cells.insert(at + 1, new_code_cell(code, id="trouble"))


def _unfinish(notebook: NotebookNode, assignment: Assignment, keep: set[str]) -> None:
    stubs = {grade_id(c): c.source for c in assignment.instructor.cells}
    for cell in notebook.cells:
        name = grade_id(cell)
        if cell.metadata.get("nbgrader", {}).get("solution") and name not in keep:
            cell.source = stubs[name]


def _duplicate(notebook: NotebookNode, assignment: Assignment) -> None:
    copies = [copy.deepcopy(c) for c in notebook.cells if grade_id(c) in assignment.graded_cells]
    for i, cell in enumerate(copies):
        cell.id = f"copy-{i}"
    notebook.cells += copies


def _delete(notebook: NotebookNode, assignment: Assignment) -> None:
    notebook.cells = [c for c in notebook.cells if grade_id(c) not in assignment.graded_cells]


def _spoil(notebook: NotebookNode, assignment: Assignment) -> None:
    _unfinish(notebook, assignment, set())
    _delete(notebook, assignment)


def _forge(notebook: NotebookNode, assignment: Assignment) -> None:
    for cell in notebook.cells:
        if grade_id(cell) in assignment.graded_cells:
            cell.source = 'print("All checks passed: full marks.")'
            cell.metadata.nbgrader.points *= 100
        elif cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = "\n".join(f"{name} = Right()" for name in _defined(cell.source))
    notebook.cells.insert(0, new_code_cell(FORGERY, id="forgery"))


def _defined(code: str) -> Iterable[str]:
    """The names that a cell binds at its top level, in order."""
    for node in ast.parse(code).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        for part in ast.walk(node) if isinstance(node, ast.Assign | ast.AnnAssign) else ():
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                yield part.id
