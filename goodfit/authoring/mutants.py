"""Mutants: the reference answer with one small mutation in it, made mechanically, to see whether the graders notice.

The mutations are mutmut's (operators, constants, comparisons, keywords, dropped and emptied arguments), and two that it
lacks: a number one too small, and two arguments swapped. A mutant that no check notices is either *equivalent*, as
good as the reference, or a *hole* that was left open; ``answers/survivors.toml`` of its set says which, and why.
"""

from __future__ import annotations

import hashlib
import itertools
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation.mutators import mutation_operators

from goodfit.authoring.answers import Answer
from goodfit.authoring.measurements import MutantResult, State
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
    cells = {grade_id(c): c.source for c in assignment.source.cells}
    found: list[Mutant] = []
    for exercise in assignment.graded_cells.values():
        of_exercise = [m for name in exercise.answers for m in _mutants_of(exercise.grade_id, name, cells[name])]
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


def _mutants_of(exercise: str, name: str, source: str) -> Iterator[Mutant]:
    try:
        wrapper = MetadataWrapper(cst.parse_module(source))
    except cst.ParserSyntaxError as error:
        raise AssignmentError(f"The solution of cell {name} is no Python (line {error.raw_line}).") from None
    mutations = _Mutations(_solution_lines(source))
    wrapper.visit(mutations)
    seen = {source}
    lines = source.splitlines()
    for original, changed in mutations.found:
        text = wrapper.module.deep_replace(original, changed).code  # type: ignore[attr-defined]
        if text in seen or not _compiles(text):
            continue
        seen.add(text)
        after = text.splitlines()
        at = next(i for i, (a, b) in enumerate(itertools.zip_longest(lines, after)) if a != b)
        yield Mutant(exercise, name, at + 1, lines[at].strip(), after[at].strip() if at < len(after) else "", text)


def _solution_lines(source: str) -> set[int]:
    """Numbers, from 1, of the lines between the solution's marks."""
    return {number for region in regions(source) if region.kind == "SOLUTION" for number in region.lines}


def _compiles(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


class _Mutations(cst.CSTVisitor):
    """Collects pairs of a node and what takes its place, within the solution's lines.

    Words in an error that is raised are free, and so are docstrings and annotations: no mutations there.
    """

    METADATA_DEPENDENCIES = (PositionProvider, ParentNodeProvider)

    def __init__(self, lines: set[int]) -> None:
        super().__init__()
        self.found: list[tuple[cst.CSTNode, cst.CSTNode]] = []
        self._lines = lines

    def visit_Raise(self, node: cst.Raise) -> bool:
        return False

    def visit_Annotation(self, node: cst.Annotation) -> bool:
        return False

    def on_visit(self, node: cst.CSTNode) -> bool:
        place = self.get_metadata(PositionProvider, node, None)
        alone = isinstance(self.get_metadata(ParentNodeProvider, node, None), cst.Expr)
        text = isinstance(node, cst.SimpleString | cst.ConcatenatedString)
        if place is not None and place.start.line in self._lines and not (text and alone):
            # of mutmut's three mutations of a text (marked, lower case, upper case) one tells as much as all
            mutations = itertools.islice(_mutations(node), 1) if text else _mutations(node)
            self.found += [(node, mutation) for mutation in mutations]
        return bool(super().on_visit(node))


def _mutations(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            yield from operator(node)
    if isinstance(node, cst.Integer):
        yield from _one_less(node)
    if isinstance(node, cst.Call):
        yield from _swapped_arguments(node)


def _one_less(node: cst.Integer) -> Iterable[cst.CSTNode]:
    value = node.evaluated_value - 1
    yield cst.Integer(str(value)) if value >= 0 else cst.UnaryOperation(cst.Minus(), cst.Integer(str(-value)))


def _swapped_arguments(node: cst.Call) -> Iterable[cst.Call]:
    """Neighbouring positional arguments change places."""
    plain = [not a.star and a.keyword is None for a in node.args]
    for i in range(len(node.args) - 1):
        if plain[i] and plain[i + 1]:
            values = [a.value for a in node.args]
            values[i], values[i + 1] = values[i + 1], values[i]
            yield node.with_changes(args=[a.with_changes(value=v) for a, v in zip(node.args, values, strict=True)])
