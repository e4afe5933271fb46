"""Writes a finished result where ``nbgrader autograde`` would: into the gradebook, and below ``autograded/``.

nbgrader's converter copies, checks and converts a notebook several times over, and asks the database for every cell by
itself: half a second to three for each student, one student after the other. All of that is for notebooks that students
wrote. A bundle's notebook was put together by us from the instructor's source, and needs none of it. Row for row and
byte for byte the result is nbgrader's (``tests/nbgrader/test_recording.py`` compares them).
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, MissingEntry, Student, SubmittedAssignment
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, IgnorePattern, LimitOutput
from nbgrader.utils import find_all_files, temp_attrs
from sqlalchemy.exc import IntegrityError

from goodfit.course.nbgrader_plugins import GradeSubmission, SaveVerdict, save_scores
from goodfit.files import swap_in
from goodfit.grading.job import Bundle
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.lateness import moment
from goodfit.notebooks.submission import Submission

OF_THE_NOTEBOOK_ALONE = (IgnorePattern, ClearMetadataPreprocessor, LimitOutput)  # they do not look at the gradebook


@dataclass(frozen=True)
class Recorded:
    """What the gradebook holds of a submission, as far as graders and clocks decide it.

    Attributes:
        timestamp: when it was handed in, UTC; None when that is not known.
        seconds_late: seconds after the due date and the student's extension.
        scores: digest of the automatic scores.
        lateness: digest of all that decides the late penalty, and of the penalty.
    """

    timestamp: datetime | None
    seconds_late: float
    scores: str
    lateness: str


class Recorder:
    """Records results, with one connection to the gradebook for all of them.

    Args:
        api: nbgrader's, of the course.
        gradebook: open, and closed by whoever opened it. No transaction of it is left open between two calls.
    """

    def __init__(self, api: NbGraderAPI, gradebook: Gradebook) -> None:
        self._api = api
        self._gradebook = gradebook
        self._autograde = Autograde(coursedir=api.coursedir, parent=api)
        self._rule = _late_rule(api)

    def recorded(self, assignment: str, student: str | None = None) -> dict[str, Recorded]:
        """What the gradebook holds of an assignment's submissions, or of one student's, by student."""
        found = {}
        with self._transaction(), contextlib.suppress(MissingEntry):
            if student is None:
                submissions = self._gradebook.assignment_submissions(assignment)
            else:
                submissions = [self._gradebook.find_submission(assignment, student)]
            for submission in submissions:
                found[submission.student_id] = self._recorded(submission)
        return found

    def record(
        self, assignment: Assignment, student: str, submission: Submission, bundle: Bundle, place: Path
    ) -> Recorded:
        """Record one student's result: scores, comments, lateness, autograded folder.

        Args:
            assignment: what was graded.
            student: whose it is; made in the gradebook where it is not there.
            submission: its other files go beside the notebook, as nbgrader copies them. Regular files only.
            bundle: the result.
            place: the autograded folder; the one that is there stays until the new one is complete.

        Raises:
            Exception: whatever a preprocessor or plugin of the course meets with.
        """
        with (
            tempfile.TemporaryDirectory(prefix="goodfit-recording-") as folder,
            self._at_work(assignment, student, Path(folder)),
        ):
            staged = Path(folder, student, assignment.name)
            self._autograde.run_pre_convert_hook()
            self._lay_out(assignment, submission, staged)
            with self._transaction():
                self._ensure_student(student)
                there = self._gradebook.update_or_create_submission(assignment.name, student)
                there.timestamp = moment(submission.timestamp or b"")
                notebook = self._preprocessed(there, bundle)
            text = nbformat.v4.writes(notebook)
            (staged / f"{assignment.name}.ipynb").write_text(text + "\n", encoding="utf-8")
            self._autograde.set_permissions(assignment.name, student)
            self._autograde.run_post_convert_hook()
            swap_in(staged, place)
        return self.recorded(assignment.name, student)[student]

    def record_lateness(self, assignment: str, student: str) -> Recorded:
        """Set the late penalty again by the course's plugin: the due date, the rule or a manual score has changed.

        Raises:
            Exception: whatever the plugin meets with.
        """
        late = AssignLatePenalties(parent=self._autograde)
        late.preprocess(new_notebook(), {"nbgrader": self._names(assignment, student)})
        return self.recorded(assignment, student)[student]

    def _ensure_student(self, student: str) -> None:
        """Have the gradebook know the student.

        Where another run, of another assignment, makes the same one at the same time, a database server waits for the
        end of that transaction, and then refuses our row.
        """
        session = self._gradebook.db()
        if session.get(Student, student) is None:
            session.add(Student(id=student))
            try:
                session.flush()
            except IntegrityError:
                session.rollback()

    def _preprocessed(self, there: SubmittedAssignment, bundle: Bundle) -> Any:
        """The bundle's notebook, after what the course configures to be done when a submission is autograded."""
        names = self._names(there.assignment.name, there.student_id)
        notebook = nbformat.v4.reads(bundle.notebook)
        resources: dict[str, Any] = {"nbgrader": names, "goodfit": bundle.verdict}
        (row,) = (one for one in there.notebooks if one.name == names["notebook"])
        for one in self._autograde.autograde_preprocessors:
            made = one(parent=self._autograde) if isinstance(one, type) else one
            if isinstance(made, GradeSubmission | CheckCellMetadata) or not getattr(made, "enabled", True):
                continue  # it is graded; and the cells' metadata are the instructor's, checked when they were released
            if isinstance(made, SaveVerdict):
                save_scores(row, notebook, bundle.verdict)
            elif type(made) is AssignLatePenalties and not there.total_seconds_late > 0:
                row.late_submission_penalty = None
            else:
                if type(made) not in OF_THE_NOTEBOOK_ALONE:  # it has a connection of its own
                    self._gradebook.db().real_commit()
                notebook, resources = made.preprocess(notebook, resources)
        return notebook

    def _lay_out(self, assignment: Assignment, submission: Submission, staged: Path) -> None:
        """The files of an autograded folder besides the notebook: the student's, and over them the instructor's."""
        staged.mkdir(parents=True)
        ignored = [*self._api.coursedir.ignore, "*.ipynb"]
        for name, content in submission.files.items():  # names of files that were found below the student's folder
            if not assignment.owns_place_of(name):
                (staged / name).parent.mkdir(parents=True, exist_ok=True)
                (staged / name).write_bytes(content)
        wanted = set(find_all_files(str(staged), ignored))
        for path in [p for p in staged.rglob("*") if p.is_file() and str(p) not in wanted]:
            path.unlink()
        handed_in = moment(submission.timestamp or b"")
        if handed_in is not None:
            (staged / "timestamp.txt").write_text(f"{handed_in:%Y-%m-%d %H:%M:%S.%f} UTC")
        source = assignment.source_dir
        left = {str(source / name) for name in self._autograde.exclude_overwriting.get(assignment.name, [])}
        for file in sorted(set(find_all_files(str(source), ignored)) - left):
            target = staged / os.path.relpath(file, source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)

    def _recorded(self, submission: SubmittedAssignment) -> Recorded:
        late = float(submission.total_seconds_late)
        scores = sorted((g.cell_id, g.auto_score) for n in submission.notebooks for g in n.grades)
        penalties = [(n.score if late else None, n.late_submission_penalty) for n in submission.notebooks]
        lateness = (late, penalties, self._rule if late else "")
        return Recorded(submission.timestamp, late, digest(scores), digest(lateness))

    def _names(self, assignment: str, student: str) -> dict[str, str]:
        url = str(self._api.coursedir.db_url)
        return {"student": student, "assignment": assignment, "notebook": assignment, "db_url": url}

    @contextlib.contextmanager
    def _at_work(self, assignment: Assignment, student: str, folder: Path) -> Iterator[None]:
        """nbgrader's settings while it autogrades this submission; what it writes goes below a folder."""
        settings = {
            "assignment_id": assignment.name,
            "student_id": student,
            "autograded_directory": str(folder),
        }
        self._autograde.notebooks = [f"{assignment.name}.ipynb"]
        with temp_attrs(self._api.coursedir, **settings):
            yield

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        """One transaction over all that nbgrader's functions do, each of which would commit by itself.

        Killed in the midst of it, a gradebook holds all of a student's result or nothing.
        """
        session = self._gradebook.db()
        session.real_commit, session.commit = session.commit, session.flush
        try:
            yield
            session.real_commit()
        finally:
            self._gradebook.db.remove()  # rolls back what is not committed


def digest(value: Any) -> str:
    """SHA-256 of a value's text, for telling whether it has changed."""
    return hashlib.sha256(repr(value).encode()).hexdigest()


def _late_rule(api: NbGraderAPI) -> str:
    """What decides late penalties besides the gradebook: the plugin, its code and its settings."""
    plugin = AssignLatePenalties(parent=api).plugin_class
    sections = [api.config.get(c.__name__, {}) for c in (AssignLatePenalties, *plugin.__mro__)]
    try:
        code = inspect.getsource(plugin)
    except (OSError, TypeError):
        code = ""
    return digest((plugin.__module__, plugin.__qualname__, code, [dict(s) for s in sections]))
