"""Grading the graders: do right answers pass, does each wrong one fail its named checks alone, do mutants fail?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from goodfit.authoring.answers import Answer, packs, reference, together
from goodfit.authoring.mutants import Mutant, judged
from goodfit.grading.job import Bundle, Job
from goodfit.grading.plugin import Scope
from goodfit.grading.pool import Graders
from goodfit.grading.verdict import Outcome
from goodfit.notebooks.assignment import Assignment, AssignmentError
from goodfit.notebooks.submission import Submission

MUTANT_LIMITS = {"cell_seconds": 20, "check_seconds": 10, "notebook_seconds": 60}  # many slips never end

MakeJob = Callable[[Submission], Job]


@dataclass(frozen=True)
class Tried:
    """What the graders made of one answer.

    Attributes:
        answer: the answer.
        lost: checks that it did not pass.
        seconds: wall time of its notebook's grading, shared among the answers that were packed into it.
        said: for every check that is lost or should be, its outcome and rationale.
        log: pytest's words, where a check was lost that should not be.
    """

    answer: Answer
    lost: frozenset[str]
    seconds: float
    said: tuple[str, ...] = ()
    log: str = ""

    @property
    def as_expected(self) -> bool:
        """Whether it lost the checks that it names and no others."""
        return self.lost == self.answer.fails


def try_answers(
    assignment: Assignment, answers: list[Answer], graders: Graders, job: MakeJob, workers: int
) -> Iterator[Tried]:
    """Grade right answers one by one, and wrong ones packed; a pack with a surprise is taken apart and graded again.

    Args:
        assignment: the problem set.
        answers: of its bank.
        graders: grader processes.
        job: makes the job of a submission under the course's limits.
        workers: notebooks at a time.
    """
    right = [[a] for a in answers if a.kind == "right"]
    waiting = right + packs(assignment, [a for a in answers if a.kind == "wrong"])
    while waiting:
        apart: list[list[Answer]] = []
        jobs = ((str(i), job(Submission(together(p).notebook(assignment)))) for i, p in enumerate(waiting))
        for name, bundle in graders.grade_all(jobs, workers):
            pack = waiting[int(name)]
            result = _tried(together(pack), bundle)
            if len(pack) == 1:
                yield result
            elif result.as_expected:
                yield from (Tried(answer, answer.fails, bundle.seconds / len(pack)) for answer in pack)
            else:
                apart += [[answer] for answer in pack]
        waiting = apart


def try_mutants(
    assignment: Assignment, chosen: list[Mutant], graders: Graders, job: MakeJob, workers: int
) -> Iterator[tuple[Mutant, dict[str, Any]]]:
    """Grade mutants, each on its own exercise alone; yields each with its record (see :func:`mutants.judged`).

    Raises:
        AssignmentError: when the reference answer itself, cut down to one exercise, does not pass that exercise.
    """
    exercises = list(dict.fromkeys(m.exercise for m in chosen))
    sound = ((e, _shortened(job, reference(), assignment, e)) for e in exercises)
    for exercise, bundle in graders.grade_all(sound, workers):
        lost = [c for c in bundle.verdict.checks if c.grade_id == exercise and c.outcome is not Outcome.PASSED]
        if lost:
            why = lost[0].rationale or lost[0].outcome
            raise AssignmentError(
                f"{assignment.name}: with the reference answer, the exercise {exercise} alone does not pass "
                f"{lost[0].name}: {why} (`goodfit bank {assignment.name} --only reference` tries the whole notebook)"
            )
    named: Iterable[tuple[str, Job]] = (
        (str(i), _shortened(job, m.answer, assignment, m.exercise)) for i, m in enumerate(chosen)
    )
    for name, bundle in graders.grade_all(named, workers):
        mutant = chosen[int(name)]
        yield mutant, judged(mutant, bundle)


def _shortened(job: MakeJob, answer: Answer, assignment: Assignment, exercise: str) -> Job:
    """The job that grades one exercise of an answer alone, under limits for slips."""
    made = job(Submission(answer.notebook(assignment)))
    scope = Scope(only=(exercise,), brief=True)
    return made.model_copy(update={"limits": made.limits.model_copy(update=MUTANT_LIMITS), "scope": scope})


def _tried(answer: Answer, bundle: Bundle) -> Tried:
    lost = frozenset(c.name for c in bundle.verdict.checks if c.outcome is not Outcome.PASSED)
    told = [c for c in bundle.verdict.checks if c.name in lost | answer.fails]
    said = tuple(f"{c.name}: {c.outcome}: {c.rationale}" for c in told)
    return Tried(answer, lost, bundle.seconds, said, bundle.log if lost - answer.fails else "")
