"""The grader report says what was recorded, no more and no less."""

from __future__ import annotations

import shutil
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from goodfit.authoring.answers import bank
from goodfit.authoring.grader_files import collect_checks
from goodfit.authoring.measurements import BankResult, CalibrationResult, MutantResult, Result, Said, State, load, save
from goodfit.authoring.messages import messages, weakest
from goodfit.authoring.report import outdated, write
from goodfit.authoring.state import Digests
from goodfit.notebooks.assignment import Assignment, AssignmentError

REPOSITORY = Path(__file__).resolve().parents[2]
SETS = Assignment.every(REPOSITORY / "source", REPOSITORY / "graders")


def test_the_committed_report_is_what_the_records_give(tmp_path: Path) -> None:
    """docs/graders.md and its pictures come from the records of today."""
    write(SETS, tmp_path)
    assert (tmp_path / "graders.md").read_text() == (REPOSITORY / "docs" / "graders.md").read_text()
    made, committed = (
        {p.name: Image.open(p) for p in (root / "graders").iterdir()} for root in (tmp_path, REPOSITORY / "docs")
    )
    assert made.keys() == committed.keys()
    for name, picture in made.items():
        assert picture.info == committed[name].info, f"{name} shows other figures than those of the records"
        assert picture.size == committed[name].size
        # another processor may round an edge of a letter another way, no more
        assert np.abs(np.asarray(picture, float) - np.asarray(committed[name], float)).mean() < 1, name


def test_figures_are_counted_from_the_records(tiny: Assignment, tmp_path: Path) -> None:
    """Killed, equivalent and surviving mutants, right runs that fail, and what was never measured."""
    shutil.copytree(tiny.graders_dir, tmp_path / "tiny")
    assignment = Assignment("tiny", tiny.source_dir, tmp_path / "tiny")
    page = write([assignment], tmp_path / "docs").read_text()
    assert "not measured" in page
    digests, answers = Digests(assignment), {answer.label: answer for answer in bank(assignment)}
    digest = digests.of("mean", answers["reference"])
    states: list[State] = ["killed" if i < 6 else "survived" for i in range(9)]
    results = [
        MutantResult(cell="mean-answer", line=2, before="a", after=f"b{i}", state=state, digest=digest)
        for i, state in enumerate(states)
    ]
    equivalent = "[[equivalent]]\ncell = 'mean-answer'\nafter = ['b6', 'b7']\nreason = 'a reason'\n"
    (assignment.graders_dir / "answers" / "survivors.toml").write_text(equivalent)
    save(assignment, MutantResult, results)
    (name, threshold), *_ = tomllib.loads((assignment.graders_dir / "thresholds.toml").read_text()).items()
    better, worse = threshold["value"] + 0.05, threshold["value"] - 0.05
    measured = {"reference": [better, better, worse], "wrong/untrained": [0.1]}
    runs = [
        CalibrationResult(
            threshold=name,
            answer=answer,
            values=values,
            exercise="model",
            runs=len(values),
            digest=digests.of("model", answers[answer], calibrating=True),
        )
        for answer, values in measured.items()
    ]
    save(assignment, CalibrationResult, runs)
    page = write([assignment], tmp_path / "docs").read_text()
    (row,) = [line for line in page.splitlines() if line.startswith("| [tiny]")]
    assert "| 9 | 6 | 2 | 1 | 85.7 % | 1 / 3 |" in row
    assert "Equivalent mutants: 2; `graders/tiny/answers/survivors.toml` says why." in page
    (row,) = [line for line in page.splitlines() if line.startswith(f"| {name} |")]
    assert row.endswith("| reference (3): 86.5 %, 86.5 % halfway | 95.0 %, 90.2 % halfway | SHORT, few runs |")
    assert f"| tiny | not measured | {date.today()}, old: add, model | {date.today()} |" in page
    assert outdated(assignment) == {"mutants": ["add", "model"]}
    checks = assignment.graders_dir / "test_tiny.py"
    checks.write_text(checks.read_text().replace("hidden points", "points").replace("points it has", "those it has"))
    assert outdated(assignment) == {"mutants": ["add", "model"], "calibration": ["model"]}
    page = write([assignment], tmp_path / "docs").read_text()
    assert "SHORT, few runs, old |" in page
    assert f"graders/tiny-{name}.png" in page
    assert (tmp_path / "docs" / "graders" / f"tiny-{name}.png").stat().st_size > 1000


RESULTS = [
    BankResult(
        answer="wrong/ä",
        fails=["test_a"],
        should_fail=[],
        seconds=1.5,
        said=[Said(check="test_a", outcome="failed", rationale="It gives 3.")],
    ),
    MutantResult(cell="a-answer", line=3, before="x = '\u2028'", after="x = None", state="killed", by=["test_a"]),
    CalibrationResult(threshold="accuracy", answer="reference", values=[0.1, 0.87654, float("inf")]),
]


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.kind)
def test_a_record_is_read_back(tiny: Assignment, tmp_path: Path, result: Result) -> None:
    """One result a line behind a header; a record that lost a line, or got lines of another, is none."""
    assignment = Assignment("tiny", tiny.source_dir, shutil.copytree(tiny.graders_dir, tmp_path / "tiny"))
    kind = type(result)
    assert load(assignment, kind) is None
    save(assignment, kind, [result, result])
    record = load(assignment, kind)
    assert record is not None
    assert record.results == [result, result]
    assert record.header.digest == tiny.digest(thresholds=False)
    path = assignment.graders_dir / "answers" / "record" / f"{result.kind}.jsonl"
    first, *lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    assert len(lines) == 2
    for damaged, fault in (([lines[0]], "line 1 promises 2 results"), ([lines[0], "<<<<<<< HEAD"], "line 3: ")):
        path.write_text("\n".join([first, *damaged]) + "\n", encoding="utf-8")
        with pytest.raises(AssignmentError, match=fault):
            load(assignment, kind)


def test_weak_messages_come_first(tiny: Assignment, tmp_path: Path) -> None:
    """What is incomplete, then what shows no value, then what is short; one of each check, none that could not run."""
    words = {
        "test_long": ("It gives 3 where `add` is called with 1 and 1.", "Print both."),
        "test_vague": ("It is not right.", "Look at the formula."),
        "test_short": ("It gives 3.", "Print it."),
        "test_no_hint": ("It gives 3 where `add` is called with 1 and 1.", None),
    }
    said = [Said(check=name, outcome="failed", rationale=r, hint=h) for name, (r, h) in words.items()]
    said += [said[0].model_copy(update={"rationale": "It gives 12 where `add` is called with 1 and 1."})]
    broke = Said(check="test_broke", outcome="could not run", rationale="NameError")
    bank = [
        BankResult(answer=answer, fails=[], should_fail=[], seconds=1, said=[*said, broke]) for answer in ("a", "b")
    ]

    found = messages("tiny", bank)
    assert len(found) == 5
    assert [m.check for m in found if not m.complete] == ["test_no_hint"]
    assert [m.check for m in weakest(found)] == ["test_no_hint", "test_vague", "test_short", "test_long"]

    assignment = Assignment("tiny", tiny.source_dir, shutil.copytree(tiny.graders_dir, tmp_path / "tiny"))
    save(assignment, BankResult, bank)
    page = write([assignment], tmp_path / "docs").read_text()
    assert "| tiny | 5 | 1 |" in page
    assert "tiny test_no_hint\n    It gives 3 where `add` is called with 1 and 1.\n    -> (nothing)\n" in page


@pytest.mark.parametrize("assignment", SETS, ids=lambda a: a.name)
def test_every_message_says_what_came_and_where_to_look(assignment: Assignment) -> None:
    """Whatever a wrong answer of the bank got wrong, its student learns what came and what to do next."""
    record = load(assignment, BankResult)
    found = messages(assignment.name, record.results if record else [])
    assert [(m.check, m.rationale) for m in found if not m.complete] == []


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
