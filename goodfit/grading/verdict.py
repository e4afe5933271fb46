"""The verdict on one submission: the outcome of every check, kept apart by whose fault it is."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Outcome(StrEnum):
    """What became of a check."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not attempted"
    COULD_NOT_RUN = "could not run"  # the student's fault: an error, the time, the memory
    GRADER_ERROR = "grader error"  # ours: costs no points, needs a human


class CheckVerdict(BaseModel):
    """One check's outcome, in words that the student may read."""

    model_config = ConfigDict(frozen=True)

    name: str
    grade_id: str
    sentence: str
    points: float
    earned: float
    outcome: Outcome
    rationale: str | None = None
    hint: str | None = None


class Verdict(BaseModel):
    """The verdict on one notebook. The same submission, graders and versions give an equal verdict.

    Attributes:
        assignment: nbgrader's name of the assignment.
        notebook: nbgrader's name of the notebook (without ``.ipynb``).
        sandbox: the tier it was made in; "none" is shown in every report.
        checks: in the order of the notebook's graded cells.
        notices: what was put right in the file before grading, one sentence each.
        attention: why somebody should look at the submission though no check of ours broke, one sentence each: a file
            that could not be read, or that may not be what its student meant to hand in.
        versions: what made the verdict: engine, graders' digest, keras, numpy, …
    """

    assignment: str
    notebook: str
    sandbox: str
    checks: list[CheckVerdict]
    notices: list[str] = []
    attention: list[str] = []
    versions: dict[str, str] = {}

    @property
    def earned(self) -> float:
        """Points earned by the checks (manually graded cells not counted)."""
        return sum(c.earned for c in self.checks)

    @property
    def points(self) -> float:
        """Points that the checks are worth in all."""
        return sum(c.points for c in self.checks)

    @property
    def broke(self) -> bool:
        """Whether a check of ours broke: another run may do better."""
        return any(c.outcome is Outcome.GRADER_ERROR for c in self.checks)

    @property
    def needs_human(self) -> bool:
        """Whether a TA must look: a check of ours broke, or the submission asks for attention."""
        return self.broke or bool(self.attention)

    def of_cell(self, grade_id: str) -> list[CheckVerdict]:
        """The verdicts of one graded cell's checks."""
        return [c for c in self.checks if c.grade_id == grade_id]

    def cell_score(self, grade_id: str) -> float | None:
        """Points of one graded cell, rounded to 1e-6; None when a check of ours broke and a human must decide."""
        checks = self.of_cell(grade_id)
        if not checks or any(c.outcome is Outcome.GRADER_ERROR for c in checks):
            return None
        return round(sum(c.earned for c in checks), 6)
