"""A course folder with its gradebook, and the one place that writes to it."""

from __future__ import annotations

import contextlib
import glob
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import temp_attrs
from sqlalchemy.exc import DataError, SAWarning, SQLAlchemyError

from goodfit.course import backups, gradebook_file, scores
from goodfit.course.folder import CourseError, CourseFolder
from goodfit.course.gradebook_server import shown
from goodfit.course.nbgrader_log import last_error
from goodfit.course.nbgrader_plugins import changed_cells
from goodfit.course.recording import Recorded, Recorder, digest
from goodfit.files import Unavailable, require_writable, swap_in
from goodfit.grading.job import Bundle
from goodfit.notebooks.assignment import Assignment, grade_id
from goodfit.notebooks.submission import Submission

warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")  # its own, about sessions; of no use to a TA


class Course(CourseFolder):
    """A course folder with its gradebook.

    Args:
        root: the folder.

    Raises:
        CourseError: when it is not a course folder wired to Goodfit.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._saved = False

    def ensure_gradebook(self) -> None:
        """See to it that the gradebook can be read and written; make it where there never was one.

        Raises:
            Unavailable: when it cannot be used now, with what to do. Nothing was changed.
        """
        path = gradebook_file.path_of(self._url)
        if path is not None and not path.exists() and (kept := backups.copies(self._backups)):
            raise Unavailable(
                f"{path} is gone, and there are copies of it: `goodfit restore {kept[0].name}` puts the newest back. "
                f"Where a new gradebook is wanted, move {self._backups} away first. Nothing was changed."
            )
        self._saved |= gradebook_file.ensure(
            self._url, str(self.directories.course_id)
        )  # there is nothing to copy in a new one

    def save_gradebook(self, why: str = "") -> Path:
        """Copy the gradebook into ``.goodfit/backups``.

        Args:
            why: a word for the name of a copy that is to stay; the others are kept to the last ten.

        Raises:
            CourseError: when it is on a database server.
            Unavailable: when it cannot be used now.
        """
        path = self._gradebook_path()
        if not path.exists():
            raise CourseError(f"There is no gradebook yet: {path} does not exist.")
        gradebook_file.ensure(self._url)
        place = backups.save(path, self._backups, why)
        self._share(self._backups)
        return place

    def saved_gradebooks(self) -> list[Path]:
        """The copies of the gradebook in ``.goodfit/backups``, the newest first."""
        return backups.copies(self._backups)

    def restore_gradebook(self, name: str) -> list[Path]:
        """Put a copy back in the place of the gradebook; returns the files kept of what was there.

        Args:
            name: of a copy in ``.goodfit/backups``, or a path.

        Raises:
            CourseError: when there is no such copy, or the gradebook is on a database server.
            Unavailable: when the copy is damaged, or another program uses the gradebook. Nothing was changed.
        """
        path = self._gradebook_path()
        copy = next((p for p in (self._backups / name, Path(name)) if p.is_file()), None)
        if copy is None:
            raise CourseError(f"There is no copy {name!r}: `goodfit restore` lists those in {self._backups}.")
        kept = backups.restore(copy, path, self._backups)
        gradebook_file.ensure(self._url)
        return kept

    def before_writing(self) -> None:
        """Copy the gradebook once in the life of this object, before something is written into it.

        A database server has its own ways (docs/operator.md).
        """
        path = gradebook_file.path_of(self._url)
        if not self._saved and path is not None:
            backups.save(path, self._backups)
            self._share(self._backups)
        self._saved = True

    def ensure_assignment(self, assignment: Assignment) -> None:
        """Have nbgrader know the assignment, with the cells and points of today's source.

        nbgrader writes an assignment cell by cell. Stopped halfway, it would take every submission for damaged, and so
        all that it writes is compared, not the points alone. What students were handed out stays as it is: the release
        that nbgrader makes besides is dropped.

        Raises:
            CourseError: when the gradebook cannot take today's cells, because of the submissions that it has.
            Unavailable: when the gradebook cannot be used now.
        """
        self.ensure_gradebook()
        meta = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader for c in assignment.instructor.cells if grade_id(c)}
        wanted = (
            {name: float(m.points) for name, m in meta.items() if m.grade or m.get("task")},
            {name for name, m in meta.items() if m.solution},
            {name: m.checksum for name, m in meta.items()},
        )
        found, refused = None, ""
        with self._gradebook() as gradebook, contextlib.suppress(MissingEntry):
            known = gradebook.find_notebook(assignment.name, assignment.name)
            found = (
                {cell.name: cell.max_score for cell in [*known.grade_cells, *known.task_cells]},
                {cell.name for cell in known.solution_cells},
                {cell.name: cell.checksum for cell in known.source_cells},
            )
            if known.submissions:
                kinds = {
                    "graded": {name for name, m in meta.items() if m.grade},
                    "answer": wanted[1],
                    "task": {name for name, m in meta.items() if m.get("task")},
                }
                refused = changed_cells(known, kinds)
        if refused:
            raise CourseError(refused)
        if found != wanted:
            self.before_writing()
            with tempfile.TemporaryDirectory(prefix="goodfit-release-") as folder:
                self._generate(assignment, Path(folder))

    def make_release(self, assignment: Assignment) -> None:
        """Make the students' version anew, with nbgrader; the one that is there stays until the new one is complete.

        Raises:
            CourseError: with nbgrader's words, or when the gradebook cannot take today's cells.
            Unavailable: when the gradebook or the folder cannot be used now.
        """
        place = self.release(assignment.name)
        require_writable(place)
        self.ensure_assignment(assignment)
        self.before_writing()
        with tempfile.TemporaryDirectory(prefix="goodfit-release-") as folder:
            self._generate(assignment, Path(folder))
            swap_in(Path(folder, assignment.name), place)
        self._share(place.parent)

    @contextlib.contextmanager
    def recorder(self) -> Iterator[Recorder]:
        """The gradebook, open for recording results.

        Raises:
            Unavailable: when the gradebook cannot be used now.
        """
        with self._gradebook() as gradebook:
            yield Recorder(self._api, gradebook)

    def recorded(self, assignment: str) -> dict[str, Recorded]:
        """What the gradebook holds of an assignment's submissions, by student."""
        with self.recorder() as recorder:
            return recorder.recorded(assignment)

    def record(
        self, recorder: Recorder, assignment: Assignment, student: str, submission: Submission, bundle: Bundle
    ) -> Recorded:
        """Record one student's result: gradebook, lateness, autograded notebook; returns what the gradebook holds.

        Raises:
            CourseError: when a preprocessor or plugin of the course's configuration fails.
            Unavailable: when the gradebook cannot be written now.
        """
        self.before_writing()
        place = self.autograded(assignment.name, student)
        with self._recording(student):
            recorded = recorder.record(assignment, student, submission, bundle, place)
        self._share(place.parent)
        self._share(place.parent.parent)
        return recorded

    def record_lateness(self, recorder: Recorder, assignment: str, student: str) -> Recorded:
        """Set the late penalty again: the due date, the rule or a manual score has changed.

        Raises:
            CourseError: when the course's plugin fails.
            Unavailable: when the gradebook cannot be written now.
        """
        self.before_writing()
        with self._recording(student):
            return recorder.record_lateness(assignment, student)

    def scores(self, assignment: Assignment) -> scores.Scores:
        """What the gradebook holds of everybody's scores of an assignment.

        Raises:
            CourseError: when nothing of it was graded yet.
            Unavailable: when the gradebook cannot be used now.
        """
        self.ensure_gradebook()
        with self._gradebook() as gradebook:
            found = scores.read(gradebook, assignment)
        if found is None:
            raise CourseError(f"Nothing of {assignment.name} is graded yet: `goodfit grade {assignment.name}` does it.")
        return found

    def shown(self, assignment: str, student: str) -> str:
        """Digest of what feedback shows and a TA may change: scores, comments, the late penalty."""
        with self._gradebook() as gradebook:
            submission = gradebook.find_submission(assignment, student)
            grades = [(g.name, g.score, g.needs_manual_grade) for n in submission.notebooks for g in n.grades]
            comments = [(c.name, c.comment) for n in submission.notebooks for c in n.comments]
        return digest((sorted(grades), sorted(comments, key=repr)))

    def write_feedback(self, assignment: str, student: str) -> None:
        """Write a student's feedback page anew; the one that is there stays until the new one is complete.

        Raises:
            CourseError: with nbgrader's words.
            Unavailable: when the gradebook cannot be read now.
        """
        place = self.feedback(assignment, student)
        with tempfile.TemporaryDirectory(prefix="goodfit-feedback-") as folder:
            with (
                temp_attrs(self.directories, feedback_directory=folder),
                gradebook_file.troubles(self._url) as troubles,
            ):
                result = self._api.generate_feedback(assignment, student_id=glob.escape(student), force=True)
            _require_success(result, f"nbgrader could not write feedback for {student}", troubles)
            swap_in(Path(folder, student, assignment), place)
        self._share(place.parent)
        self._share(place.parent.parent)

    def _generate(self, assignment: Assignment, folder: Path) -> None:
        """Have nbgrader make a release into a folder, and put the cells into the gradebook."""
        with temp_attrs(self.directories, release_directory=str(folder)):
            with gradebook_file.troubles(self._url) as troubles:
                result = self._api.generate_assignment(assignment.name, force=True, create=True)
            _require_success(result, f"nbgrader could not put {assignment.name} into the gradebook", troubles)

    @contextlib.contextmanager
    def _recording(self, student: str) -> Iterator[None]:
        with gradebook_file.troubles(self._url):
            try:
                yield
            except DataError as error:  # a server keeps to the lengths of nbgrader's columns, SQLite does not
                words = str(error.orig).strip().splitlines()[0]
                raise CourseError(f"The result of {student} could not be recorded: {words}.") from None
            except (SQLAlchemyError, OSError, Unavailable):
                raise
            except Exception as error:  # of the course's own plugins and preprocessors
                raise CourseError(f"The result of {student} could not be recorded: {error!r}.") from error

    @contextlib.contextmanager
    def _gradebook(self) -> Iterator[Gradebook]:
        with gradebook_file.troubles(self._url), Gradebook(self._url) as gradebook:
            yield gradebook

    def _gradebook_path(self) -> Path:
        path = gradebook_file.path_of(self._url)
        if path is None:
            raise CourseError(
                f"The gradebook is not a SQLite file but {shown(self._url)}: use the server's own tools, "
                "such as pg_dump and pg_restore (docs/operator.md)."
            )
        return path

    @property
    def _url(self) -> str:
        return str(self.directories.db_url)

    @property
    def _backups(self) -> Path:
        return self.root / ".goodfit" / "backups"


def _require_success(result: dict[str, Any], what: str, troubles: list[str]) -> None:
    """Raise what nbgrader met with, in its own words but without the stack of calls."""
    if result.get("success"):
        return
    if troubles:
        raise Unavailable(f"{what}. {troubles[-1]}")
    words = last_error(f"{result.get('log') or ''}\n{result.get('error') or ''}")
    raise CourseError(f"{what}: {words}")
