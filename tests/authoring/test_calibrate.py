"""A threshold lies between right and wrong answers, or is refused with the name of the one that overlaps."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_markdown_cell

from goodfit.authoring.answers import bank
from goodfit.authoring.calibrate import NoSeparation, find_thresholds, measure, plan, write_thresholds
from goodfit.authoring.measurements import CalibrationResult
from goodfit.authoring.tails import GOAL, tail
from goodfit.grading.pool import Graders
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.thresholds import ThresholdRecord
from goodfit.sandbox.limits import Limits


def runs(right: list[float], **others: list[float]) -> list[CalibrationResult]:
    named = {"reference": right, **{f"wrong/{name}": values for name, values in others.items()}}
    return [CalibrationResult(threshold="t", answer=label, values=values) for label, values in named.items()]


@pytest.fixture
def assignment(tiny: Assignment, tmp_path: Path) -> Assignment:
    (tmp_path / "thresholds.toml").write_text('[t]\ndirection = "at least"\nvalue = 0\nagainst = ["near", "far"]\n')
    return replace(tiny, graders_dir=tmp_path)


@pytest.mark.parametrize("seed", range(10))
def test_the_value_separates_all_runs(assignment: Assignment, seed: int) -> None:
    """Every right run is on one side of the value and every wrong run on the other."""
    rng = np.random.default_rng(seed)
    right, near = rng.normal(0.9, 0.01, 50).tolist(), rng.normal(0.7, 0.03, 20).tolist()
    found = find_thresholds(assignment, runs(right, near=near, far=[0.1, 0.2]), ["t"])["t"]
    assert max(near) < found.value < min(right)
    assert found.wrong_nearest == "near"
    assert found.right_runs == 50


def test_the_value_keeps_away_from_both_sides(assignment: Assignment) -> None:
    """Wrong runs that hardly vary do not draw the value to them: a fifth of the way stays free on each side."""
    found = find_thresholds(assignment, runs([0.9, 0.8, 0.85], near=[0.1, 0.1001], far=[0.1, 0.1]), ["t"])["t"]
    assert 0.1 + 0.2 * 0.7 <= found.value <= 0.8 - 0.2 * 0.7


def test_the_value_moves_to_where_no_right_way_may_fail(assignment: Assignment) -> None:
    """Midway in standard deviations is too near for a way with wide spread; within the quarters there is room."""
    rng = np.random.default_rng(4)
    narrow, wide = rng.normal(0.9, 0.002, 300).tolist(), rng.normal(0.9, 0.02, 300).tolist()
    measured = [*runs(narrow, near=[0.7, 0.5], far=[0.1, 0.2]), *runs(wide)[:1]]
    measured[-1] = CalibrationResult(threshold="t", answer="right/wide", values=wide)
    found = find_thresholds(assignment, measured, ["t"])["t"]
    assert (found.way, found.right_runs) == ("right/wide", 600)
    assert tail(wide, found.value, 1).bound == pytest.approx(found.bound_right, rel=0.05)
    assert found.bound_right is not None
    assert found.bound_right <= GOAL
    assert found.value > 0.7 + 0.2 * (min(wide) - 0.7)


def test_a_threshold_without_room_is_short(assignment: Assignment) -> None:
    """Right and wrong runs are apart, and so close that neither bound holds: the threshold is written and says so."""
    right = np.random.default_rng(5).normal(0.9, 0.02, 300).tolist()
    found = find_thresholds(assignment, runs(right, near=[min(right) - 0.001, 0.5], far=[0.1, 0.2]), ["t"])["t"]
    assert found.bound_right is not None
    assert found.bound_right > GOAL
    assert found.bound_wrong is not None


def test_an_unchanged_threshold_keeps_its_date(assignment: Assignment) -> None:
    """The same runs again write the same table, whatever day it is."""
    measured = runs([0.95, 0.9, 0.93], near=[0.5, 0.6], far=[0.1, 0.2])
    found = find_thresholds(assignment, measured, ["t"])["t"].model_copy(update={"date": "2020-01-01"})
    write_thresholds(assignment.graders_dir / "thresholds.toml", {"t": found})
    assert find_thresholds(replace(assignment, name=assignment.name), measured, ["t"])["t"].date == "2020-01-01"


def test_the_value_is_no_number_that_students_see(assignment: Assignment, tmp_path: Path) -> None:
    """A learning rate in the notebook that happened to be the threshold would look like a threshold given away."""
    measured = runs([0.02, 0.03, 0.04], near=[0.0, 0.0], far=[0.0, 0.0])
    value = find_thresholds(assignment, measured, ["t"])["t"].value
    notebook = nbformat.read(assignment.notebook_path, as_version=4)
    notebook.cells.append(new_markdown_cell(f"Begin with `Adam({value})`."))
    shown = replace(assignment, source_dir=tmp_path / "source")
    shown.source_dir.mkdir()
    nbformat.write(notebook, shown.notebook_path)
    other = find_thresholds(shown, measured, ["t"])["t"].value
    assert other != value
    assert other == pytest.approx(value, abs=0.001)


def test_a_threshold_that_does_not_separate_is_refused_by_name(assignment: Assignment) -> None:
    """One wrong run as good as the worst right one, and the answer is named."""
    with pytest.raises(NoSeparation, match=r"near reached 0\.91"):
        find_thresholds(assignment, runs([0.95, 0.9, 0.93], near=[0.5, 0.91], far=[0.1, 0.2]), ["t"])


def test_a_wrong_answer_that_was_never_measured_is_no_calibration(assignment: Assignment) -> None:
    """Too few runs on a side: nothing is written."""
    with pytest.raises(NoSeparation, match="too few"):
        find_thresholds(assignment, runs([0.95, 0.9], near=[0.5, 0.6]), ["t"])


def test_a_right_answer_that_a_fixed_bound_fails_ends_the_calibration(
    course_with_models: Path, graders: Graders, tmp_path: Path
) -> None:
    """A bound that is no threshold fails right answers by chance too, and calibration says so."""
    grader = course_with_models / "graders" / "tiny" / "test_tiny.py"
    grader.write_text(grader.read_text() + '    check.that(accuracy > 1, "A bound that nobody meets.", "No hint.")\n')
    tiny = Assignment.find("tiny", course_with_models / "source", course_with_models / "graders")
    with pytest.raises(NoSeparation, match=r"seed 1 lost a check: .*A bound that nobody meets"):
        list(measure(tiny, graders, plan(tiny, runs=1), 1, tmp_path / "kept", Limits()))


def test_most_runs_end_where_all_is_measured(course_with_models: Path, graders: Graders, tmp_path: Path) -> None:
    """One run in five, the first one too, asks what a check asks behind its measurements; the others measure."""
    grader = course_with_models / "graders" / "tiny" / "test_tiny.py"
    asked = '    check.that(seed < 2 or seed == 6, "Asked in another run.", "No hint.")\n'
    text = grader.read_text().replace("hidden, thresholds)", "hidden, thresholds, seed)")
    grader.write_text(text + asked)
    tiny = Assignment.find("tiny", course_with_models / "source", course_with_models / "graders")
    runs_made = list(measure(tiny, graders, plan(tiny, runs=7), 1, tmp_path / "kept", Limits()))
    assert sorted(run.seed for run in runs_made if "accuracy" in run.measures) == [*range(1, 8)]
    grader.write_text(text + asked.replace(" or seed == 6", ""))
    tiny = Assignment.find("tiny", course_with_models / "source", course_with_models / "graders")
    with pytest.raises(NoSeparation, match=r"seed 6 lost a check: .*Asked in another run"):
        list(measure(tiny, graders, plan(tiny, runs=7), 1, tmp_path / "others", Limits()))


def test_while_calibrating_no_model_falls_short(course_with_models: Path, graders: Graders, tmp_path: Path) -> None:
    """A check that trains once more where a model falls short of the value does not: runs are of single trainings."""
    grader = course_with_models / "graders" / "tiny" / "test_tiny.py"
    again = '    check.that(accuracy >= thresholds["accuracy"].value, "It would train once more.", "No hint.")\n'
    grader.write_text(grader.read_text() + again)
    thresholds = grader.with_name("thresholds.toml")
    thresholds.write_text(re.sub(r"(?m)^value = .*$", "value = 1.5", thresholds.read_text()))
    tiny = Assignment.find("tiny", course_with_models / "source", course_with_models / "graders")
    runs_made = list(measure(tiny, graders, plan(tiny, runs=1), 1, tmp_path / "kept", Limits()))
    assert any("accuracy" in run.measures for run in runs_made)


def test_what_is_written_is_read_back(assignment: Assignment) -> None:
    """thresholds.toml holds the value with where it comes from."""
    thresholds = find_thresholds(assignment, runs([0.95, 0.9, 0.93], near=[0.5, 0.6], far=[0.1, 0.2]), ["t"])
    write_thresholds(assignment.graders_dir / "thresholds.toml", thresholds)
    again = replace(assignment, name=assignment.name).thresholds
    assert again == thresholds
    assert again["t"].model_fields_set == set(ThresholdRecord.model_fields) - {"trainings"}
    thresholds["t"] = thresholds["t"].model_copy(update={"trainings": 2})
    write_thresholds(assignment.graders_dir / "thresholds.toml", thresholds)
    assert replace(assignment, name=assignment.name).thresholds == thresholds


def test_the_bank_names_what_each_answer_fails(tiny: Assignment) -> None:
    """Answers are read with their kind, reason and checks; the reference leads."""
    found = bank(tiny)
    assert [a.label for a in found] == ["reference", "right/loop", "wrong/first_value", "wrong/untrained"]
    assert found[2].fails == {"test_takes_the_mean"}
