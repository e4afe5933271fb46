"""The part of a notebook that some exercises need, so that a grader can be tested on them in a fraction of the time."""

from __future__ import annotations

import copy
import symtable
from collections.abc import Collection

from nbformat import NotebookNode

from graders.engine.assignment import Assignment, grade_id


def excerpt(notebook: NotebookNode, assignment: Assignment, exercises: Collection[str]) -> NotebookNode:
    """The notebook with the answers that the exercises need; every other answer is as handed out.

    An exercise needs its own answer cells, and those that were the last to define a name which one of its cells uses,
    however far back. Given cells all stay: an untouched exercise costs them nothing, because its stub raises at once.

    Args:
        notebook: answers on the instructor's frame: its cells have the instructor's grade_ids.
        assignment: whose notebook it is.
        exercises: grade_ids of graded cells.
    """
    needed = answers_needed(notebook, assignment, exercises)
    stubs = {grade_id(c): c.source for c in assignment.instructor.cells}
    every = {name for cell in assignment.graded_cells.values() for name in cell.answers}
    cut = copy.deepcopy(notebook)
    for cell in cut.cells:
        if (name := grade_id(cell)) in every - needed:
            cell.source = stubs[name]
    return cut


def affected(assignment: Assignment, cells: Collection[str]) -> set[str]:
    """The exercises (grade_ids of graded cells) that need one of these answer cells."""
    return {e for e in assignment.graded_cells if answers_needed(assignment.source, assignment, [e]) & set(cells)}


def answers_needed(notebook: NotebookNode, assignment: Assignment, exercises: Collection[str]) -> set[str]:
    """The grade_ids of the answer cells that the exercises' cells need, by the names that they use and define."""
    code = [(c, *_names(c.source)) for c in notebook.cells if c.cell_type == "code"]
    places = {name: i for i, (c, _, _) in enumerate(code) if (name := grade_id(c)) in assignment.graded_cells}
    waiting: list[int] = []
    start = 0
    for exercise, place in places.items():
        if exercise in exercises:
            waiting += range(start, place + 1)
        start = place + 1
    seen: set[int] = set()
    while waiting:
        i = waiting.pop()
        if i not in seen:
            seen.add(i)
            _, used, defined = code[i]
            for name in used - defined:  # a cell that defines a name itself (`came = …`) means its own
                waiting += [j for j in range(i) if name in code[j][2]][-1:]
    every = {name for cell in assignment.graded_cells.values() for name in cell.answers}
    return {name for i in seen if (name := grade_id(code[i][0])) in every}


def _names(source: str) -> tuple[set[str], set[str]]:
    """The global names that a cell uses, and those that it defines; both empty where it is no plain Python."""
    try:
        top = symtable.symtable(source, "cell", "exec")
    except SyntaxError:
        return set(), set()
    defined = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    used: set[str] = set()
    scopes = [top]
    while scopes:
        scope = scopes.pop()
        scopes += scope.get_children()
        used |= {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (scope is top or s.is_global())}
    return used, defined
