"""What a set's answer bank and mutants, as recorded, say of its checks: which mistakes only one of them catches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from goodfit.authoring.answers import bank
from goodfit.authoring.measurements import BankResult, MutantResult, load
from goodfit.notebooks.assignment import Assignment, AssignmentError


@dataclass(frozen=True)
class Guard:
    """What a check is there for.

    Attributes:
        alone: names of wrong answers of the bank that fail this check and no other, sorted.
        first: mutants that passed every check of their exercise before this one and failed it, sorted. A mutant's
            run stops at the check that notices it, so that one behind it might have noticed it too.
        last: whether no check of its exercise comes behind it: then no other check notices these mutants.
    """

    alone: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    last: bool = False

    @property
    def needed(self) -> bool:
        """Whether the bank holds a mistake that would get full marks without this check."""
        return bool(self.alone or (self.last and self.first))


@dataclass(frozen=True)
class Evidence:
    """The records of a set, ready to be asked.

    Attributes:
        fails: the checks that each wrong answer fails, by its name.
        why: which mistake it makes, by its name.
        mutants: label and noticing checks of each mutant that was noticed.
        recorded: when bank and mutants were measured, by "bank" and "mutants"; what was not is missing.
    """

    fails: dict[str, frozenset[str]] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    mutants: tuple[tuple[str, frozenset[str]], ...] = ()
    recorded: dict[str, str] = field(default_factory=dict)

    def guard(self, check: str, exercise: Iterable[str]) -> Guard:
        """What only this check catches.

        Args:
            check: its name.
            exercise: names of all checks of its exercise, in their order.
        """
        *_, last = exercise
        return Guard(
            tuple(sorted(name for name, fails in self.fails.items() if fails == {check})),
            tuple(sorted(label for label, by in self.mutants if by == {check})),
            check == last,
        )

    def resembled(self, lost: frozenset[str], exercise: frozenset[str]) -> list[str]:
        """Wrong answers that fail in an exercise just the checks that a submission lost there, sorted.

        None: no mistake that the bank knows. Several: the checks cannot tell them apart.

        Args:
            lost: names of the checks of the exercise that the submission did not pass.
            exercise: names of all its checks.
        """
        return sorted(name for name, fails in self.fails.items() if lost and fails & exercise == lost)


def read(assignment: Assignment) -> Evidence:
    """The evidence of a set, empty where nothing was recorded.

    Raises:
        AssignmentError: when a record is damaged.
    """
    tried, mutated = load(assignment, BankResult), load(assignment, MutantResult)
    results = tried.results if tried else []
    wrong = {one.answer.removeprefix("wrong/"): one for one in results if one.answer.startswith("wrong/")}
    return Evidence(
        fails={name: frozenset(one.fails) for name, one in wrong.items()},
        why=_reasons(assignment),
        mutants=tuple((one.label, frozenset(one.by)) for one in (mutated.results if mutated else []) if one.by),
        recorded={one.header.kind: one.header.date.isoformat() for one in (tried, mutated) if one is not None},
    )


def right_answers(assignment: Assignment) -> Mapping[str, list[str]]:
    """Texts of right answers by answer cell, the reference answer's first; empty where the bank is unsound."""
    found: dict[str, list[str]] = {name: [text] for name, text in assignment.solutions.items()}
    try:
        answers = bank(assignment)
    except AssignmentError:
        return {}
    for answer in answers:
        if answer.kind == "right":
            for name, text in answer.cells.items():
                found.setdefault(name, []).append(text)
    return found


def _reasons(assignment: Assignment) -> dict[str, str]:
    """What each wrong answer does; a bank that is being edited costs the report these words and nothing else."""
    try:
        return {answer.name: answer.why for answer in bank(assignment) if answer.kind == "wrong"}
    except AssignmentError:
        return {}
