"""Grading the graders: do right answers pass, does each wrong one fail its named checks alone, do mutants fail?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from goodfit.authoring.answers import Answer, packs, reference, together
from goodfit.authoring.measurements import BankResult, MutantResult
from goodfit.authoring.mutants import Mutant, result_of
from goodfit.grading.job import Bundle, Job
from goodfit.grading.plugin import Scope
from goodfit.grading.pool import Graders
from goodfit.grading.verdict import Outcome
from goodfit.notebooks.assignment import Assignment, AssignmentError
from goodfit.notebooks.submission import Submission

MUTANT_LIMITS = {"cell_seconds": 20, "check_seconds": 10, "notebook_seconds": 60}  # many mutants never end

MakeJob = Callable[[Submission], Job]


def try_answers(
    assignment: Assignment, answers: list[Answer], graders: Graders, job: MakeJob, workers: int
) -> Iterator[BankResult]:
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
            result = _result(together(pack), bundle)
            if len(pack) == 1:
                yield result
            elif result.as_expected:
                yield from (_of_pack(answer, bundle.seconds / len(pack)) for answer in pack)
            else:
                apart += [[answer] for answer in pack]
        waiting = apart


def try_mutants(
    assignment: Assignment, chosen: list[Mutant], graders: Graders, job: MakeJob, workers: int
) -> Iterator[MutantResult]:
    """Grade mutants, each on its own exercise alone (see :func:`mutants.result_of`).

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
        yield result_of(chosen[int(name)], bundle)


def _shortened(job: MakeJob, answer: Answer, assignment: Assignment, exercise: str) -> Job:
    """The job that grades one exercise of an answer alone, under limits for mutants."""
    made = job(Submission(answer.notebook(assignment)))
    scope = Scope(only=(exercise,), brief=True)
    return made.model_copy(update={"limits": made.limits.model_copy(update=MUTANT_LIMITS), "scope": scope})


def _result(answer: Answer, bundle: Bundle) -> BankResult:
    lost = {c.name for c in bundle.verdict.checks if c.outcome is not Outcome.PASSED}
    told = [c for c in bundle.verdict.checks if c.name in lost | answer.fails]
    return BankResult(
        answer=answer.label,
        fails=sorted(lost),
        should_fail=sorted(answer.fails),
        seconds=round(bundle.seconds, 2),
        remarks=[f"{c.name}: {c.outcome}: {c.rationale}" for c in told],
        log=bundle.log if lost - answer.fails else "",
    )


def _of_pack(answer: Answer, seconds: float) -> BankResult:
    """The result of an answer whose pack failed exactly the checks that its answers name."""
    fails = sorted(answer.fails)
    return BankResult(answer=answer.label, fails=fails, should_fail=fails, seconds=round(seconds, 2))
