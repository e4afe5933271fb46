"""Making a release: data, requirements, the order of the source, nbgrader's own command, and a search for leaks."""

from __future__ import annotations

import re
from pathlib import Path

from goodfit.authoring import binder
from goodfit.authoring.grader_files import author_faults, checked_bank, faults_of_graders, load, sentences_of
from goodfit.authoring.leaks import find_leaks
from goodfit.authoring.requirements import ensure
from goodfit.course.course import Course
from goodfit.course.folder import CourseError
from goodfit.grading.plugin import make_importable
from goodfit.grading.verdict_view import points
from goodfit.notebooks.assignment import GRADED_CELL, Assignment, AssignmentError, grade_id
from goodfit.notebooks.environment import ENVIRONMENT, ENVIRONMENT_CELL
from goodfit.notebooks.source import shown

DATA_PATH = re.compile(r"""(["'])(data/[\w./-]+\.\w+)\1""")  # as a notebook names a file that it gets


def make(assignment: Assignment, course: Course, rebuild_data: bool = False) -> list[str]:
    """Make one set's release, unless its source is not in order, and look for leaks in it.

    Args:
        assignment: the set.
        course: the course folder, with a gradebook.
        rebuild_data: build the data files anew where there are some.

    Returns:
        What is wrong: sentences, empty when all is well.

    Raises:
        Unavailable: when the gradebook or the folder cannot be used now.
    """
    try:
        if rebuild_data or not (assignment.source_dir / "data").is_dir():
            build_data(assignment)
        problems = check_source(assignment)
        if not problems:
            ensure(assignment)
            course.make_release(assignment)
            problems = find_leaks(assignment, course.release(assignment.name))
            if course.goodfit.repository:
                problems += binder.ensure(course.root, [course.assignment(name) for name in course.assignments()])
    except (AssignmentError, CourseError) as error:
        return str(error).splitlines()
    return problems


def build_data(assignment: Assignment) -> None:
    """Build the set's data: the given rows go to ``source/``, the hidden ones to ``graders/``.

    Raises:
        AssignmentError: when its ``build_data.py`` raises.
    """
    if (assignment.graders_dir / "build_data.py").is_file():
        given, hidden = assignment.source_dir / "data", assignment.graders_dir / "data"
        for folder in (given, hidden):
            folder.mkdir(exist_ok=True)
        run_build(assignment, given, hidden)


def run_build(assignment: Assignment, given: Path, hidden: Path) -> None:
    """Run ``build(given, hidden)`` of the set's ``build_data.py``, where it has one."""
    path = assignment.graders_dir / "build_data.py"
    if path.is_file():
        make_importable(assignment)
        with author_faults(path):
            load(f"{assignment.name}_build_data", path).build(given, hidden)


def check_source(assignment: Assignment) -> list[str]:
    """What is wrong with the instructor's side: sentences, empty when all is well.

    Raises:
        AssignmentError: when the notebook cannot be read at all.
    """
    problems = sentences_of(lambda: assignment.sound_source)
    if problems:
        return problems
    problems = faults_of_graders(assignment)
    problems += [fault for fault in sentences_of(lambda: checked_bank(assignment)) if fault not in problems]
    for name, cell in assignment.graded_cells.items():
        if not cell.answers:
            problems.append(f"Graded cell {name} has no answer cell before it.")
    for cell in assignment.source.cells:
        claimed = grade_id(cell)
        if claimed in assignment.graded_cells:
            wanted = GRADED_CELL.format(points=points(assignment.graded_cells[claimed].points))
            if cell.source.strip() != wanted:
                problems.append(f"Graded cell {claimed} does not have the standard text (see docs/grader-author.md).")
        if claimed == ENVIRONMENT and cell.source.strip() != ENVIRONMENT_CELL:
            problems.append(f"Cell {ENVIRONMENT} does not have the standard text (see docs/grader-author.md).")
        if claimed and cell.id != claimed:
            problems.append(f"Cell {cell.id} has the grade_id {claimed}; both should be the same.")
        if cell.cell_type == "code":
            wanted_files = {name for _, name in DATA_PATH.findall(cell.source)}
            absent = [name for name in sorted(wanted_files) if not (assignment.source_dir / name).is_file()]
            where = shown(assignment.source_dir)
            problems += [f"Cell {cell.id} reads {name}, which is not in {where}." for name in absent]
        if cell.get("outputs") or cell.get("execution_count"):
            problems.append(f"Cell {cell.id} has stored outputs.")
    return problems
