"""Grading the graders: do right answers pass, does each wrong one fail its named checks alone, do mutants fail?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from goodfit.authoring.answers import Answer, in_few_notebooks, merged, reference
from goodfit.authoring.grader_files import checked_bank, collect_checks, require_sound_graders
from goodfit.authoring.measurements import STATES, BankResult, Journal, MutantResult, Said, comparable, load, save
from goodfit.authoring.mutants import Mutant, mutants, result_of, with_explanations
from goodfit.authoring.state import Digests
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
        changed: only answers without a result that holds today and is as expected; the record keeps the others'.

    Attributes:
        answers: what is graded.
        results: of those that are done; sorted by label at the end.

    Raises:
        AssignmentError: when graders or bank are not in order, or no answer is left.
    """

    def __init__(self, assignment: Assignment, only: str = "", changed: bool = False) -> None:
        require_sound_graders(assignment)
        whole = checked_bank(assignment)
        self.assignment = assignment
        self.answers = [answer for answer in whole if only in answer.label]
        self.results: list[BankResult] = []
        digests = Digests(assignment)
        self._states = {answer.label: digests.states(answer) for answer in whole}
        self._recorded = changed or not only
        self._named = frozenset[str]().union(*(answer.fails for answer in whole))
        record = load(assignment, BankResult)
        self._held = {one.answer: one for one in record.results if one.answer in self._states} if record else {}
        if record and not comparable(record.header):
            self._held = {}
        if not self.answers:
            raise AssignmentError(f"no answer of {assignment.name} has {only!r} in its label.")
        if changed:
            self.answers = [a for a in self.answers if not self._holds(a, self._held.get(a.label))]

    def grade(self, course: Course, graders: Graders, workers: int) -> Iterator[BankResult]:
        """Grade the answers; yields each result as it is there.

        A run over all of them, or all that have changed, is recorded at its end; one that was stopped goes on.
        """
        job = partial(course.goodfit.job, self.assignment, tier=graders.tier)
        journal = Journal(course.state(self.assignment.name), BankResult)
        left = {one.answer: one for one in journal.results()} if self._recorded else {}
        done = [a.label for a in self.answers if self._holds(a, left.get(a.label))]
        for label in done:
            self.results.append(left[label])
            yield left[label]
        waiting = [answer for answer in self.answers if answer.label not in done]
        for one in try_answers(self.assignment, waiting, graders, job, workers):
            one = one.model_copy(update={"state": self._states[one.answer]})
            self.results.append(one)
            if self._recorded:
                journal.add(one)
            yield one
        self.results.sort(key=lambda one: one.answer)
        if self._recorded:
            held = self._held | {one.answer: one for one in self.results}
            save(self.assignment, BankResult, [held[label] for label in sorted(held)])
            journal.end()

    def _holds(self, answer: Answer, result: BankResult | None) -> bool:
        """Whether a result is today's; one with a surprise is not kept, so that its words are seen again."""
        return (
            result is not None
            and result.as_expected
            and result.should_fail == sorted(answer.fails)
            and result.state == self._states[answer.label]
        )

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
        changed: only mutants without a result that holds today; the record keeps the others'.

    Attributes:
        mutants: what is graded.
        results: of those that are done; at the end sorted by label, and explained where they survived.

    Raises:
        AssignmentError: when the graders are not in order.
    """

    def __init__(self, assignment: Assignment, sample: int | None = None, changed: bool = False) -> None:
        require_sound_graders(assignment)
        self.assignment = assignment
        self.mutants = mutants(assignment, sample)
        self.results: list[MutantResult] = []
        self._whole = sample is None
        digests, cells = Digests(assignment), assignment.graded_cells.values()
        self._digests = {name: digests.of(cell.grade_id, reference()) for cell in cells for name in cell.answers}
        self._held: list[MutantResult] = []
        record = load(assignment, MutantResult) if changed else None
        if record and comparable(record.header):
            self._held, self.mutants = self._parted(record.results)

    def grade(self, course: Course, graders: Graders, workers: int) -> Iterator[MutantResult]:
        """Grade the mutants; yields each result as it is there.

        A run over all of them, or all that have changed, is recorded at its end; one that was stopped goes on.
        """
        job = partial(course.goodfit.job, self.assignment, tier=graders.tier)
        journal = Journal(course.state(self.assignment.name), MutantResult)
        done, waiting = self._parted(journal.results() if self._whole else [])
        for one in done:
            self.results.append(one)
            yield one
        for one in try_mutants(self.assignment, waiting, graders, job, workers):
            one = one.model_copy(update={"digest": self._digests.get(one.cell, "")})
            self.results.append(one)
            if self._whole:
                journal.add(one)
            yield one
        self.results.sort(key=lambda one: one.label)
        if self._whole:
            save(self.assignment, MutantResult, sorted([*self._held, *self.results], key=lambda one: one.label))
            journal.end()
        self.results = with_explanations(self.assignment, self.results)

    def _parted(self, results: list[MutantResult]) -> tuple[list[MutantResult], list[Mutant]]:
        """The results that hold today, each for one of the mutants, and the mutants that have none."""
        known: dict[str, list[MutantResult]] = {}  # two mutants may differ behind the first line that changes
        for one in results:
            if one.digest and one.digest == self._digests.get(one.cell) and one.state != "grader error":
                known.setdefault(one.label, []).append(one)
        held, waiting = [], []
        for mutant in self.mutants:
            if found := known.get(mutant.label):
                held.append(found.pop())
            else:
                waiting.append(mutant)
        return held, waiting

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
                yield from (_of_pack(answer, result, bundle.seconds / len(pack)) for answer in pack)
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
        said=[Said(check=c.name, outcome=c.outcome.value, rationale=c.rationale, hint=c.hint) for c in remarkable],
        log=bundle.log if lost - answer.fails else "",
    )


def _of_pack(answer: Answer, pack: BankResult, seconds: float) -> BankResult:
    """The result of an answer whose pack failed exactly the checks that its answers name."""
    fails = sorted(answer.fails)
    said = [one for one in pack.said if one.check in answer.fails]
    return BankResult(answer=answer.label, fails=fails, should_fail=fails, seconds=round(seconds, 2), said=said)
