"""The part of a notebook that some exercises need, so that a grader can be tested on them in a fraction of the time."""

from __future__ import annotations

import re
import symtable
from bisect import bisect_left
from collections.abc import Collection
from functools import lru_cache

from nbformat import NotebookNode

from goodfit.notebooks.assignment import Assignment, grade_id

DEFINES = re.compile(r"^(?:(?:async +)?def|class) +(\w+)|^(\w+) *(?::[^=\n]*)?=(?!=)", re.MULTILINE)
MAX_READ = 100_000  # characters of a cell that is no plain Python
PICTURE = "-demo"  # a given cell whose grade_id ends so shows something; no check may need what it defines


def places_needed(notebook: NotebookNode, assignment: Assignment, exercises: Collection[str]) -> set[int]:
    """The indices of the code cells that the exercises' checks need.

    They are an exercise's cells from its first answer cell to its graded cell, but for pictures and cells without a
    grade_id, and every cell that was the last to define a name which one of these cells uses, however far back.

    Args:
        notebook: answers on the instructor's frame: its cells have the instructor's grade_ids.
        assignment: whose notebook it is.
        exercises: grade_ids of graded cells.
    """
    names = {i: _names(c.source) for i, c in enumerate(notebook.cells) if c.cell_type == "code"}
    ids = {i: grade_id(notebook.cells[i]) or "" for i in names}
    names |= {i: (frozenset(), frozenset()) for i, name in ids.items() if name in assignment.graded_cells}  # never run
    definers: dict[str, list[int]] = {}
    for i, (_, defined) in names.items():
        for name in defined:
            definers.setdefault(name, []).append(i)
    waiting: list[int] = []
    for exercise in exercises:
        answers = assignment.graded_cells[exercise].answers
        start = min(i for i, name in ids.items() if name in (*answers, exercise))
        end = max(i for i, name in ids.items() if name == exercise)
        waiting += [i for i, name in ids.items() if start <= i <= end and name and not name.endswith(PICTURE)]
    seen: set[int] = set()
    while waiting:
        i = waiting.pop()
        if i not in seen:
            seen.add(i)
            used, defined = names[i]
            for name in used - defined:  # a cell that defines a name itself (`came = …`) means its own
                before = definers.get(name, ())
                waiting += before[: bisect_left(before, i)][-1:]
    return seen


def answers_needed(notebook: NotebookNode, assignment: Assignment, exercises: Collection[str]) -> set[str]:
    """The grade_ids of the answer cells that the exercises need; see :func:`places_needed`."""
    every = {name for cell in assignment.graded_cells.values() for name in cell.answers}
    needed = places_needed(notebook, assignment, exercises)
    return {name for i in needed if (name := grade_id(notebook.cells[i])) in every}


def affected(assignment: Assignment, cells: Collection[str]) -> set[str]:
    """The exercises (grade_ids of graded cells) that need one of these answer cells."""
    return {e for e in assignment.graded_cells if answers_needed(assignment.source, assignment, [e]) & set(cells)}


def defined_names(source: str) -> set[str]:
    """The global names that a cell defines, read from its lines where it is no plain Python (``!pip``, an error)."""
    return set(_names(source)[1]) or plainly_defined(source[:MAX_READ])


def plainly_defined(source: str) -> set[str]:
    """The names that code defines at its top level, as far as can be told without compiling it."""
    return {a or b for a, b in DEFINES.findall(source)}


@lru_cache(maxsize=2048)  # an instructor's cell is asked for once for each answer of the bank
def _names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The global names that a cell uses, and those that it defines; both empty where it is no plain Python."""
    try:
        top = symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # students' cells hold anything
        return frozenset(), frozenset()
    defined = frozenset(s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported())
    used: set[str] = set()
    scopes = [top]
    while scopes:
        scope = scopes.pop()
        scopes += scope.get_children()
        used |= {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (scope is top or s.is_global())}
    return frozenset(used), defined
