"""Grading the graders: do right answers pass, does each wrong one fail its named checks alone, do mutants fail?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from goodfit.authoring.answers import Answer, in_few_notebooks, merged, reference
from goodfit.authoring.grader_files import checked_bank, collect_checks, require_sound_graders
from goodfit.authoring.measurements import STATES, BankResult, MutantResult, save
from goodfit.authoring.mutants import Mutant, mutants, result_of, with_explanations
from goodfit.authoring.trivial import judged, trivial_answers
from goodfit.course.course import Course
from goodfit.grading.job import Bundle, Job
from goodfit.grading.plugin import Scope
from goodfit.grading.pool import Graders
from goodfit.grading.verdict import Outcome
from goodfit.notebooks.assignment import Assignment, AssignmentError
from goodfit.notebooks.submission import Submission

MUTANT_LIMITS = {"cell_seconds": 20, "check_seconds": 10, "notebook_seconds": 60}  # many mutants never end

MakeJob = Callable[[Submission], Job]


class BankRun:
    """A run of a set's answer bank through its graders.

    Args:
        assignment: the problem set.
        only: only answers whose label contains this.

    Attributes:
        answers: what is graded.
        results: of those that are done; sorted by label at the end.

    Raises:
        AssignmentError: when graders or bank are not in order, or no answer is left.
    """

    def __init__(self, assignment: Assignment, only: str = "") -> None:
        require_sound_graders(assignment)
        whole = checked_bank(assignment)
        self.assignment = assignment
        self.answers = [answer for answer in whole if only in answer.label]
        self.results: list[BankResult] = []
        self._only = only
        self._named = frozenset[str]().union(*(answer.fails for answer in whole))
        if not self.answers:
            raise AssignmentError(f"no answer of {assignment.name} has {only!r} in its label.")

    def grade(self, course: Course, graders: Graders, workers: int) -> Iterator[BankResult]:
        """Grade the answers; yields each result as it is there. A run over all of them is recorded at its end."""
        job = partial(course.goodfit.job, self.assignment, tier=graders.tier)
        for one in try_answers(self.assignment, self.answers, graders, job, workers):
            self.results.append(one)
            yield one
        self.results.sort(key=lambda one: one.answer)
        if not self._only:
            save(self.assignment, BankResult, self.results)

    @property
    def untested(self) -> list[str]:
        """The checks that no wrong answer of the whole bank is to fail, sorted."""
        return sorted(set(collect_checks(self.assignment)) - self._named)

    @property
    def as_expected(self) -> bool:
        """Whether every answer fails what it names and nothing else, and every check has a wrong answer."""
        return not self.untested and all(one.as_expected for one in self.results)


class TrivialRun:
    """A run of a set's trivial answers (:mod:`goodfit.authoring.trivial`): no check may pass for one of them.

    Args:
        assignment: the problem set.

    Attributes:
        answers: what is graded.
        passed: names of the checks that an answer passed, by what its functions return; of those that are done.

    Raises:
        AssignmentError: when the graders are not in order.
    """

    def __init__(self, assignment: Assignment) -> None:
        require_sound_graders(assignment)
        self.assignment = assignment
        self.answers = trivial_answers(assignment)
        self.passed: dict[str, list[str]] = {}

    def grade(self, course: Course, graders: Graders, workers: int) -> Iterator[str]:
        """Grade the answers; yields the name of each as it is done."""
        job = partial(course.goodfit.job, self.assignment, tier=graders.tier)
        jobs = ((one.name, job(Submission(one.notebook(self.assignment)))) for one in self.answers)
        exercises = judged(self.assignment)
        for name, bundle in graders.grade_all(jobs, workers):
            checks = [c for c in bundle.verdict.checks if c.grade_id in exercises]
            self.passed[name] = [c.name for c in checks if c.outcome in (Outcome.PASSED, Outcome.GRADER_ERROR)]
            yield name


class MutantRun:
    """A run of mutants of a set's reference answer through its graders.

    Args:
        assignment: the problem set.
        sample: at most so many for each exercise; None: all.

    Attributes:
        mutants: what is graded.
        results: of those that are done; at the end sorted by label, and explained where they survived.

    Raises:
        AssignmentError: when the graders are not in order.
    """

    def __init__(self, assignment: Assignment, sample: int | None = None) -> None:
        require_sound_graders(assignment)
        self.assignment = assignment
        self.mutants = mutants(assignment, sample)
        self.results: list[MutantResult] = []
        self._whole = sample is None

    def grade(self, course: Course, graders: Graders, workers: int) -> Iterator[MutantResult]:
        """Grade the mutants; yields each result as it is there. A run over all of them is recorded at its end."""
        job = partial(course.goodfit.job, self.assignment, tier=graders.tier)
        for one in try_mutants(self.assignment, self.mutants, graders, job, workers):
            self.results.append(one)
            yield one
        self.results.sort(key=lambda one: one.label)
        if self._whole:
            save(self.assignment, MutantResult, self.results)
        self.results = with_explanations(self.assignment, self.results)

    @property
    def counts(self) -> dict[str, int]:
        """How many mutants are in each state."""
        return {state: sum(one.state == state for one in self.results) for state in STATES}


def try_answers(
    assignment: Assignment, answers: list[Answer], graders: Graders, job: MakeJob, workers: int
) -> Iterator[BankResult]:
    """Grade right answers one by one, and wrong ones in few notebooks, which a surprise takes apart again.

    Args:
        assignment: the problem set.
        answers: of its bank.
        graders: grader processes.
        job: makes the job of a submission under the course's limits.
        workers: notebooks at a time.
    """
    right = [[a] for a in answers if a.kind == "right"]
    waiting = right + in_few_notebooks(assignment, [a for a in answers if a.kind == "wrong"])
    while waiting:
        apart: list[list[Answer]] = []
        jobs = ((str(i), job(Submission(merged(p).notebook(assignment)))) for i, p in enumerate(waiting))
        for name, bundle in graders.grade_all(jobs, workers):
            pack = waiting[int(name)]
            result = _result(merged(pack), bundle)
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
    remarkable = [c for c in bundle.verdict.checks if c.name in lost | answer.fails]
    return BankResult(
        answer=answer.label,
        fails=sorted(lost),
        should_fail=sorted(answer.fails),
        seconds=round(bundle.seconds, 2),
        remarks=[f"{c.name}: {c.outcome}: {c.rationale}" for c in remarkable],
        log=bundle.log if lost - answer.fails else "",
    )


def _of_pack(answer: Answer, seconds: float) -> BankResult:
    """The result of an answer whose pack failed exactly the checks that its answers name."""
    fails = sorted(answer.fails)
    return BankResult(answer=answer.label, fails=fails, should_fail=fails, seconds=round(seconds, 2))
