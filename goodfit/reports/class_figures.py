"""What a report on a class says, in numbers and groups: the items, the groups of mistakes, the clouds of models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median, pstdev

import numpy as np

from goodfit.grading.verdict import CheckVerdict, Outcome
from goodfit.reports import item_analysis, similarity
from goodfit.reports.bank_evidence import Evidence, Guard
from goodfit.reports.class_results import Check, ClassResults, Exercise, Submission
from goodfit.reports.item_analysis import Interval
from goodfit.reports.similarity import Compared

ENOUGH = 30  # students; with fewer, an interval says all that can be said, and nothing is flagged
EASY, HARD = 0.95, 0.2  # facility; flagged where the whole interval is beyond it
LOW_R = 0.2  # item-rest correlation, PrairieLearn's rule of thumb; flagged where the whole interval is below it
MATCHED = 0.9  # share of submissions in which a threshold's measurement is a model's accuracy or gap to the last bit


@dataclass(frozen=True)
class Item:
    """A check or an exercise, as the class did in it.

    Attributes:
        key: name of the check, or grade_id.
        exercise: what its exercise is called.
        sentence: what a right answer does; of an exercise, its name.
        points: what it is worth.
        n: students who have a result in it: all of the item analysis but those for whom our own check broke.
        attempted: of them, those who did not leave it as it was handed out.
        facility: mean marks as a share of the points, of all n; None where there are none.
        facility_interval: Wilson's.
        facility_attempted: the same of those who attempted it.
        r: correlation with the score without it; None where one of the two is constant, and, like all that follows,
            where there are hardly any students.
        r_interval: by bootstrap over students.
        efficiency: Moodle's discriminative efficiency in %.
        quintiles: mean share of the points in each fifth of the class, the lowest first.
        not_attempted: how many.
        could_not_run: how many; the students' fault.
        ours: how many; our fault.
        constant: whether everybody got the same marks.
        flags: what is remarkable, in words; none with fewer students than ENOUGH.
        guard: what only this check catches; None for an exercise.
    """

    key: str
    exercise: str
    sentence: str
    points: float
    n: int
    attempted: int
    facility: float | None
    facility_interval: Interval | None
    facility_attempted: float | None
    r: float | None
    r_interval: Interval | None
    efficiency: float | None
    quintiles: list[float] | None
    not_attempted: int
    could_not_run: int
    ours: int
    constant: bool
    flags: tuple[str, ...]
    guard: Guard | None


@dataclass(frozen=True)
class Analysis:
    """The item analysis: what holds a check or an exercise against the others needs LEAST students.

    Attributes:
        n: students in it: whose notebook could be read, and for whom no check of ours broke.
        exercises: the graded cells.
        checks: all checks, in the same order.
        alpha: Cronbach's alpha over the exercises; None where it does not exist.
        alpha_interval: by bootstrap over students.
    """

    n: int
    exercises: list[Item]
    checks: list[Item]
    alpha: float | None
    alpha_interval: Interval | None


@dataclass(frozen=True)
class Scores:
    """The scores in a few numbers; the spread is the standard deviation of this class, not of a larger one."""

    mean: float
    median: float
    spread: float
    least: float
    most: float


@dataclass(frozen=True)
class Mistake:
    """Submissions that lost the same checks of an exercise.

    Attributes:
        lost: the checks that they did not pass.
        ran: whether a check saw an answer; False where the code could not run in all of them.
        students: what they are called.
        resembles: names of the bank's wrong answers that fail just these checks: none, or several that the checks do
            not tell apart.
        said: what the first of these checks said most often, and to how many; empty in an anonymous report.
        said_to: that number.
    """

    lost: tuple[Check, ...]
    ran: bool
    students: tuple[str, ...]
    resembles: tuple[str, ...]
    said: str
    said_to: int


@dataclass(frozen=True)
class Point:
    """A model of a student.

    Attributes:
        place: of the submission in the class.
        training: accuracy on its training rows.
        held_out: accuracy on rows that it has never seen.
        passed: whether the check that measured it passed.
    """

    place: int
    training: float
    held_out: float
    passed: bool


@dataclass(frozen=True)
class Cloud:
    """The models that a check measured.

    Attributes:
        model: what the check calls it.
        exercise: what its exercise is called.
        points: one for each student with such a model.
        bar: the threshold that the held-out accuracy must reach, if there is one; its name.
        gap: the threshold that the gap must not exceed, if there is one; its name.
    """

    model: str
    exercise: str
    points: tuple[Point, ...]
    bar: tuple[str, float] | None
    gap: tuple[str, float] | None


def analyse(results: ClassResults, evidence: Evidence) -> Analysis:
    """The item analysis of a class."""
    complete = [one for one in results.sound if not one.verdict.broke]
    n = len(complete)
    checks = [check for exercise in results.exercises for check in exercise.checks]
    marks = np.array([[c.earned for c in one.verdict.checks] for one in complete], float).reshape(n, len(checks))
    columns = {check.name: i for i, check in enumerate(checks)}
    groups = [[columns[check.name] for check in exercise.checks] for exercise in results.exercises]
    of_exercises = np.column_stack([marks[:, group].sum(axis=1) for group in groups]) if groups else np.empty((n, 0))
    totals = marks.sum(axis=1)
    both = np.column_stack([of_exercises, marks])
    rest = item_analysis.rest(both, totals)
    weights = item_analysis.resamples(n) if n >= item_analysis.LEAST else None
    r = item_analysis.correlations(both, rest)[0] if n else np.full(both.shape[1], np.nan)
    r_intervals: list[Interval | None] = [None] * both.shape[1]
    alpha, alpha_interval = item_analysis.alphas(of_exercises)[0] if n else np.nan, None
    if weights is not None:
        r_intervals = item_analysis.intervals(item_analysis.correlations(both, rest, weights), n)
        (alpha_interval,) = item_analysis.intervals(item_analysis.alphas(of_exercises, weights)[:, None], n)

    def related(column: int, points: float) -> dict[str, object]:
        item, others = both[:, column], rest[:, column]
        fifths = item_analysis.quintiles(item, totals)
        known = n >= item_analysis.LEAST
        defined = known and not np.isnan(r[column])
        return {
            "r": float(r[column]) if defined else None,
            "r_interval": r_intervals[column] if defined else None,
            "efficiency": item_analysis.efficiency(item, others) if known else None,
            "quintiles": [mean / points for mean in fifths] if fifths and points else None,
            "constant": bool(n) and float(np.ptp(item)) == 0,
        }

    exercises, items = [], []
    for number, exercise in enumerate(results.exercises):
        verdicts = [one.verdict.of_cell(exercise.grade_id) for one in results.sound]
        numbers = _of_students(verdicts, exercise.points) | related(number, exercise.points)
        exercises.append(_item(exercise.grade_id, exercise.name, exercise.name, exercise.points, numbers, None, n))
        names = [check.name for check in exercise.checks]
        for check in exercise.checks:
            column = columns[check.name]
            verdicts = [[one.verdict.checks[column]] for one in results.sound]
            numbers = _of_students(verdicts, check.points) | related(len(groups) + column, check.points)
            guard = evidence.guard(check.name, names)
            items.append(_item(check.name, exercise.name, check.sentence, check.points, numbers, guard, n))
    known_alpha = None if np.isnan(alpha) or n < item_analysis.LEAST else float(alpha)
    return Analysis(n, exercises, items, known_alpha, alpha_interval if known_alpha is not None else None)


def _of_students(verdicts: Sequence[list[CheckVerdict]], points: float) -> dict[str, object]:
    """How many attempted an item and how they did; a list of verdicts for each student: its one check, or all."""
    known = [each for each in verdicts if all(c.outcome is not Outcome.GRADER_ERROR for c in each)]
    tried = [each for each in known if any(c.outcome is not Outcome.NOT_ATTEMPTED for c in each)]
    facility, of_tried = (
        fmean(sum(c.earned for c in each) / points for each in group) if group and points else None
        for group in (known, tried)
    )
    return {
        "n": len(known),
        "attempted": len(tried),
        "facility": facility,
        "facility_interval": None if facility is None else item_analysis.wilson(min(1.0, facility), len(known)),
        "facility_attempted": of_tried,
        "not_attempted": len(known) - len(tried),
        "could_not_run": sum(any(c.outcome is Outcome.COULD_NOT_RUN for c in each) for each in known),
        "ours": len(verdicts) - len(known),
    }


def _item(
    key: str, exercise: str, sentence: str, points: float, numbers: dict[str, object], guard: Guard | None, n: int
) -> Item:
    one = Item(key, exercise, sentence, points, **numbers, flags=(), guard=guard)  # type: ignore[arg-type]
    return Item(**{**one.__dict__, "flags": tuple(flags(one)) if n >= ENOUGH else ()})


def flags(item: Item) -> list[str]:
    """What is remarkable about an item: only where its whole interval is beyond a limit."""
    found = []
    if item.constant:
        found.append("everybody got the same marks")
    elif item.facility_interval and item.facility_interval[0] > EASY:
        found.append("nearly everybody passes")
    elif item.facility_interval and item.facility_interval[1] < HARD:
        found.append("hardly anybody passes")
    if item.r_interval and item.r_interval[1] < 0:
        found.append("who does well in the rest does badly here")
    elif item.r_interval and item.r_interval[1] < LOW_R:
        found.append("hardly goes with the rest")
    return found


def scores(results: ClassResults) -> Scores:
    """The scores of all who were graded, those whose notebook could not be read too."""
    earned = [one.verdict.earned for one in results.submissions]
    return Scores(fmean(earned), median(earned), pstdev(earned), min(earned), max(earned))


def mistakes(results: ClassResults, evidence: Evidence) -> list[tuple[Exercise, list[Mistake]]]:
    """The failing submissions of each exercise in groups that lost the same checks, the largest first.

    Who did not attempt an exercise, and for whom a check of ours broke, is in no group of it.
    """
    found = []
    for exercise in results.exercises:
        groups: dict[tuple[frozenset[str], bool], list[Submission]] = {}
        for one in results.sound:
            checks = one.verdict.of_cell(exercise.grade_id)
            outcomes = {check.outcome for check in checks}
            lost = [check for check in checks if check.outcome is not Outcome.PASSED]
            if not lost or Outcome.GRADER_ERROR in outcomes or outcomes == {Outcome.NOT_ATTEMPTED}:
                continue
            ran = any(check.outcome is Outcome.FAILED for check in lost)
            groups.setdefault((frozenset(check.name for check in lost), ran), []).append(one)
        every = frozenset(check.name for check in exercise.checks)
        of_exercise = []
        for (names, ran), group in groups.items():
            lost_checks = tuple(check for check in exercise.checks if check.name in names)
            said, said_to = _commonest(group, lost_checks[0].name)
            students = tuple(one.student for one in group)
            resembles = tuple(evidence.resembled(names, every))
            of_exercise.append(Mistake(lost_checks, ran, students, resembles, said, said_to))
        found.append((exercise, sorted(of_exercise, key=lambda one: (-len(one.students), one.students))))
    return found


def _commonest(group: Sequence[Submission], check: str) -> tuple[str, int]:
    words = (c.rationale for one in group for c in one.verdict.checks if c.name == check and c.rationale)
    return max(Counter(words).items(), key=lambda item: item[1], default=("", 0))


def clouds(results: ClassResults) -> list[Cloud]:
    """The models of the class, for each check that asked for their gap."""
    found: dict[tuple[str, str, str], list[tuple[Submission, Point]]] = {}
    for place, one in enumerate(results.submissions):
        passed = {check.name: check.outcome is Outcome.PASSED for check in one.verdict.checks}
        for fit in one.fits:
            point = Point(place, fit.training, fit.held_out, passed.get(fit.check, False))
            found.setdefault((fit.grade_id, fit.check, fit.model), []).append((one, point))
    order = {exercise.grade_id: i for i, exercise in enumerate(results.exercises)}
    names = {exercise.grade_id: exercise.name for exercise in results.exercises}
    made = []
    for (cell, _, model), pairs in sorted(found.items(), key=lambda item: (order.get(item[0][0], len(order)), item[0])):
        bar = _bar(results, pairs, "at least", lambda point: point.held_out)
        gap = _bar(results, pairs, "at most", lambda point: point.training - point.held_out)
        made.append(Cloud(model, names.get(cell, cell), tuple(point for _, point in pairs), bar, gap))
    return made


def _bar(
    results: ClassResults,
    pairs: Sequence[tuple[Submission, Point]],
    direction: str,
    measured: Callable[[Point], float],
) -> tuple[str, float] | None:
    """The threshold that a number of these models was held against: its measurement is that number, bit by bit."""
    for name, threshold in results.assignment.thresholds.items():
        met = [(one, point) for one, point in pairs if name in one.measures]
        same = sum(measured(point) in one.measures[name] for one, point in met)
        if threshold.direction == direction and met and same >= MATCHED * len(met):
            return name, float(threshold.value)
    return None


def alike(results: ClassResults) -> list[tuple[Exercise, Compared, tuple[tuple[tuple[str, ...], float], ...]]]:
    """Answers that are nearly the same, by exercise: what was compared, and the groups with the students' names."""
    found = []
    for exercise in results.exercises:
        cells = results.assignment.graded_cells.get(exercise.grade_id)
        for cell in cells.answers if cells else ():
            texts = [one.answers.get(cell, "") for one in results.submissions]
            compared = similarity.compare(texts, results.templates.get(cell, ""))
            groups = tuple(
                (tuple(results.submissions[i].student for i in group.members), group.least) for group in compared.groups
            )
            found.append((exercise, compared, groups))
    return found
