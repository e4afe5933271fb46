"""Grading one notebook inside an ordinary pytest run, for a TA who looks into a case: ``-k``, ``--pdb``, tracebacks."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from goodfit.authoring.grader_files import require_sound_graders
from goodfit.course.course import Course
from goodfit.course.folder import CourseError
from goodfit.grading import job, plugin
from goodfit.grading.kernels import Kernels, serving
from goodfit.grading.session import Session
from goodfit.notebooks.assignment import AssignmentError
from goodfit.notebooks.restore import UnreadableNotebook, restore
from goodfit.notebooks.submission import read_submission
from goodfit.sandbox.errors import SandboxError
from goodfit.sandbox.launch import Tier


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options for a run by hand."""
    group = parser.getgroup("goodfit")
    group.addoption("--notebook", type=Path, help="the submitted notebook to check")
    group.addoption("--course", type=Path, default=Path("."), help="course folder: where nbgrader_config.py lies")
    tiers = ("auto", *Tier)
    group.addoption("--sandbox", choices=tiers, default=None, help="sandbox tier; none is unsafe")


def pytest_configure(config: pytest.Config) -> None:
    """By hand: run the named notebook in its sandbox, with this plugin grading."""
    notebook: Path | None = config.getoption("--notebook", None)
    if notebook is None or config.pluginmanager.has_plugin("goodfit-grading"):
        return
    try:
        course = Course(config.getoption("--course"))
        plugin, close = grading_by_hand(notebook, course, config.getoption("--sandbox"))
    except (AssignmentError, CourseError, SandboxError, UnreadableNotebook, OSError) as error:
        raise pytest.UsageError(str(error)) from error
    config.pluginmanager.register(plugin, "goodfit-grading")
    config.add_cleanup(close)


def grading_by_hand(
    notebook: Path, course: Course, tier: str | None
) -> tuple[plugin.GradingPlugin, Callable[[], None]]:
    """Start a sandboxed kernel for one notebook.

    Returns:
        The plugin that grades it, and a function that ends everything.
    """
    assignment = course.assignment_of(notebook)
    require_sound_graders(assignment)
    plugin.make_importable(assignment)
    submission = read_submission(notebook.parent, notebook.name)
    with ExitStack() as stack:
        tier, server = stack.enter_context(serving(tier or course.goodfit.sandbox, assignment.imports()))
        restored = restore(submission.notebook, assignment)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="goodfit-files-")))
        if restored.unmatched:
            raise UnreadableNotebook(restored.unmatched)
        notices = submission.attention + submission.notices + restored.attention + restored.notices
        for notice in notices + job.lay_out(folder, assignment, submission.files):
            print(notice)
        secret = [assignment.graders_dir, assignment.source_dir]
        kernels = stack.enter_context(Kernels(tier, server, course.goodfit.course_limits(), secret))
        session = Session(restored.notebook, job.graded_places(restored, assignment), kernels, folder)
        stack.callback(session.close)
        grading = plugin.GradingPlugin(assignment, restored, session)
        return grading, stack.pop_all().close
