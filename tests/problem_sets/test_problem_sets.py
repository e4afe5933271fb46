"""Every problem set: its source, its release, and its graders against right and wrong answers."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from goodfit.authoring import release as releasing
from goodfit.authoring import requirements
from goodfit.authoring.answers import Answer, bank, in_few_notebooks, merged
from goodfit.authoring.bank import TrivialRun
from goodfit.authoring.grader_files import collect_checks, measured_exercises
from goodfit.authoring.leaks import find_leaks
from goodfit.course.course import Course
from goodfit.grading.job import Job
from goodfit.grading.plugin import Scope
from goodfit.grading.pool import Graders
from goodfit.grading.verdict import Outcome
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.slice import affected
from goodfit.notebooks.submission import Submission
from goodfit.sandbox.limits import Limits

REPOSITORY = Path(__file__).resolve().parents[2]
SETS = {assignment.name: assignment for assignment in Assignment.every(REPOSITORY / "source", REPOSITORY / "graders")}


QUICK = {"ps2_data_splitting", "ps3_baselines"}  # the others train for long
SLOW_ONES_WITH_ALL = [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.all]) for name in sorted(SETS)]


def answers() -> list[Any]:
    """Right answers, and wrong ones packed, a mistake in each exercise. Without --all: references that train little."""
    found = []
    for name, assignment in sorted(SETS.items()):
        every = bank(assignment)
        for i, answer in enumerate(a for a in every if a.kind == "right"):
            marks = [] if not i and name in QUICK else [pytest.mark.all]
            found.append(pytest.param(assignment, answer, id=f"{name}-{answer.label}", marks=marks))
        for i, pack in enumerate(in_few_notebooks(assignment, [a for a in every if a.kind == "wrong"])):
            found.append(pytest.param(assignment, merged(pack), id=f"{name}-wrong-{i}", marks=[pytest.mark.all]))
    return found


def grade(
    graders: Graders, assignment: Assignment, notebook: bytes, only: tuple[str, ...] | None = None
) -> tuple[dict[str, Outcome], nbformat.NotebookNode]:
    job = Job.of(
        Submission(notebook),
        assignment=assignment.name,
        source_root=assignment.source_dir.parent,
        graders_root=assignment.graders_dir.parent,
        limits=Limits(),
        tier=graders.tier,
        scope=Scope(only=only),
    )
    bundle = graders.grade(job)
    assert not bundle.verdict.needs_human, bundle.log
    return {c.name: c.outcome for c in bundle.verdict.checks}, nbformat.reads(bundle.notebook, as_version=4)


@pytest.mark.timeout(900)  # long ones begin first
@pytest.mark.parametrize(("assignment", "answer"), answers())
def test_an_answer_loses_its_named_checks_and_no_others(
    graders: Graders, assignment: Assignment, answer: Answer
) -> None:
    """Right answers pass every check, silently; mistakes lose exactly the checks that name them."""
    outcomes, notebook = grade(graders, assignment, answer.notebook(assignment))
    assert {name for name, outcome in outcomes.items() if outcome is not Outcome.PASSED} == set(answer.fails)
    if answer.kind == "right":
        written = [o for c in notebook.cells for o in c.get("outputs", []) if o.get("name") == "stderr"]
        raised = [o for c in notebook.cells for o in c.get("outputs", []) if o.output_type == "error"]
        assert (written, raised) == ([], [])


@pytest.mark.parametrize("name", sorted(SETS))
def test_a_mistake_in_each_exercise_without_training_is_noticed(graders: Graders, name: str) -> None:
    """A pack of wrong answers, in the exercises that train nothing: they lose what they must, the others nothing."""
    assignment = SETS[name]
    training = measured_exercises(assignment)
    wrong = [a for a in bank(assignment) if a.kind == "wrong" and not affected(assignment, a.cells) & training]
    answer = merged(in_few_notebooks(assignment, wrong)[0])
    outcomes, _ = grade(
        graders, assignment, answer.notebook(assignment), tuple(set(assignment.graded_cells) - training)
    )
    assert {n for n, outcome in outcomes.items() if outcome is not Outcome.PASSED} == set(answer.fails)
    assert Outcome.PASSED in outcomes.values()


@pytest.mark.all
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", sorted(SETS))
def test_a_trivial_answer_earns_nothing(graders: Graders, name: str) -> None:
    """No constant, no echo of the arguments and nothing that the shape of one tells passes a check."""
    run = TrivialRun(SETS[name])
    assert len(list(run.grade(Course(REPOSITORY), graders, 2))) == len(run.answers)
    assert {answer: passed for answer, passed in run.passed.items() if passed} == {}


@pytest.mark.parametrize("name", sorted(SETS))
def test_every_check_has_a_wrong_answer_that_fails_it(name: str) -> None:
    """A check that no wrong answer fails is a check that does not exist."""
    failed = set().union(*(answer.fails for answer in bank(SETS[name])))
    assert set(collect_checks(SETS[name])) == failed


@pytest.mark.parametrize("name", SLOW_ONES_WITH_ALL)
def test_an_untouched_release_is_not_attempted(graders: Graders, name: str) -> None:
    """What was handed out scores nothing, is called "not attempted" everywhere, and raises in no cell."""
    release = REPOSITORY / "release" / name / f"{name}.ipynb"
    outcomes, notebook = grade(graders, SETS[name], release.read_bytes())
    assert set(outcomes.values()) == {Outcome.NOT_ATTEMPTED}
    assert not [c.id for c in notebook.cells for o in c.get("outputs", []) if o.output_type == "error"]


@pytest.mark.parametrize("name", sorted(SETS))
def test_requirements_are_what_the_notebook_imports(name: str) -> None:
    assert (SETS[name].source_dir / requirements.FILE).read_text() == requirements.needed(SETS[name])


@pytest.mark.parametrize("name", sorted(SETS))
def test_the_release_is_what_the_source_generates(name: str, tmp_path: Path) -> None:
    """release/ is fresh: nbgrader makes the same of today's source; and nothing hidden is in it."""
    assignment = SETS[name]
    shutil.copy(REPOSITORY / "nbgrader_config.py", tmp_path)
    shutil.copytree(assignment.source_dir, tmp_path / "source" / name)
    course = Course(tmp_path)
    course.make_release(assignment)
    committed, fresh = REPOSITORY / "release" / name, course.release(name)
    assert sorted(p.relative_to(fresh) for p in fresh.rglob("*")) == sorted(
        p.relative_to(committed) for p in committed.rglob("*") if "__pycache__" not in p.parts
    )
    for path in fresh.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (committed / path.relative_to(fresh)).read_bytes(), path.name
    assert find_leaks(assignment, committed) == []


@pytest.mark.parametrize("name", sorted(SETS))
def test_the_source_is_in_order(name: str) -> None:
    """Points, ids and the graded cells' text agree; no outputs are stored; nbgrader's schema holds."""
    from nbgrader.nbgraderformat import MetadataValidator

    assert releasing.check_source(SETS[name]) == []
    notebook = SETS[name].source
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)


@pytest.mark.parametrize("name", SLOW_ONES_WITH_ALL)
def test_data_is_what_its_command_builds(name: str, tmp_path: Path) -> None:
    """build_data.py makes the committed arrays again, and no hidden row is among the given ones."""
    assignment = SETS[name]
    given, hidden = tmp_path / "given", tmp_path / "hidden"
    given.mkdir()
    hidden.mkdir()
    releasing.run_build(assignment, given, hidden)
    for built, committed in ((given, assignment.source_dir / "data"), (hidden, assignment.graders_dir / "data")):
        assert sorted(p.name for p in built.iterdir()) == sorted(p.name for p in committed.iterdir())
        for path in built.glob("*.npz"):
            with np.load(path) as a, np.load(committed / path.name) as b:
                assert a.files == b.files
                assert all(np.array_equal(a[k], b[k], equal_nan=a[k].dtype.kind == "f") for k in a.files), path.name
