"""Mutations are made in every way that is promised, graded on their own exercise, and what survives is explained."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from goodfit.authoring.answers import reference
from goodfit.authoring.bank import TrivialRun, try_mutants
from goodfit.authoring.measurements import MutantResult
from goodfit.authoring.mutants import explanations, mutants, with_explanations
from goodfit.course.course import Course
from goodfit.grading.job import Job
from goodfit.grading.plugin import Scope
from goodfit.grading.pool import Graders
from goodfit.notebooks.assignment import Assignment, AssignmentError, grade_id
from goodfit.notebooks.slice import affected, answers_needed, places_needed
from goodfit.notebooks.submission import Submission

REPOSITORY = Path(__file__).resolve().parents[2]
SETS = {assignment.name: assignment for assignment in Assignment.every(REPOSITORY / "source", REPOSITORY / "graders")}
ANSWER = '''\
def f(a, b):
    """Text that says == and 1."""
    ### BEGIN SOLUTION
    if a <= 1:
        raise ValueError("a is 1")
    return sorted(g(a, b, key=3) + 5, reverse=True)
    ### END SOLUTION
'''


def written(tiny: Assignment, source: str) -> Assignment:
    """The tiny set with another solution of its first exercise, which nothing runs."""
    notebook = nbformat.reads(nbformat.writes(tiny.source), as_version=4)
    next(c for c in notebook.cells if grade_id(c) == "add-answer").source = source
    changed = replace(tiny)
    changed.__dict__["source"] = notebook  # where the property keeps what it has read
    return changed


def jobs(assignment: Assignment, tier: str) -> partial[Job]:
    roots = {"source_root": assignment.source_dir.parent, "graders_root": assignment.graders_dir.parent}
    return partial(Job.of, assignment=assignment.name, tier=tier, **roots)


@pytest.mark.parametrize(
    "mutation",
    [
        "if a < 1:",
        "if a <= 2:",
        "if a <= 0:",
        "return sorted(g(b, a, key=3) + 5, reverse=True)",
        "return sorted(g(a, b, ) + 5, reverse=True)",
        "return sorted(g(a, b, key=3) - 5, reverse=True)",
        "return sorted(g(a, b, key=3) + 5, reverse=False)",
        "return sorted(g(a, b, key=3) + 5, )",
    ],
)
def test_mistakes_that_students_make_are_made(tiny: Assignment, mutation: str) -> None:
    """Comparisons, off-by-ones, swapped and dropped arguments, operators and truth values."""
    made = {m.after for m in mutants(written(tiny, ANSWER)) if m.cell == "add-answer"}
    assert mutation in made


TRAINS = '''\
def add(a, b=None, seed=0):
    """Trains."""
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    model.fit(a, b, epochs=2, validation_data=(c, d))
    return model.predict(a)
    ### END SOLUTION
'''


@pytest.mark.parametrize(
    "mutation",
    [
        "model.fit(np.concatenate([a, c]), np.concatenate([b, d]), epochs=2, validation_data=(c, d))",
        "return np.asarray(model(np.asarray(a), training=True))",
        "pass",
        "b = None",
        "seed = 0",
        "a = globals()['points']",
        "def add(*arguments, _right=add, **options):  # mutant: arrays are turned round in place",
        "def add(*arguments, _right=add, _first=[], **options):  # mutant: the first result is given for ever",
    ],
)
def test_mistakes_of_training_and_of_functions_are_made(tiny: Assignment, mutation: str) -> None:
    """Validation rows trained on, dropout left on, no seed, an argument ignored, changed in place, or remembered."""
    assignment = written(tiny, TRAINS)
    assignment.source.cells.append(new_code_cell("add(points, seed=3)"))
    assert mutation in {m.after for m in mutants(assignment) if m.cell == "add-answer"}


def test_a_function_that_forgets_or_spoils_its_arguments_runs(tiny: Assignment) -> None:
    """The mutants of whole functions give what the function gives, and do what they are there for."""
    right = "def f(a):\n    ### BEGIN SOLUTION\n    return sorted(a)\n    ### END SOLUTION\n"
    of_answer = [m for m in mutants(written(tiny, right)) if m.cell == "add-answer"]
    made = {m.after.partition("mutant: ")[2]: m.source for m in of_answer}
    spoils, forgets = ({}, {})
    exec(made["arrays are turned round in place"], spoils)
    exec(made["the first result is given for ever"], forgets)
    given = [2, 1, 3]
    assert spoils["f"](given) == [1, 2, 3]
    assert given == [3, 1, 2]
    assert forgets["f"]([1]) == forgets["f"]([2]) == [1]


def test_only_the_solution_is_changed(tiny: Assignment) -> None:
    """The stub, docstrings and the words of an error stay as they are; every mutant is Python and new."""
    made = [m for m in mutants(written(tiny, ANSWER)) if m.cell == "add-answer"]
    inside = [m for m in made if "mutant:" not in m.after]
    assert {m.line for m in inside} == {4, 6}
    assert len(made) == len(inside) + 2, "two of the function as a whole, behind the cell"
    assert len({m.source for m in made} | {ANSWER}) == len(made) + 1
    for mutant in made:
        compile(mutant.source, "mutant", "exec")


def test_a_sample_is_the_same_every_time(tiny: Assignment) -> None:
    """A sample has so many of each exercise, and is part of the whole."""
    some, every = mutants(tiny, sample=2), mutants(tiny)
    assert some == mutants(tiny, sample=2)
    assert set(some) < set(every)
    assert all(sum(m.exercise == e for m in some) == 2 for e in tiny.graded_cells)


def test_an_equivalent_mutant_needs_a_reason(tiny: Assignment, tmp_path: Path) -> None:
    """A table without its reason is refused with the file's name."""
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "survivors.toml").write_text('[[equivalent]]\ncell = "a"\nafter = ["b"]\n')
    with pytest.raises(AssignmentError, match=r"survivors\.toml.*reason"):
        explanations(replace(tiny, graders_dir=tmp_path))


def test_a_survivor_is_explained_by_its_line(tiny: Assignment, tmp_path: Path) -> None:
    """By the line that it makes, or by the line that it changes; a hole stays one; a killed one needs no reason."""
    (tmp_path / "answers").mkdir()
    tables = [("after = ['b = 1']", "new"), ("line = ['c = 1']", "old")]
    text = "".join(f"[[equivalent]]\ncell = 'x-answer'\n{lines}\nreason = '{why}'\n" for lines, why in tables)
    text += "[[hole]]\ncell = 'z-answer'\nafter = ['b']\nreason = 'known'\n"
    (tmp_path / "answers" / "survivors.toml").write_text(text)
    survived = [("x-answer", "a", "b = 1"), ("x-answer", "c = 1", "d"), ("y-answer", "a", "b = 1")]
    survived.append(("z-answer", "a", "b"))
    results = [MutantResult(cell=cell, line=3, before=a, after=b, state="survived") for cell, a, b in survived]
    results.append(MutantResult(cell="x-answer", line=3, before="c = 1", after="e", state="killed"))
    found = with_explanations(replace(tiny, graders_dir=tmp_path), results)
    assert [one.reason for one in found] == ["new", "old", None, "known", None]
    assert [one.state for one in found] == ["equivalent", "equivalent", "survived", "survived", "killed"]


def test_graders_notice_mutants(tiny: Assignment, graders: Graders) -> None:
    """Mutants of the tiny set's functions are killed by checks of their own exercise."""
    chosen = [m for m in mutants(tiny) if m.exercise == "mean"][:4]
    found = list(try_mutants(tiny, chosen, graders, jobs(tiny, graders.tier), workers=2))
    assert {one.label for one in found} == {m.label for m in chosen}
    assert {one.state for one in found} == {"killed"}
    assert all(one.by for one in found)


def test_an_exercise_names_the_answers_that_it_needs() -> None:
    """By the names that its cells use, however far back; names that a cell defines for itself are its own."""
    folds, clocks = SETS["ps2_data_splitting"], SETS["ps6_feature_engineering"]
    needed = answers_needed(folds.source, folds, ["iterated-kfold"])
    assert needed == {"kfold-answer", "iterated-kfold-answer"}
    assert affected(folds, ["kfold-answer"]) == {"kfold", "iterated-kfold"}
    assert answers_needed(clocks.source, clocks, ["read-time"]) == {"read-time-answer"}


def test_pictures_run_only_for_those_who_use_them() -> None:
    """A cell that only shows something is left out; one that defines what another cell uses is not."""
    assignment = SETS["ps8_regularization"]

    def ids(exercise: str) -> set[str]:
        return {assignment.source.cells[i].id for i in places_needed(assignment.source, assignment, [exercise])}

    assert "plain-demo" in ids("penalised")
    assert "plain-demo" not in ids("dropout")
    assert "penalised-demo" not in ids("penalised")


@pytest.mark.all
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", sorted(SETS))
def test_mutants_are_killed_or_explained(graders: Graders, name: str) -> None:
    """Of a fixed sample of mutants, at least 95 in 100 are killed; and no check of ours breaks on any."""
    assignment = SETS[name]
    chosen = mutants(assignment, sample=8)
    tried = try_mutants(assignment, chosen, graders, jobs(assignment, graders.tier), 1)
    found = with_explanations(assignment, list(tried))
    assert [r for r in found if r.state == "grader error"] == []
    able = [r for r in found if r.state != "equivalent"]
    survived = [r.label for r in able if r.state == "survived"]
    assert len(survived) <= 0.05 * len(able), survived


@pytest.mark.all
@pytest.mark.parametrize("name", sorted(SETS))
def test_each_exercise_passes_alone(graders: Graders, name: str) -> None:
    """With the answers that it needs and no others, every exercise gets its full points."""
    assignment = SETS[name]
    make = jobs(assignment, graders.tier)
    for exercise in assignment.graded_cells:
        job = make(Submission(reference().notebook(assignment))).model_copy(update={"scope": Scope(only=(exercise,))})
        bundle = graders.grade(job)
        checks = [c for c in bundle.verdict.checks if c.grade_id == exercise]
        assert [c.name for c in checks if c.outcome != "passed"] == [], exercise


# --- trivial answers


def test_no_check_passes_for_a_trivial_answer(graders: Graders, course: Path) -> None:
    """Constants, echoes and zeros earn nothing; and a check whose cases all expect the same is found."""
    place = Course(course)
    run = TrivialRun(place.assignment("tiny"))
    run.answers = [one for one in run.answers if one.name in ("zero", "its first argument", "an empty list")]
    assert len(list(run.grade(place, graders, 1))) == 3
    assert not any(run.passed.values())

    checks = course / "graders" / "tiny" / "test_tiny.py"
    text = checks.read_text()
    shape = "check.array(student.call('add', np.zeros(3), np.zeros(3)), 'it', shape=(3,))"
    checks.write_text(re.sub(r"(def test_adds_arrays.*?\"\"\"\n).*?(?=\n@)", rf"\1    {shape}\n\n", text, flags=re.S))
    blind = TrivialRun(place.assignment("tiny"))
    blind.answers = [one for one in blind.answers if one.name == "its first argument"]
    assert list(blind.grade(place, graders, 1)) == ["its first argument"]
    assert blind.passed == {"its first argument": ["test_adds_arrays"]}
