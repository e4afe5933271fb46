"""A course folder as nbgrader sees it: its configuration, students, gradebook, and the one place that writes to it."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import sqlite3
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from nbgrader.utils import temp_attrs
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from graders.engine.assignment import Assignment, AssignmentError, grade_id
from graders.engine.gradebook import Goodfit
from graders.engine.match import belongs_to
from graders.engine.submission import Submission, assignment_of, is_students, plain_name, read_one, same_name

# nbgrader starts alembic by name when it makes a gradebook
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")  # its own, about sessions; of no use to a TA


class CourseError(Exception):
    """The course folder cannot be used as it is; the message says what to do."""


def unusable(student: str) -> str | None:
    """Why nbgrader cannot record a student of that name, or None."""
    if student != plain_name(student):
        return (
            "There is another folder of that name in submitted/, which differs only in blanks at its ends or in how "
            "its letters are composed (macOS). Move what belongs to the student into one of them, and remove the other."
        )
    odd = any(ord(c) < 32 or 0xD800 <= ord(c) <= 0xDFFF for c in student)
    if odd or "[" in student or len(os.fsencode(student)) > 200:
        return (
            "nbgrader cannot record a student whose name has an opening bracket, a control character, a byte that is "
            "no text, or more than 200 bytes. Rename the folder in submitted/."
        )
    return None


class Course:
    """A course folder: where ``nbgrader_config.py`` lies.

    Args:
        root: the folder.

    Raises:
        CourseError: when it is not a course folder wired to Goodfit.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        if not (self.root / "nbgrader_config.py").is_file():
            raise CourseError(
                f"{self.root} is not a course folder: it has no nbgrader_config.py. Go there, or use --course."
            )
        if glob.escape(str(self.root)) != str(self.root) or "%" in str(self.root):  # a pattern; a quoted URL
            raise CourseError(
                f"nbgrader cannot work below a folder with one of [ * ? % in its name: {self.root}. Rename that folder."
            )
        with _inside(self.root):
            app = NbGrader()
            app.initialize([], root=str(self.root))
        self.config: Config = app.config
        if "GradeSubmission" not in repr(self.config.Autograde):
            raise CourseError(
                f"{self.root}/nbgrader_config.py does not load Goodfit. Copy the one from the repository."
            )
        self.goodfit = Goodfit(config=self.config)
        with _inside(self.root):
            self._api = NbGraderAPI(config=self.config)
        self._api.coursedir.root = str(self.root)
        self.directories = self._api.coursedir

    def assignment(self, name: str) -> Assignment:
        """The assignment of that name.

        Raises:
            AssignmentError: when there is none, with the names that there are.
        """
        found = self.goodfit.assignment(name, self.directories)
        if found is None:
            raise AssignmentError(
                f"no assignment {name!r} with graders here. There are: {', '.join(self.assignments())}."
            )
        return found

    def assignments(self) -> list[str]:
        """Names of the assignments that Goodfit grades, sorted."""
        names = sorted(p.name for p in self._path(self.directories.source_directory).glob("*/") if p.is_dir())
        return [name for name in names if self.goodfit.assignment(name, self.directories)]

    def students(self, assignment: str) -> list[str]:
        """Students with a folder for the assignment under ``submitted/``, sorted. Links are no folders.

        A name is told without blanks at its ends and with composed letters (macOS decomposes them), but where that
        would make two folders one: then the odd one is told as it is, and is :func:`unusable`.
        """
        root = self._path(self.directories.submitted_directory)
        folders = root.iterdir() if root.is_dir() else ()
        names = {p.name for p in folders if is_students(p) and self.submitted(assignment, p.name).is_dir()}
        twice = {n for n, count in Counter(map(plain_name, names)).items() if count > 1}
        exact = {min(n for n in names if plain_name(n) == plain) for plain in twice - names}
        return sorted({n if plain_name(n) in twice and n not in exact else plain_name(n) for n in names})

    def submitted(self, assignment: str, student: str) -> Path:
        """A student's submitted folder, by its name on disk (see :meth:`students`)."""
        root = self._path(self.directories.submitted_directory)
        folder = root / student
        if not folder.is_dir() and root.is_dir():
            folder = next(
                (p for p in sorted(root.iterdir()) if plain_name(p.name) == student and is_students(p)), folder
            )
        if not (folder / assignment).is_dir() and folder.is_dir():
            alike = (p for p in sorted(folder.iterdir()) if same_name(p.name, assignment) and p.is_dir())
            return next((p for p in alike if not p.is_symlink()), folder / assignment)
        return folder / assignment

    def assignment_of(self, notebook: Path) -> Assignment:
        """The assignment that a single notebook belongs to: by its name or a copy's, else by the cells in it.

        Raises:
            CourseError: when neither tells.
        """
        names = self.assignments()
        name = assignment_of(notebook.name, names)
        if name is None:
            name = belongs_to(read_one(notebook).notebook, [self.assignment(one) for one in names])
        if name is None:
            raise CourseError(
                f"It is not clear which assignment {notebook.name} belongs to. Name it, as in: "
                f"goodfit check --assignment {names[0] if names else 'NAME'}. There are: {', '.join(names)}."
            )
        return self.assignment(name)

    def autograded(self, assignment: str, student: str) -> Path:
        """A student's autograded folder."""
        return self._path(self.directories.autograded_directory) / student / assignment

    def feedback(self, assignment: str, student: str) -> Path:
        """A student's feedback folder."""
        return self._path(self.directories.feedback_directory) / student / assignment

    def release(self, assignment: str) -> Path:
        """The folder of the released assignment."""
        return self._path(self.directories.release_directory) / assignment

    def state(self, assignment: str) -> Path:
        """Goodfit's own folder for an assignment: results that are ready, and what was recorded."""
        folder = self.root / ".goodfit" / assignment
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def ensure_gradebook(self) -> None:
        """Make the gradebook where there is none, all at once: half a database would stop nbgrader for good."""
        url = str(self.directories.db_url)
        if not url.startswith("sqlite:///"):
            Gradebook(url).close()
            return
        path = Path(url.removeprefix("sqlite:///"))
        if path.exists() and _tables(path) >= {"alembic_version", "grade"}:
            return
        if path.exists() and path.stat().st_size:
            kept = path.with_suffix(".broken")
            os.replace(path, kept)  # nothing is deleted: what was in it may still be wanted
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".gradebook-") as folder:
            fresh = Path(folder, "gradebook.db")
            Gradebook(f"sqlite:///{fresh}").close()
            os.replace(fresh, path)

    def ensure_assignment(self, assignment: Assignment) -> None:
        """Have nbgrader know the assignment, with the cells and points of today's source.

        nbgrader writes an assignment cell by cell. Stopped halfway, it would take every submission for damaged, and so
        all that it writes is compared, not the points alone. What students were handed out stays as it is: the release
        that nbgrader makes besides is dropped.

        Raises:
            CourseError: with nbgrader's log.
        """
        self.ensure_gradebook()
        meta = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader for c in assignment.instructor.cells if grade_id(c)}
        wanted = (
            {name: float(m.points) for name, m in meta.items() if m.grade},
            {name for name, m in meta.items() if m.solution},
            {name: m.checksum for name, m in meta.items()},
        )
        with Gradebook(self.directories.db_url) as gradebook:
            try:
                known = gradebook.find_notebook(assignment.name, assignment.name)
                found = (
                    {cell.name: cell.max_score for cell in known.grade_cells},
                    {cell.name for cell in known.solution_cells},
                    {cell.name: cell.checksum for cell in known.source_cells},
                )
            except MissingEntry:
                found = None
        if found != wanted:
            with (
                tempfile.TemporaryDirectory(prefix="goodfit-release-") as folder,
                temp_attrs(self.directories, release_directory=folder),
            ):
                result = self._api.generate_assignment(assignment.name, force=True, create=True)
            _succeed(result, f"nbgrader could not put {assignment.name} into the gradebook")

    def record(self, assignment: Assignment, student: str, submission: Submission, bundles: Path) -> None:
        """Let nbgrader record one student's result: gradebook, lateness, autograded notebook.

        nbgrader gets a copy of the submission with regular files only; it would follow links.

        Raises:
            CourseError: with nbgrader's log.
        """
        with tempfile.TemporaryDirectory(prefix="goodfit-staged-") as folder:
            target = Path(folder, student, assignment.name)
            target.mkdir(parents=True)
            (target / f"{assignment.name}.ipynb").write_bytes(submission.notebook or b"")
            for name, content in submission.files.items():  # names of files that were found below the folder
                if not assignment.owns_place_of(name):
                    (target / name).parent.mkdir(parents=True, exist_ok=True)
                    (target / name).write_bytes(content)
            if submission.timestamp is not None:
                (target / "timestamp.txt").write_bytes(submission.timestamp)
            self._api.config.Goodfit.bundles = str(bundles)
            with temp_attrs(self.directories, submitted_directory=folder):
                # nbgrader takes a student's name for a pattern
                result = self._api.autograde(assignment.name, glob.escape(student), force=True, create=True)
            _succeed(result, f"nbgrader could not record {student}")

    def has_submission(self, assignment: str, student: str) -> bool:
        """Whether the gradebook knows the submission (it may have been lost or replaced since it was recorded)."""
        with Gradebook(self.directories.db_url) as gradebook:
            try:
                gradebook.find_submission(assignment, student)
            except MissingEntry:
                return False
        return True

    def seconds_late(self, assignment: str, student: str) -> float:
        """Seconds after the due date, 0 when in time or not recorded."""
        with Gradebook(self.directories.db_url) as gradebook:
            try:
                return float(gradebook.find_submission(assignment, student).total_seconds_late)
            except MissingEntry:
                return 0.0

    def write_feedback(self, assignment: str, student: str) -> None:
        """Write a student's feedback page anew.

        Raises:
            CourseError: with nbgrader's log.
        """
        result = self._api.generate_feedback(assignment, student_id=glob.escape(student), force=True)
        _succeed(result, f"nbgrader could not write feedback for {student}")

    def forget(self, assignment: str, student: str) -> None:
        """Remove what a stopped recording may have left on disk, so that the next one starts clean."""
        shutil.rmtree(self.autograded(assignment, student), ignore_errors=True)

    def _path(self, name: str) -> Path:
        return self.root / name


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    with contextlib.chdir(folder):
        yield


def _tables(path: Path) -> set[str]:
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError:
        return set()


def _succeed(result: dict[str, Any], what: str) -> None:
    if not result.get("success"):
        words = str(result.get("error") or result.get("log") or "")[-2000:]
        raise CourseError(f"{what}. Its own words:\n{words}\n{str(result.get('log'))[-2000:]}")
