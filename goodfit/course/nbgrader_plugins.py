"""Goodfit inside nbgrader: the classes that take the place of nbgrader's own (see :mod:`goodfit.course.wiring`).

Only assignments with a folder under ``graders/`` are ours; the others go nbgrader's way, in a sandboxed kernel. Points
are written by nbgrader's code into nbgrader's gradebook, and nowhere else.
"""

from __future__ import annotations

import atexit
import io
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearHiddenTests, Execute, NbGraderPreprocessor, SaveAutoGrades, SaveCells
from traitlets import Dict, Enum, Float, Unicode
from traitlets.config import Configurable

from goodfit.course.gradebook_file import wait_for_locks
from goodfit.grading import for_pages
from goodfit.grading.job import Job
from goodfit.grading.kernels import KERNEL, serving
from goodfit.grading.pool import Graders
from goodfit.grading.verdict import Verdict
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.environment import Repository, name_repository
from goodfit.notebooks.lateness import moment
from goodfit.notebooks.restore import UnreadableNotebook, blank, restore
from goodfit.notebooks.submission import Submission, read_submission
from goodfit.sandbox.launch import Tier
from goodfit.sandbox.limits import Limits
from goodfit.sandbox.provisioners import kernel_spec


class Goodfit(Configurable):
    """Settings of a course, in ``nbgrader_config.py`` as ``c.Goodfit.…``."""

    sandbox = Unicode("auto", help="auto, fork, bubblewrap, or none (unsafe: every report says so)").tag(config=True)
    limits = Dict(help="limits that differ from the defaults, e.g. {'cell_seconds': 90}").tag(config=True)
    graders_directory = Unicode("graders", help="folder of the graders, in the course folder or elsewhere").tag(
        config=True
    )
    downloads_from = Enum(
        ["", "canvas", "moodle"], "", help="the platform whose file names `nbgrader zip_collect` reads"
    ).tag(config=True)
    repository = Unicode("", help="owner/name of the course on GitHub, or owner/name@branch: releases link to it").tag(
        config=True
    )
    gradebook_wait = Float(30.0, min=0, help="seconds to wait for a gradebook that another program has locked").tag(
        config=True
    )

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        wait_for_locks(self.gradebook_wait)  # nbgrader makes its connections itself

    def course_limits(self) -> Limits:
        """The limits of this course."""
        return Limits(**self.limits)

    def graders_root(self, coursedir: CourseDirectory) -> Path:
        """The folder that holds ``<assignment>/test_*.py``."""
        return Path(coursedir.root, self.graders_directory).resolve()

    def assignment(self, name: str, coursedir: CourseDirectory) -> Assignment | None:
        """The assignment, or None where Goodfit does not grade it."""
        source = Path(coursedir.format_path(coursedir.source_directory, ".", name)).resolve()
        found = Assignment(name, source, self.graders_root(coursedir) / name)
        return found if found.has_graders() and found.notebook_path.is_file() else None

    def job(self, assignment: Assignment, submission: Submission, tier: str) -> Job:
        """The job for one submission under this course's limits."""
        return Job.of(
            submission,
            assignment=assignment.name,
            source_root=assignment.source_dir.parent,
            graders_root=assignment.graders_dir.parent,
            limits=self.course_limits(),
            tier=tier,
        )


class SubmissionReader(NotebookExporter):
    """Reads a submitted notebook as hostile data and puts it on the instructor's frame (nbgrader's ``exporter_class``).

    A file that cannot be read becomes an empty frame, so that its student gets a verdict with a reason and the batch
    goes on.
    """

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> Any:
        """Read a notebook of ``submitted/`` restored; every other file as nbconvert does."""
        coursedir = _coursedir(self)
        submitted = Path(filename).resolve()
        names = (resources or {}).get("nbgrader", {})
        assignment = Goodfit(parent=self).assignment(names["assignment"], coursedir) if names else None
        if assignment is None or submitted.parent != _submitted(coursedir, names):
            return super().from_filename(filename, resources=resources, **kwargs)
        submission = read_submission(submitted.parent, f"{assignment.name}.ipynb")
        try:
            notebook = restore(submission.notebook, assignment).notebook
        except UnreadableNotebook:
            notebook = blank(assignment).notebook
        resources["metadata"] = {"name": submitted.stem, "path": str(submitted.parent)}
        return self.from_file(io.StringIO(nbformat.writes(notebook, version=4)), resources=resources, **kwargs)

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kwargs: Any) -> Any:
        """Convert a notebook without what only a grader of ours may have written into it."""
        for_pages.detach(nb)
        return super().from_notebook_node(nb, resources, **kwargs)


class GradeSubmission(Execute):
    """Takes the place of nbgrader's ``Execute``: grades a submission and puts the verdict into its notebook."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Grade the submission that the notebook came from (the notebook itself is only nbgrader's copy)."""
        goodfit, coursedir = Goodfit(parent=self), _coursedir(self)
        names = resources["nbgrader"]
        assignment = goodfit.assignment(names["assignment"], coursedir)
        if assignment is None:
            return self._as_nbgrader_does(nb, resources, goodfit)
        graders = Graders(*_serving(goodfit.sandbox, assignment))
        submission = read_submission(_submitted(coursedir, names), f"{assignment.name}.ipynb")
        autograded = coursedir.format_path(coursedir.autograded_directory, names["student"], names["assignment"])
        _keep_only({*submission.files, *assignment.data_files(), "timestamp.txt"}, Path(autograded))
        bundle = graders.grade(goodfit.job(assignment, submission, graders.tier))
        with Gradebook(names["db_url"]) as gradebook:  # nbgrader takes unknown time zones for UTC
            recorded = gradebook.find_submission(names["assignment"], names["student"])
            recorded.timestamp = moment(submission.timestamp or b"")
            gradebook.db.commit()
        resources["goodfit"] = bundle.verdict
        return nbformat.reads(bundle.notebook, as_version=4), resources

    def _as_nbgrader_does(self, nb: NotebookNode, resources: Any, goodfit: Goodfit) -> tuple[NotebookNode, Any]:
        """An assignment without Goodfit graders: nbgrader's execution, with the kernel in the sandbox."""
        tier, server = _serving(goodfit.sandbox, None)
        if tier is not Tier.NONE:
            spec = kernel_spec(tier, KERNEL, goodfit.course_limits(), share_cwd=True, server_address=server or "")
            self.kernel_manager_class = type("Sandboxed", (SandboxedManager,), {"sandboxed_spec": spec})
        return super().preprocess(nb, resources)


class NameRepository(NbGraderPreprocessor):
    """Tells a release where the course lies, before nbgrader takes the checksums of its cells."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Links and the environment cell, where ``c.Goodfit.repository`` is set."""
        repository = Repository.read(Goodfit(parent=self).repository)
        if repository is not None:
            names = resources["nbgrader"]
            # as it is configured: while a release is made, nbgrader's is a folder beside
            release = Path(self.config.CourseDirectory.get("release_directory", "release"))
            folder = "release" if release.is_absolute() else release.as_posix()
            name_repository(nb, repository, f"{folder}/{names['assignment']}", f"{names['notebook']}.ipynb")
        return nb, resources


class SaveGradedCells(SaveCells):
    """nbgrader's ``SaveCells``, but cells without a grade may come and go once there are submissions.

    nbgrader refuses every new or missing cell then. Read-only cells have no rows in any submission.
    """

    def _create_notebook(self, nb: NotebookNode) -> None:
        try:
            known = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        except MissingEntry:
            known = None
        if known is not None and known.submissions:
            graded = {"graded": self.new_grade_cells, "answer": self.new_solution_cells, "task": self.new_task_cells}
            refused = changed_cells(known, {kind: set(cells) for kind, cells in graded.items()})
            if refused:
                raise RuntimeError(refused)
            there = {cell.name: cell for cell in known.source_cells}
            for name in there.keys() - self.new_source_cells.keys():
                self.gradebook.db.delete(there[name])
            self.gradebook.db.commit()
            for name in self.new_source_cells.keys() - there.keys():
                self.gradebook.add_source_cell(
                    name, self.notebook_id, self.assignment_id, **self.new_source_cells[name]
                )
        super()._create_notebook(nb)


def changed_cells(known: Any, wanted: dict[str, set[str]]) -> str:
    """What nbgrader refuses to change in a notebook that has submissions, and what to do; empty when it is nothing.

    Args:
        known: nbgrader's Notebook, as the gradebook has it.
        wanted: ids of the source's cells by kind: "graded", "answer", "task".
    """
    cells = {"graded": known.grade_cells, "answer": known.solution_cells, "task": known.task_cells}
    changes: dict[str, list[str]] = {}
    for kind, rows in cells.items():
        there = {row.name for row in rows}
        for what, names in (("new", wanted[kind] - there), ("gone", there - wanted[kind])):
            for name in sorted(names):
                changes.setdefault(f"{name!r} is {what}", []).append(kind)
    if not changes:
        return ""
    words = "; ".join(f"the {' and '.join(kinds)} cell {change}" for change, kinds in changes.items())
    return (
        f"{known.name} has submissions, and the gradebook cannot gain or lose cells with points or answers then: "
        f"{words}. Give each cell in source/ its former id and kind back, or let a new one be read-only without points "
        "(docs/instructor.md). Nobody's scores were changed."
    )


class ClearOurHiddenTests(ClearHiddenTests):
    """nbgrader's ``ClearHiddenTests`` for the cells that are the instructor's: those with points and no answer.

    nbgrader raises for markers of hidden tests in any other cell, so that a student who writes them gets no feedback.
    """

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        """Clear a cell of the instructor's, and leave a student's as it is."""
        if utils.is_grade(cell) and not utils.is_solution(cell):
            return super().preprocess_cell(cell, resources, index)
        return cell, resources


class SandboxedManager(AsyncKernelManager):
    """A kernel manager for ordinary nbgrader assignments: Python kernels run in the sandbox, others are refused."""

    sandboxed_spec: Any = None

    @property
    def kernel_spec(self) -> Any:
        """The sandboxed kernelspec, after the notebook's own was found to be Python's."""
        own = super().kernel_spec
        if own is None or own.language.lower() != "python":
            raise RuntimeError(f"The sandbox runs Python kernels only, not {own and own.display_name}.")
        return self.sandboxed_spec


class SaveVerdict(SaveAutoGrades):
    """Writes the verdict's points into the gradebook; a grader error leaves the cell to a human."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Save a verdict at once; what has none goes nbgrader's way, cell by cell."""
        verdict, names = resources.get("goodfit"), resources["nbgrader"]
        if verdict is None:
            return super().preprocess(nb, resources)
        with Gradebook(names["db_url"]) as gradebook:
            there = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
            save_scores(there, nb, verdict)
            gradebook.db.commit()
        return nb, resources


def save_scores(there: SubmittedNotebook, notebook: NotebookNode, verdict: Verdict) -> None:
    """Set the automatic scores and comments of a submitted notebook as nbgrader's ``SaveAutoGrades`` does.

    Args:
        there: nbgrader's row; whoever has opened the gradebook commits.
        notebook: the executed notebook. Its outputs decide nothing about a cell with a verdict.
        verdict: the points of the cells with checks; None of a cell that a human must decide.
    """
    cells = [*there.notebook.grade_cells, *there.notebook.solution_cells]  # read at once; else each by itself, below
    grades, comments = ({row.name: row for row in rows} for rows in (there.grades, there.comments))
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if utils.is_grade(cell):
            grade = grades[name]
            has_checks = bool(verdict.of_cell(name))
            grade.auto_score = verdict.cell_score(name) if has_checks else utils.determine_grade(cell)[0]
            undecided = grade.auto_score is None or (has_checks and bool(verdict.attention))
            grade.needs_manual_grade = undecided or grade.manual_score is not None
        if utils.is_solution(cell) or utils.is_task(cell):
            untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
            comments[name].auto_comment = "No response." if untouched and not utils.is_task(cell) else None
    del cells


def _coursedir(part: Any) -> CourseDirectory:
    """The course of the converter that an exporter or preprocessor belongs to."""
    while part is not None:
        if isinstance(getattr(part, "coursedir", None), CourseDirectory):
            return part.coursedir
        part = part.parent
    raise RuntimeError("nbgrader's converter did not say which course this is")


def _keep_only(names: set[str], autograded: Path) -> None:
    """Remove what nbgrader has copied of a submission besides these: it follows links, to any file of the course."""
    for parent, _, files in os.walk(autograded):
        for file in files:
            path = Path(parent, file)
            if path.suffix != ".ipynb" and str(path.relative_to(autograded)) not in names:
                path.unlink()


def _submitted(coursedir: CourseDirectory, names: dict[str, str]) -> Path:
    path = coursedir.format_path(coursedir.submitted_directory, names["student"], names["assignment"])
    return Path(path).resolve()


# nbgrader makes a new preprocessor for each notebook; the fork server behind them is started once for an assignment
_servers: dict[tuple[str, str | None], tuple[Tier, str | None]] = {}
_open = ExitStack()
atexit.register(_open.close)


def _serving(sandbox: str, assignment: Assignment | None) -> tuple[Tier, str | None]:
    key = (sandbox, assignment.name if assignment else None)
    if key not in _servers:
        _servers[key] = _open.enter_context(serving(sandbox, assignment.imports() if assignment else None))
    return _servers[key]
