"""Mutants: the reference answer with one small mutation in it, made mechanically, to see whether the graders notice.

Which mutations there are says :mod:`goodfit.authoring.mutations`. A mutant that no check notices is either
*equivalent*, as good as the reference, or a *hole* that was left open; ``answers/survivors.toml`` of its set says
which, and why.
"""

from __future__ import annotations

import hashlib
import itertools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from goodfit.authoring.answers import Answer
from goodfit.authoring.measurements import MutantResult, State
from goodfit.authoring.mutations import mutations
from goodfit.grading.job import Bundle
from goodfit.grading.verdict import Outcome
from goodfit.notebooks.assignment import Assignment, AssignmentError, grade_id
from goodfit.notebooks.source import read_text, regions, shown


@dataclass(frozen=True)
class Mutant:
    """One mutation of one answer cell.

    Attributes:
        exercise: grade_id of the graded cell whose answer it is in.
        cell: grade_id of the answer cell.
        line: number of the line in the solution that changes, from 1.
        before: that line as it is in the reference answer, stripped.
        after: the line with the mutation, stripped.
        source: the whole cell with the mutation.
    """

    exercise: str
    cell: str
    line: int
    before: str
    after: str
    source: str

    @property
    def label(self) -> str:
        """Name for reports."""
        return f"{self.cell}:{self.line}: {self.before}  ->  {self.after}"

    @property
    def answer(self) -> Answer:
        """The answer that a student with this mistake would hand in."""
        return Answer(self.label, "wrong", "a mutant of the reference answer", frozenset(), {self.cell: self.source})


def mutants(assignment: Assignment, sample: int | None = None) -> list[Mutant]:
    """All mutants of a set's reference answer, in the notebook's order.

    Args:
        assignment: the problem set.
        sample: at most so many for each exercise: those with the smallest SHA-256 of their text, so that the same
            mutants are taken every time; None: all.
    """
    cells = {grade_id(c): c.source for c in assignment.source.cells if c.cell_type == "code"}
    found: list[Mutant] = []
    for exercise in assignment.graded_cells.values():
        of_exercise = [m for name in exercise.answers for m in _mutants_of(exercise.grade_id, name, cells)]
        if sample is not None and len(of_exercise) > sample:
            keep = set(sorted(of_exercise, key=_drawn)[:sample])
            of_exercise = [m for m in of_exercise if m in keep]
        found += of_exercise
    return found


def explanations(assignment: Assignment) -> dict[tuple[str, str], tuple[State, str]]:
    """State and reason of the mutants that the set explains, by answer cell and line: the new one, or the old one.

    The state is "equivalent", or "survived" for a hole that was left open. Old lines are for what is the student's own
    choice, such as the number of units of a network that is judged by what it does.

    Raises:
        AssignmentError: when a table of ``answers/survivors.toml`` is not one of cell, after or line, and reason.
    """
    path = assignment.graders_dir / "answers" / "survivors.toml"
    if not path.is_file():
        return {}
    found: dict[tuple[str, str], tuple[State, str]] = {}
    states: tuple[tuple[str, State], ...] = (("hole", "survived"), ("equivalent", "equivalent"))
    try:
        tables = tomllib.loads(read_text(path))
        for kind, state in states:
            for table in tables.get(kind, []):
                for text in table["after"] if "after" in table else table["line"]:
                    found[table["cell"], text] = (state, table["reason"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise AssignmentError(
            f"{shown(path)}: each [[equivalent]] or [[hole]] needs cell, after or line (a list), and reason: {error}"
        ) from None
    return found


def result_of(mutant: Mutant, bundle: Bundle) -> MutantResult:
    """The result of one graded mutant: its state, and the checks of its exercise that noticed it.

    The state is "killed", "survived", or "grader error": then one of our checks broke on it, which is to be repaired.
    """
    checks = [c for c in bundle.verdict.checks if c.grade_id == mutant.exercise]
    lost = sorted(c.name for c in checks if c.outcome is not Outcome.PASSED)
    broken = any(c.outcome is Outcome.GRADER_ERROR for c in bundle.verdict.checks)
    return MutantResult(
        cell=mutant.cell,
        line=mutant.line,
        before=mutant.before,
        after=mutant.after,
        state="grader error" if broken else "killed" if lost else "survived",
        by=lost,
    )


def with_explanations(assignment: Assignment, results: list[MutantResult]) -> list[MutantResult]:
    """The results, with the state and the reason that the set gives where a mutant survived."""
    known = explanations(assignment)
    found = []
    for one in results:
        explanation = known.get((one.cell, one.after)) or known.get((one.cell, one.before))
        if explanation and one.state == "survived":
            state, reason = explanation
            one = one.model_copy(update={"state": state, "reason": reason})
        found.append(one)
    return found


def _drawn(mutant: Mutant) -> str:
    return hashlib.sha256(mutant.label.encode()).hexdigest()


def _mutants_of(exercise: str, name: str, cells: dict[str | None, str]) -> Iterator[Mutant]:
    source = cells[name]
    try:
        made = list(
            mutations(source, _solution_lines(source), [text for other, text in cells.items() if other != name])
        )
    except cst.ParserSyntaxError as error:
        raise AssignmentError(f"The solution of cell {name} is no Python (line {error.raw_line}).") from None
    seen = {source}
    lines = source.splitlines()
    for text in made:
        if text in seen or not _compiles(text):
            continue
        seen.add(text)
        after = text.splitlines()
        at = next(i for i, (a, b) in enumerate(itertools.zip_longest(lines, after)) if a != b)
        before = lines[at].strip() if at < len(lines) else ""
        yield Mutant(exercise, name, at + 1, before, after[at].strip() if at < len(after) else "", text)


def _solution_lines(source: str) -> set[int]:
    """Numbers, from 1, of the lines between the solution's marks."""
    return {number for region in regions(source) if region.kind == "SOLUTION" for number in region.lines}


def _compiles(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True
