"""What a graded notebook carries for the pages made from it: the verdict as data, and what its exercises are called.

It stands in the notebook's metadata. A student cannot write there: a graded notebook's metadata are the instructor's
(:mod:`goodfit.notebooks.restore`), and of one that Goodfit does not grade the entry is taken out when it is read.
"""

from __future__ import annotations

from nbformat import NotebookNode
from pydantic import BaseModel, ValidationError

from goodfit.grading.verdict import CheckVerdict, Verdict
from goodfit.notebooks import headings
from goodfit.notebooks.assignment import Assignment

KEY = "goodfit"


class ForPages(BaseModel):
    """What a page says besides the cells themselves. Scores are the gradebook's to tell: a TA may have changed them.

    Attributes:
        title: of the set; empty where its notebook has none.
        exercises: names of the cells with points, by grade_id.
        checks: outcome of every check, in the order of the notebook's graded cells.
        notices: what was put right in the file before grading, one sentence each.
        sandboxed: whether the verdict was protected from the student's code.
    """

    title: str
    exercises: dict[str, str]
    checks: list[CheckVerdict]
    notices: list[str]
    sandboxed: bool

    def of_cell(self, grade_id: str) -> list[CheckVerdict]:
        """The verdicts of one graded cell's checks."""
        return [check for check in self.checks if check.grade_id == grade_id]


def attach(notebook: NotebookNode, assignment: Assignment, verdict: Verdict) -> None:
    """Write into a graded notebook what its pages need."""
    told = ForPages(
        title=headings.title(assignment.instructor),
        exercises=headings.exercise_names(assignment.instructor),
        checks=verdict.checks,
        notices=verdict.notices,
        sandboxed=verdict.sandbox != "none",
    )
    notebook.metadata[KEY] = told.model_dump(mode="json")


def detach(notebook: NotebookNode) -> None:
    """Take the entry out of a notebook that comes from outside."""
    notebook.metadata.pop(KEY, None)


def read(notebook: NotebookNode) -> ForPages | None:
    """What a notebook carries; None where it was not graded by this version of Goodfit."""
    try:
        return ForPages.model_validate(notebook.metadata.get(KEY))
    except ValidationError:
        return None
