"""Trivial answers: functions that return a constant, their own arguments, or what the shape of one tells.

None of them knows anything, so no check may pass for one of them: a check that does has cases that all expect the same.
They are made from the reference answer mechanically, for all functions of a set at once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from goodfit.authoring.answers import Answer
from goodfit.notebooks.assignment import Assignment, AssignmentError, grade_id

BODIES = {
    "None": "return None",
    "zero": "return 0",
    "one": "return 1",
    "a half": "return 0.5",
    "minus one": "return -1",
    "True": "return True",
    "False": "return False",
    "an empty text": "return ''",
    "an empty list": "return []",
    "an empty dictionary": "return {{}}",
    "its first argument": "return {first}",
    "its arguments": "return {all}",
    "its first arguments twice": "return {first}, {first}",
    "zeros of the shape": "import numpy; return numpy.zeros(numpy.shape({first}))",
    "ones of the shape": "import numpy; return numpy.ones(numpy.shape({first}))",
    "a zero for each row": "import numpy; return numpy.zeros(len({first}), int)",
    "numbers of the rows": "import numpy; return numpy.arange(len({first}))",
    "the rows in two halves": "import numpy; return tuple(numpy.array_split(numpy.arange(len({first})), 2))",
}
"""What takes the place of a function's body, by what it returns."""


def trivial_answers(assignment: Assignment) -> list[Answer]:
    """An answer for each of :data:`BODIES`, in which all functions of the set have that body.

    Each is named for what its functions return.
    """
    cells = {name: c.source for c in assignment.source.cells if (name := grade_id(c)) in assignment.solutions}
    functions = {name: list(_functions(name, source)) for name, source in cells.items()}
    found = []
    for kind, body in BODIES.items():
        changed = {
            name: "\n\n\n".join([cells[name], *(_with(function, body) for function in own)])
            for name, own in functions.items()
            if own
        }
        found.append(Answer(kind, "trivial", f"every function returns {kind}", frozenset(), changed))
    return found


def judged(assignment: Assignment) -> set[str]:
    """The grade_ids of the graded cells whose answers are functions alone: no check of theirs may pass."""
    cells = {grade_id(c): c.source for c in assignment.source.cells}
    return {
        graded.grade_id
        for graded in assignment.graded_cells.values()
        if graded.answers and all(_functions_alone(name, cells[name]) for name in graded.answers)
    }


def _functions(name: str, source: str) -> Iterator[ast.FunctionDef]:
    for node in _parsed(name, source).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def _functions_alone(name: str, source: str) -> bool:
    return all(isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom) for node in _parsed(name, source).body)


def _parsed(name: str, source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise AssignmentError(f"The solution of cell {name} is no Python (line {error.lineno}).") from None


def _with(function: ast.FunctionDef, body: str) -> str:
    """The function's definition with another body, as text that stands behind the true one."""
    parameters = function.args
    names = [one.arg for one in [*parameters.posonlyargs, *parameters.args, *parameters.kwonlyargs]]
    filled = body.format(first=names[0] if names else "0", all="(" + "".join(f"{name}, " for name in names) + ")")
    return f"def {function.name}({ast.unparse(parameters)}):\n    {filled}"
