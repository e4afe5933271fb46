"""The only wiring between nbgrader and Goodfit: which of nbgrader's classes are replaced by ours.

A course's ``nbgrader_config.py`` calls :func:`wire`, and so a new version of Goodfit brings its wiring along.
"""

from __future__ import annotations

from nbgrader.converters import Autograde, GenerateAssignment
from traitlets.config import Config

from goodfit.course.nbgrader_plugins import (
    GradeSubmission,
    NameRepository,
    SaveGradedCells,
    SaveVerdict,
    SubmissionReader,
)

OURS = {"Execute": GradeSubmission, "SaveAutoGrades": SaveVerdict, "SaveCells": SaveGradedCells}


def wire(c: Config) -> None:
    """Have nbgrader's commands and formgrader take every point of an assignment with graders from Goodfit's verdict.

    Args:
        c: the configuration, as ``get_config()`` gives it. What is set in it afterwards counts.
    """
    grading = Autograde.class_traits()["autograde_preprocessors"].default()
    releasing = GenerateAssignment.class_traits()["preprocessors"].default()
    c.Autograde.exporter_class = SubmissionReader
    c.Autograde.autograde_preprocessors = [OURS.get(one.__name__, one) for one in grading]
    c.GenerateAssignment.preprocessors = [NameRepository, *(OURS.get(one.__name__, one) for one in releasing)]
    c.ExportApp.plugin_class = "goodfit.course.export.QuotedCsv"
    c.ZipCollectApp.collector_plugin = "goodfit.course.downloads.Downloads"
    c.GenerateFeedback.exporter_class = "goodfit.pages.feedback.FeedbackPage"
    c.GenerateFeedback.preprocessors = ["goodfit.course.nbgrader_plugins.ClearOurHiddenTests"]
    # formgrader's page renders markdown as it is, scripts included: these take the place of nbconvert's filters
    c.HTMLExporter.preprocessors = ["goodfit.pages.formgrader.DrawInTime"]
    c.HTMLExporter.filters = {
        "markdown2html": "goodfit.pages.formgrader.markdown",
        "clean_html": "goodfit.pages.formgrader.html",
        "highlight_code": "goodfit.pages.formgrader.code",
        "ansi2html": "goodfit.pages.formgrader.text",
    }
    c.HTMLExporter.sanitize_html = True
