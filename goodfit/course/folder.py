"""A course folder as nbgrader's configuration describes it: its students, assignments and where their files lie."""

from __future__ import annotations

import contextlib
import glob
import os
from collections import Counter
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from traitlets.config import Config

from goodfit.course import gradebook_file
from goodfit.course.nbgrader_plugins import Goodfit
from goodfit.notebooks.assignment import Assignment, AssignmentError, natural
from goodfit.notebooks.match import belongs_to
from goodfit.notebooks.source import meant
from goodfit.notebooks.submission import assignment_of, is_students, plain_name, read_one, same_name


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


class CourseFolder:
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
                f"{self.root} is not a course folder: it has no nbgrader_config.py. Go there, or use --course; "
                "`goodfit new course FOLDER` makes one."
            )
        if glob.escape(str(self.root)) != str(self.root) or "%" in str(self.root):  # a pattern; a quoted URL
            raise CourseError(
                f"nbgrader cannot work below a folder with one of [ * ? % in its name: {self.root}. Rename that folder."
            )
        with contextlib.chdir(self.root):
            app = NbGrader()
            app.initialize([], root=str(self.root))
        self.config: Config = app.config
        self._config_folders = [Path(folder) for folder in app.config_file_paths]
        if "GradeSubmission" not in repr(self.config.Autograde):
            raise CourseError(
                f"{self.root}/nbgrader_config.py does not load Goodfit. Let it say: "
                "from goodfit.course.wiring import wire; c = get_config(); wire(c)"
            )
        self.goodfit = Goodfit(config=self.config)
        with contextlib.chdir(self.root):
            self._api = NbGraderAPI(config=self.config)
        self._api.coursedir.root = str(self.root)
        self.directories = self._api.coursedir
        try:
            url = make_url(str(self.directories.db_url))
        except ArgumentError:  # its words would show a password
            raise CourseError(
                "c.CourseDirectory.db_url is no URL of a database, such as postgresql+psycopg://USER@HOST/DATABASE."
            ) from None
        if (file := gradebook_file.path_of(str(url))) and not file.is_absolute():  # of the course, not of who asks
            self.directories.db_url = url.set(database=str(self.root / file)).render_as_string(hide_password=False)
        if self.directories.groupshared:
            os.umask(0o002)  # what we write is the group's, as what nbgrader writes

    def config_places(self) -> list[Path]:
        """Where Jupyter and nbgrader look for a configuration, besides the course folder; there or not."""
        names = [f"{name}_config.{ending}" for name in ("jupyter", "nbgrader") for ending in ("py", "json")]
        return [folder / name for folder in self._config_folders for name in names]

    def assignment(self, name: str) -> Assignment:
        """The assignment of that name.

        Raises:
            AssignmentError: when there is none, with the name that was meant, or what is missing of it.
        """
        found = self.goodfit.assignment(name, self.directories)
        if found is not None:
            return found
        names, folder = self.assignments(), self._path(self.directories.source_directory) / name
        others = sorted(path.name for path in folder.glob("*.ipynb"))
        if (folder / f"{name}.ipynb").is_file():
            why = f"{name} has no graders: no test_*.py in {self.goodfit.graders_root(self.directories) / name}."
        elif others:
            why = f"{folder} has no {name}.ipynb, only {', '.join(others)}. The notebook must be called as its folder."
        else:
            why = f"no assignment {name!r} here{meant(name, names)} There are: {', '.join(names) or 'none'}."
        raise AssignmentError(why)

    def assignments(self) -> list[str]:
        """Names of the assignments that Goodfit grades, ps2 before ps10."""
        folders = (p.name for p in self._path(self.directories.source_directory).glob("*/") if p.is_dir())
        return [name for name in sorted(folders, key=natural) if self.goodfit.assignment(name, self.directories)]

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

    def gradebook_file(self) -> Path | None:
        """The gradebook's file; None where it is on a server."""
        return gradebook_file.path_of(str(self.directories.db_url))

    def release(self, assignment: str) -> Path:
        """The folder of the released assignment."""
        return self._path(self.directories.release_directory) / assignment

    def state(self, assignment: str) -> Path:
        """Goodfit's own folder for an assignment: results that are ready, and what was recorded."""
        folder = self.root / ".goodfit" / assignment
        folder.mkdir(parents=True, exist_ok=True)
        self._share(folder.parent)
        self._share(folder)
        return folder

    def _share(self, folder: Path) -> None:
        """Let the group write into a folder, as nbgrader does, where the course is shared by one."""
        if self.directories.groupshared:
            with contextlib.suppress(PermissionError):  # somebody else's, who has shared it or will be named
                os.chmod(folder, folder.stat().st_mode & 0o777 | 0o2770)

    def _path(self, name: str) -> Path:
        return self.root / name
