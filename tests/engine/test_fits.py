"""Training and held-out accuracy of a student's model are kept for staff, and for nobody else."""

from __future__ import annotations

from pathlib import Path

from goodfit.grading.job import Job
from goodfit.grading.pool import Graders
from goodfit.notebooks.submission import Submission
from tests.conftest import Submit

GAP = """
    rows = np.array([[-3.0, 0], [-3, 1], [3, 0], [3, 1]])
    gap = student.model("model").gap(rows, 1 - (rows[:, 0] > 0), points["x"], points["y"])
    student.model("model").gap(rows, 1 - (rows[:, 0] > 0), points["x"], points["y"])
    check.that(-1 <= gap <= 1, "a gap of accuracies")
"""


def test_both_accuracies_are_in_the_bundle(course_with_models: Path, graders: Graders, submit: Submit) -> None:
    """Asked for twice in a check, they are there once; the notebook, which students see, does not have them."""
    checks = course_with_models / "graders" / "tiny" / "test_tiny.py"
    checks.write_text(checks.read_text() + GAP)
    roots = {"source_root": course_with_models / "source", "graders_root": course_with_models / "graders"}
    bundle = graders.grade(Job.of(Submission(submit(model=True)), assignment="tiny", tier=graders.tier, **roots))
    (fit,) = bundle.fits
    assert (fit.check, fit.grade_id, fit.model) == ("test_separates_the_points", "model", "`model`")
    (held_out,) = bundle.measures["accuracy"]
    assert fit.held_out == held_out, "to the last bit: so a report knows which threshold it met"
    assert fit.training in (0, 0.25, 0.5, 0.75, 1)
    assert '"fits"' not in bundle.notebook
    assert "held_out" not in bundle.notebook


def test_a_model_without_a_gap_leaves_nothing(grade: object, submit: Submit) -> None:
    assert grade(submit()).fits == []  # type: ignore[operator]
