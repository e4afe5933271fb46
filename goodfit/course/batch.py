"""Grading a class: in parallel, resuming, one student's trouble never another's.

Two steps for each student. The *bundle* (verdict and executed notebook) is made by a grader process and kept in
``.goodfit/``, keyed by everything that decides it. Then the bundle is *recorded* by nbgrader, one student at a time,
and marked as recorded last. Killed anywhere, the next run makes what is missing and records what is not marked.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from goodfit.course.course import Course
from goodfit.course.folder import CourseError, unusable
from goodfit.course.recording import Recorded, Recorder
from goodfit.files import Unavailable, require_writable, write_whole
from goodfit.grading.job import Bundle, Job, unreadable
from goodfit.grading.kernels import serving
from goodfit.grading.pool import Graders
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.lateness import moment
from goodfit.notebooks.source import meant
from goodfit.notebooks.submission import Submission, read_one, read_submission
from goodfit.pages.deadline import end_with

if TYPE_CHECKING:
    from goodfit.grading.cluster import Cluster

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """What became of one student: the bundle, whether it is new, and the trouble in recording it, if any."""

    student: str
    bundle: Bundle
    fresh: bool
    trouble: str | None = None


def chosen_students(course: Course, assignment: str, wanted: list[str] | None = None) -> list[str]:
    """Those of a class whose submissions are to be graded, sorted.

    Args:
        course: the course folder.
        assignment: name of the assignment.
        wanted: only these; None or empty: everybody who handed in.

    Raises:
        CourseError: when one of them, or nobody, handed in.
    """
    known = course.students(assignment)
    if unknown := sorted(set(wanted or []) - set(known)):
        raise CourseError(
            f"no submission of {assignment} by {', '.join(unknown)} in {course.directories.submitted_directory}/"
            f"{meant(unknown[0], known)}"
        )
    if not known:
        raise CourseError(f"no submissions: {course.submitted(assignment, '<student>')} does not exist.")
    return [student for student in known if not wanted or student in wanted]


def grade_one(course: Course, assignment: Assignment, notebook: Path, sandbox: str) -> Bundle:
    """Grade one notebook, wherever it lies, and record nothing.

    Raises:
        SandboxError: when student code cannot be confined.
    """
    with serving(sandbox, assignment.imports()) as (tier, server):
        return Graders(tier, server).grade(course.goodfit.job(assignment, read_one(notebook), tier))


def grade_class(
    course: Course,
    assignment: Assignment,
    students: list[str],
    sandbox: str,
    workers: int,
    force: bool = False,
    scheduler: str | None = None,
) -> Iterator[Result]:
    """Grade and record students' submissions; yields each as it is done, the unchanged ones first.

    Args:
        course: the course folder.
        assignment: what to grade.
        students: whom.
        sandbox: tier to grade in, or "auto".
        workers: how many at a time; 0: as many as the scheduler's workers take.
        force: grade again what is unchanged.
        scheduler: address of a Dask scheduler, whose workers grade; None: this machine does.

    Raises:
        CourseError: when another run is grading this assignment.
        Unavailable: when the gradebook or a folder cannot be used now; what was recorded before stays.
        SandboxError: when student code cannot be confined; nothing more is graded.
    """
    with contextlib.ExitStack() as stack:
        state = stack.enter_context(_locked(course, assignment.name))
        for student in students:
            require_writable(course.autograded(assignment.name, student))
        course.ensure_assignment(assignment)
        for student in [s for s in students if unusable(s)]:
            why = str(unusable(student))
            shown = student.encode("utf-8", "replace").decode()
            yield Result(shown, unreadable(assignment, sandbox, why), fresh=True, trouble=why)
        students = [s for s in students if not unusable(s)]
        look = partial(_look, course, assignment, assignment.digest())
        recorder = stack.enter_context(course.recorder())
        record = partial(_record, course, recorder, assignment, state, recorder.recorded(assignment.name))
        missing = []
        served = stack.enter_context(contextlib.ExitStack())
        starter = stack.enter_context(ThreadPoolExecutor(1))  # the fork server imports while we read and restore
        for student in students:
            submission, _, key = look(student, sandbox)
            bundle = None if force else _ready(state, student, key)
            if bundle is None:
                (state / f"{student}.recorded").unlink(missing_ok=True)
                missing.append(student)
                if len(missing) == 1:
                    starting = starter.submit(served.enter_context, _graders(assignment, sandbox, scheduler))
            else:
                yield record(student, submission, key, bundle, fresh=False)
        LOG.info("%s: %d of %d submissions to grade", assignment.name, len(missing), len(students))
        if missing:
            course.before_writing()
            graders = starting.result()
            at_work: dict[str, tuple[Submission, str]] = {}

            def jobs() -> Iterator[tuple[str, Job]]:
                """Read again, one by one as they are graded: a class is not kept in memory."""
                for student in missing:
                    submission, job, key = look(student, graders.tier)
                    at_work[student] = submission, key
                    yield student, job

            for student, bundle in graders.grade_all(jobs(), workers):
                submission, key = at_work.pop(student)
                saved = {"key": key, "bundle": bundle.model_dump(mode="json")}
                write_whole(state / f"{student}.json", json.dumps(saved))
                yield record(student, submission, key, bundle, fresh=True)


@contextlib.contextmanager
def _graders(assignment: Assignment, sandbox: str, scheduler: str | None) -> Iterator[Graders | Cluster]:
    """Whoever grades: processes of this machine, or a cluster's."""
    if scheduler is None:
        with serving(sandbox, assignment.imports()) as (tier, server):
            yield Graders(tier, server)
        return
    try:
        from goodfit.grading.cluster import connected  # an extra of the package, and a second to import
    except ModuleNotFoundError as error:
        raise Unavailable(
            f'--scheduler needs Dask, which is not installed ({error}): `python -m pip install "goodfit[dask]"`.'
        ) from None
    with connected(scheduler, assignment, sandbox) as cluster:
        yield cluster


def _look(
    course: Course, assignment: Assignment, digest: str, student: str, sandbox: str
) -> tuple[Submission, Job, str]:
    """A student's submission as it lies there now, the job of grading it, and the key of that."""
    submission = read_submission(course.submitted(assignment.name, student), f"{assignment.name}.ipynb")
    job = course.goodfit.job(assignment, submission, sandbox)
    return submission, job, job.key(assignment_digest=digest)


def write_feedback(course: Course, assignment: str, students: list[str], workers: int = 1) -> Iterator[str]:
    """Write feedback for students whose recorded result is newer than their feedback; yields their names.

    Args:
        course: the course folder.
        assignment: its name.
        students: whose.
        workers: pages at a time, each in a process of its own.

    Raises:
        CourseError: after all were tried, when nbgrader could not write somebody's.
        Unavailable: when the gradebook or a folder cannot be used now.
    """
    failed: list[CourseError | Unavailable] = []
    with _locked(course, assignment) as state:
        for student in students:
            require_writable(course.feedback(assignment, student))
        course.ensure_gradebook()
        known = course.recorded(assignment)
        marks: dict[str, list[str]] = {}
        for student in [s for s in students if not unusable(s)]:
            recorded = _marks(state / f"{student}.recorded") or _mark_of_nbgrader(course, assignment, student)
            if not recorded or student not in known:
                continue
            mark = [*recorded, course.shown(assignment, student)]
            if _marks(state / f"{student}.feedback") == mark and course.feedback(assignment, student).is_dir():
                yield student
            else:
                marks[student] = mark
        for student, error in _pages(course, assignment, list(marks), workers):
            if error is not None:
                failed.append(error)
                continue
            write_whole(state / f"{student}.feedback", "\n".join(marks[student]))
            yield student
    if failed:
        raise failed[0]


def _pages(
    course: Course, assignment: str, students: list[str], workers: int
) -> Iterator[tuple[str, CourseError | Unavailable | None]]:
    """Write students' pages; yields each student, with what nbgrader said where it could not."""
    if min(workers, len(students)) < 2:
        for student in students:
            yield student, _page(course, assignment, student)
        return
    # forks share the imports, and open the gradebook for themselves
    workers = min(workers, len(students))
    with ProcessPoolExecutor(workers, get_context("fork"), initializer=end_with, initargs=(os.getpid(),)) as pool:
        pages = {pool.submit(_page_of, course.root, assignment, student): student for student in students}
        for page in as_completed(pages):
            try:
                yield pages[page], page.result()
            except BrokenProcessPool:
                words = "A process that writes feedback was ended, perhaps for lack of memory. Try again with --jobs 1."
                yield pages[page], Unavailable(words)


def _page_of(root: Path, assignment: str, student: str) -> CourseError | None:
    return _page(Course(root), assignment, student)


def _page(course: Course, assignment: str, student: str) -> CourseError | None:
    try:
        course.write_feedback(assignment, student)
    except CourseError as error:
        return error
    return None


def saved_bundles(course: Course, assignment: str, students: list[str]) -> Iterator[tuple[str, Bundle]]:
    """What the last run has saved of students' submissions; who has nothing that can be read is passed over.

    It may be older than what lies in ``submitted/`` now: only `goodfit grade` compares.
    """
    state = course.state(assignment)
    for student in students:
        path = state / f"{student}.json"
        if unusable(student) or not path.is_file():
            continue
        with contextlib.suppress(ValueError, TypeError, KeyError):  # cut off, damaged, or of another version
            yield student, Bundle.model_validate(json.loads(path.read_text(encoding="utf-8"))["bundle"])


@contextlib.contextmanager
def nobody_grading(course: Course) -> Iterator[None]:
    """Keep every other run of this course out.

    Raises:
        CourseError: when one is at work.
    """
    with contextlib.ExitStack() as stack:
        for lock in sorted((course.root / ".goodfit").glob("*/.lock")):
            stack.enter_context(_locked(course, lock.parent.name))
        yield


def _ready(state: Path, student: str, key: str) -> Bundle | None:
    """The result that is kept of a submission; None where there is none, or none that can be read: it is made again."""
    path = state / f"{student}.json"
    if not path.is_file():
        return None
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        bundle = Bundle.model_validate(saved["bundle"]) if saved["key"] == key else None
    except (ValueError, TypeError, KeyError):  # cut off, damaged, or of another version
        return None
    if bundle is None or bundle.verdict.broke:  # a grader error is tried again: it may have been the machine's
        return None
    return bundle


def _record(
    course: Course,
    recorder: Recorder,
    assignment: Assignment,
    state: Path,
    known: dict[str, Recorded],
    student: str,
    submission: Submission,
    key: str,
    bundle: Bundle,
    fresh: bool,
) -> Result:
    """Record a bundle unless that was done, to the end, before, and nothing has changed in the gradebook since.

    The mark of a finished recording has three lines: what was recorded, then the automatic scores and the lateness that
    the gradebook held afterwards. Another due date, late rule or manual score changes the lateness alone, which is set
    again without marking what a TA graded by hand for another look.
    """
    marker = state / f"{student}.recorded"
    wanted = hashlib.sha256(key.encode() + (submission.timestamp or b"")).hexdigest()
    mark, there = _marks(marker), known.get(student)
    done = (
        mark[:1] == [wanted]
        and there is not None
        and mark[1:2] in ([], [there.scores])  # none: by a Goodfit that kept one line
        and there.timestamp == moment(submission.timestamp or b"")
        and course.autograded(assignment.name, student).is_dir()
    )
    if done and there is not None and mark[1:] == [there.scores, there.lateness]:
        return Result(student, bundle, fresh)
    marker.unlink(missing_ok=True)
    LOG.info("%s: %s goes into the gradebook", assignment.name, student)
    try:
        if done:
            now = course.record_lateness(recorder, assignment.name, student)
        else:
            now = course.record(recorder, assignment, student, submission, bundle)
    except CourseError as error:
        return Result(student, bundle, fresh, trouble=str(error))
    write_whole(marker, "\n".join([wanted, now.scores, now.lateness]))
    return Result(student, bundle, fresh)


def _mark_of_nbgrader(course: Course, assignment: str, student: str) -> list[str]:
    """When nbgrader's own autograde, or formgrader's button, wrote the graded notebook; they leave no mark of ours."""
    path = course.autograded(assignment, student) / f"{assignment}.ipynb"
    return [str(path.stat().st_mtime_ns)] if path.is_file() else []


def _marks(path: Path) -> list[str]:
    """The lines of a mark; none where it is not there or not text."""
    return path.read_text(encoding="ascii", errors="replace").splitlines() if path.is_file() else []


@contextlib.contextmanager
def _locked(course: Course, assignment: str) -> Iterator[Path]:
    """Keep other runs of an assignment out; gives the folder of what is kept of it."""
    state = course.state(assignment)
    require_writable(state / ".lock")
    # for reading: that is enough for a lock, and another member of the group may have made the file
    lock = os.open(state / ".lock", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o664)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(f"Another run is at work on {state.name} here. Wait for it, or stop it.") from None
        yield state
    finally:
        os.close(lock)
