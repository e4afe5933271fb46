"""The grader report says what was recorded, no more and no less."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from goodfit.authoring import measurements as record
from goodfit.authoring.grader_files import collect_checks
from goodfit.authoring.report import write
from goodfit.notebooks.assignment import Assignment

REPOSITORY = Path(__file__).resolve().parents[1]
SETS = Assignment.every(REPOSITORY / "source", REPOSITORY / "graders")


def test_the_committed_report_is_what_the_records_give(tmp_path: Path) -> None:
    """docs/graders.md and its pictures come from the records of today."""
    write(SETS, tmp_path)
    assert (tmp_path / "graders.md").read_text() == (REPOSITORY / "docs" / "graders.md").read_text()
    made, committed = (sorted(p.name for p in (root / "graders").iterdir()) for root in (tmp_path, REPOSITORY / "docs"))
    assert made == committed


def test_figures_are_counted_from_the_records(tiny: Assignment, tmp_path: Path) -> None:
    """Killed, equivalent and surviving mutants, right runs that fail, and what was never measured."""
    shutil.copytree(tiny.graders_dir, tmp_path / "tiny")
    assignment = Assignment("tiny", tiny.source_dir, tmp_path / "tiny")
    page = write([assignment], tmp_path / "docs").read_text()
    assert "not measured" in page
    states = ["killed"] * 6 + ["survived"] * 3
    results = [{"mutant": f"mean-answer:2: a  ->  b{i}", "state": state} for i, state in enumerate(states)]
    equivalent = "[[equivalent]]\ncell = 'mean-answer'\nafter = ['b6', 'b7']\nreason = 'a reason'\n"
    (assignment.graders_dir / "answers" / "survivors.toml").write_text(equivalent)
    record.keep(assignment, "mutants", results)
    (name, threshold), *_ = tomllib.loads((assignment.graders_dir / "thresholds.toml").read_text()).items()
    better, worse = threshold["value"] + 0.05, threshold["value"] - 0.05
    record.keep(assignment, "calibration", {name: {"reference": [better, better, worse], "wrong/untrained": [0.1]}})
    page = write([assignment], tmp_path / "docs").read_text()
    (row,) = [line for line in page.splitlines() if line.startswith("| [tiny]")]
    assert "| 9 | 6 | 2 | 1 | 85.7 % | 1 / 3 |" in row
    assert "- a reason" in page
    assert f"graders/tiny-{name}.svg" in page
    assert (tmp_path / "docs" / "graders" / f"tiny-{name}.svg").stat().st_size > 1000


@pytest.mark.parametrize("assignment", SETS, ids=lambda a: a.name)
def test_every_technique_of_the_table_has_its_checks(assignment: Assignment) -> None:
    """docs/coverage.md names each check of a set once or more, and no check that does not exist."""
    page = (REPOSITORY / "docs" / "coverage.md").read_text()
    rows = [line for line in page.splitlines() if f"`{assignment.name}`" in line]
    named = {word for row in rows for word in row.split("`")[1::2] if word.startswith("test_")}
    assert rows
    assert named <= set(collect_checks(assignment))
    exercises = {mark.grade_id for name, mark in collect_checks(assignment).items() if name in named}
    assert exercises == set(assignment.graded_cells), "an exercise that covers no technique"
