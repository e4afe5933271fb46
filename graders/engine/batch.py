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
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graders.engine.assignment import Assignment
from graders.engine.course import Course, CourseError, unusable
from graders.engine.grade import Bundle, unreadable
from graders.engine.kernels import serving
from graders.engine.pool import Graders
from graders.engine.submission import Submission, read_submission


@dataclass(frozen=True)
class Result:
    """What became of one student: the bundle, whether it is new, and the trouble in recording it, if any."""

    student: str
    bundle: Bundle
    fresh: bool
    trouble: str | None = None


def grade_class(
    course: Course,
    assignment: Assignment,
    students: list[str],
    sandbox: str,
    workers: int,
    force: bool = False,
) -> Iterator[Result]:
    """Grade and record students' submissions; yields each as it is done, the unchanged ones first.

    Args:
        course: the course folder.
        assignment: what to grade.
        students: whom.
        sandbox: tier to grade in, or "auto".
        workers: how many at a time.
        force: grade again what is unchanged.

    Raises:
        CourseError: when another run is grading this assignment.
        SandboxError: when student code cannot be confined; nothing more is graded.
    """
    state = course.state(assignment.name)
    with _alone(state):
        course.ensure_assignment(assignment)
        for student in [s for s in students if unusable(s)]:
            why = str(unusable(student))
            shown = student.encode("utf-8", "replace").decode()
            yield Result(shown, unreadable(assignment, sandbox, why), fresh=True, trouble=why)
        students = [s for s in students if not unusable(s)]
        submissions = {
            s: read_submission(course.submitted(assignment.name, s), f"{assignment.name}.ipynb") for s in students
        }
        keys = {s: course.goodfit.job(assignment, submissions[s], sandbox).key() for s in students}
        missing = []
        for student in students:
            bundle = None if force else _ready(state, student, keys[student])
            if bundle is None:
                (state / f"{student}.recorded").unlink(missing_ok=True)
                missing.append(student)
            else:
                yield _record(course, assignment, student, submissions[student], keys[student], bundle, fresh=False)
        if missing:
            with serving(sandbox) as (tier, server):
                jobs = ((s, course.goodfit.job(assignment, submissions[s], tier)) for s in missing)
                for student, bundle in Graders(tier, server).grade_all(jobs, workers):
                    kept = {"key": keys[student], "bundle": bundle.model_dump(mode="json")}
                    write_whole(state / f"{student}.json", json.dumps(kept))
                    yield _record(course, assignment, student, submissions[student], keys[student], bundle, fresh=True)


def bundle_of(course: Course, assignment: str, student: str) -> Bundle | None:
    """The last bundle of a student, whatever it was made from."""
    path = course.state(assignment) / f"{student}.json"
    return Bundle.model_validate(json.loads(path.read_text())["bundle"]) if path.is_file() else None


def write_feedback(course: Course, assignment: str, students: list[str]) -> Iterator[str]:
    """Write feedback for students whose recorded result is newer than their feedback; yields their names.

    Raises:
        CourseError: after all were tried, when nbgrader could not write somebody's.
    """
    state = course.state(assignment)
    failed: list[CourseError] = []
    for student in [s for s in students if not unusable(s)]:
        recorded, done = state / f"{student}.recorded", state / f"{student}.feedback"
        if not (recorded.is_file() and course.has_submission(assignment, student)):
            continue
        mark = recorded.read_text() + _gradebook_stamp(course, assignment, student)
        if not (done.is_file() and done.read_text() == mark and course.feedback(assignment, student).is_dir()):
            try:
                course.write_feedback(assignment, student)
            except CourseError as error:
                failed.append(error)
                continue
            write_whole(done, mark)
        yield student
    if failed:
        raise failed[0]


def _ready(state: Path, student: str, key: str) -> Bundle | None:
    path = state / f"{student}.json"
    if path.is_file():
        kept = json.loads(path.read_text())
        if kept["key"] == key:
            bundle = Bundle.model_validate(kept["bundle"])
            if not bundle.verdict.broke:  # a grader error is tried again: it may have been the machine's
                return bundle
    return None


def _record(
    course: Course, assignment: Assignment, student: str, submission: Submission, key: str, bundle: Bundle, fresh: bool
) -> Result:
    """Record a bundle unless that was done, to the end, before."""
    state = course.state(assignment.name)
    marker = state / f"{student}.recorded"
    mark = hashlib.sha256(key.encode() + (submission.timestamp or b"")).hexdigest()
    done = marker.is_file() and marker.read_text() == mark and course.autograded(assignment.name, student).is_dir()
    if done and course.has_submission(assignment.name, student):
        return Result(student, bundle, fresh)
    marker.unlink(missing_ok=True)
    course.forget(assignment.name, student)
    try:
        course.record(assignment, student, submission, state)
    except CourseError as error:
        return Result(student, bundle, fresh, trouble=str(error))
    write_whole(marker, mark)
    return Result(student, bundle, fresh)


def _gradebook_stamp(course: Course, assignment: str, student: str) -> str:
    """Something that changes when a TA grades by hand: feedback shows that too."""
    from nbgrader.api import Gradebook

    with Gradebook(course.directories.db_url) as gradebook:
        submission = gradebook.find_submission(assignment, student)
        grades = [(g.name, g.score) for n in submission.notebooks for g in n.grades]
        comments = [(c.name, c.comment) for n in submission.notebooks for c in n.comments]
    return hashlib.sha256(repr((sorted(grades), sorted(comments, key=repr))).encode()).hexdigest()


def write_whole(path: Path, text: str) -> None:
    """Write a file all at once: a reader sees the old one or the new one."""
    fresh = path.with_name(path.name + ".new")
    with open(fresh, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


@contextlib.contextmanager
def _alone(state: Path) -> Iterator[None]:
    with open(state / ".lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(f"Another run is grading {state.name} here. Wait for it, or stop it.") from None
        yield
