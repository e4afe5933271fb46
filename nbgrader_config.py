"""The only wiring between nbgrader and Goodfit: which of nbgrader's classes are replaced by ours.

With this file in the course folder, `nbgrader autograde`, `nbgrader generate_feedback`, formgrader and the rest work as
they always do, and every point of an assignment in graders/ comes from Goodfit's verdict.
"""

from nbgrader.converters import Autograde, GenerateAssignment

from goodfit.course.nbgrader_plugins import GradeSubmission, SaveGradedCells, SaveVerdict, SubmissionReader

c = get_config()  # noqa: F821 - given by traitlets

# --- what a course may change -----------------------------------------------------------------------------------
# c.Goodfit.limits = {"cell_seconds": 90, "memory_bytes": 6 << 30}   # see docs/operator.md
# c.CourseDirectory.db_url = "postgresql://…"                        # the default is gradebook.db in this folder
# c.CourseDirectory.groupshared = True                               # several people of one group: docs/operator.md

# --- what makes it Goodfit --------------------------------------------------------------------------------------
ours = {"Execute": GradeSubmission, "SaveAutoGrades": SaveVerdict, "SaveCells": SaveGradedCells}
grading = Autograde.class_traits()["autograde_preprocessors"].default()
releasing = GenerateAssignment.class_traits()["preprocessors"].default()
c.Autograde.exporter_class = SubmissionReader
c.Autograde.autograde_preprocessors = [ours.get(preprocessor.__name__, preprocessor) for preprocessor in grading]
c.GenerateAssignment.preprocessors = [ours.get(preprocessor.__name__, preprocessor) for preprocessor in releasing]
c.ExportApp.plugin_class = "goodfit.course.export.QuotedCsv"
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
# nbgrader's pages render markdown as it is, scripts included: in both, these take the place of nbconvert's filters
c.HTMLExporter.filters = {
    "markdown2html": "goodfit.notebooks.outputs.markdown",
    "clean_html": "goodfit.notebooks.outputs.html",
}
c.HTMLExporter.sanitize_html = True
