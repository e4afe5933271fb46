"""What authors do wrong in a notebook, its checks or its answers is a sentence with file, place and what to do."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from author_tools import CHECKS, NOTEBOOK, WRONG, cell, edit, fresh, meta, run, said, text, without

from goodfit.authoring.answers import bank
from goodfit.authoring.grader_files import checked_bank, collect_checks, require_sound_graders
from goodfit.authoring.release import build_data, check_source
from goodfit.cli import app as cli
from goodfit.notebooks.assignment import AssignmentError

DAMAGE = {
    "conflict": (lambda t: t[:700] + "\n<<<<<<< HEAD\n" + t[700:720] + "\n=======\n>>>>>>> mina\n" + t[720:],
                 r"is no notebook \(line \d+; is it a merge conflict\?\)"),
    "cut": (lambda t: t[:900], r"is no notebook \(line \d+; .*was it cut off\?\)"),
    "empty": (lambda t: " \n", "is no notebook: it is empty"),
    "text": (lambda t: "# Tiny\n", r"is no notebook \(line 1; "),
    "list": (lambda t: "[1, 2]", "is JSON, but no notebook"),
    "old": (lambda t: t.replace('"nbformat": 4', '"nbformat": 3'), "is a notebook of format 3; format 4 is needed"),
    "deep": (lambda t: "[" * 200_000, "is no notebook"),
    "cells": (lambda t: json.dumps({**json.loads(t), "cells": {}}), "is no valid notebook"),
    "cell": (lambda t: json.dumps({**json.loads(t), "cells": [{"cell_type": "code"}]}), "is no valid notebook"),
    "type": (lambda t: t.replace('"code"', '"cod"', 1), "is no valid notebook"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_notebook_is_named(inside: Path, kind: str) -> None:
    change, sentence = DAMAGE[kind]
    path = Path(NOTEBOOK)
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    for look in (check_source, require_sound_graders):
        faults = said(look)
        assert len(faults) == 1
        assert re.search(f"^{re.escape(NOTEBOOK)} {sentence}", faults[0])


def test_a_file_that_cannot_be_read_is_named(inside: Path) -> None:
    """Another encoding, and what the system refuses (here: a folder; as root, no permission is missing)."""
    Path(NOTEBOOK).write_bytes(Path(NOTEBOOK).read_bytes().replace(b"tiny", b"t\xefny"))
    assert re.search(r"tiny.ipynb is not UTF-8 \(line \d+\)", said(check_source)[0])
    Path(NOTEBOOK).unlink()
    Path(NOTEBOOK).mkdir()
    assert said(check_source) == [f"{NOTEBOOK} cannot be read: Is a directory."]


FAULTS = {
    "no end": (text("mean-answer", "    ### END SOLUTION", ""), "Cell mean-answer: BEGIN SOLUTION without END SOLUTION."),
    "no begin": (text("mean-answer", "### BEGIN SOLUTION", ""), "END SOLUTION without BEGIN SOLUTION"),
    "nested": (text("mean-answer", "### END", "### BEGIN SOLUTION\n    ### END"), "BEGIN SOLUTION twice"),
    "no end of tests": (text("mean", "### END HIDDEN TESTS", ""), "Cell mean: BEGIN HIDDEN TESTS without END HIDDEN TESTS."),
    "no end of scheme": (text("why", "The mean", "### BEGIN MARK SCHEME\nThe mean"),
                         "Cell why: BEGIN MARK SCHEME without END MARK SCHEME."),
    "no answer cell": (lambda nb: cell(nb, "mean-answer")["metadata"].clear(), "Cell mean-answer: it has BEGIN SOLUTION"),
    "no graded cell": (lambda nb: cell(nb, "mean")["metadata"].clear(), "Cell mean: it has BEGIN HIDDEN TESTS"),
    "no points": (without("why", "points"), "Cell why: it is graded and has no points"),
    "text for points": (meta("mean", points="two"), "Cell mean: its points are no number: 'two'."),
    "true for points": (meta("mean", points=True), "Cell mean: its points are no number"),
    "negative points": (meta("why", points=-1), "Cell why: its points are -1"),
    "zero points": (meta("mean", points=0), "Cell mean: it is graded by checks and worth no points"),
    "same id": (meta("mean", grade_id="add"), "Cell add: its grade_id is that of a cell above."),
    "no id": (without("mean-answer", "grade_id"), "Cell mean-answer: it has no grade_id"),
    "odd id": (meta("mean", grade_id="mean of all"), "Cell mean of all: its grade_id 'mean of all' has other signs"),
    "number for id": (meta("mean", grade_id=5), "its grade_id 5 is no text"),
    "older": (meta("mean", schema_version=1), "Cell mean: its nbgrader metadata is of version 1, not 3 (`nbgrader update`"),
    "no version": (without("mean", "schema_version"), "Cell mean: its nbgrader metadata is of version 0"),
    "no flag": (without("mean", "solution"), "Cell mean: solution in its nbgrader metadata is neither true nor false"),
    "text for flag": (meta("mean", grade="yes"), "Cell mean: grade in its nbgrader metadata is neither"),
    "markdown": (lambda nb: cell(nb, "why")["metadata"]["nbgrader"].update(grade=False), "Cell why: it is a text answer"),
    "conflict of nbdime": (text("add-visible", "try:", "<<<<<<< local\ntry:"), "Cell add-visible: it has the marks of a merge"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FAULTS)
def test_a_faulty_cell_is_named(inside: Path, kind: str) -> None:
    """Before nbgrader runs, and before anything is graded; what nbgrader accepts is not refused besides."""
    change, sentence = FAULTS[kind]
    notebook = json.loads(Path(NOTEBOOK).read_text(encoding="utf-8"))
    change(notebook)
    Path(NOTEBOOK).write_text(json.dumps(notebook), encoding="utf-8")
    for look in (check_source, require_sound_graders, lambda one: one.graded_cells, lambda one: one.instructor):
        faults = said(look)
        assert sum(f"{NOTEBOOK}: " in fault and sentence in fault for fault in faults) == 1, faults


def test_a_release_goes_on_with_the_other_sets(inside: Path) -> None:
    for name in ("torn", "well"):
        shutil.copytree("source/tiny", f"source/{name}")
        Path(f"source/{name}/tiny.ipynb").rename(f"source/{name}/{name}.ipynb")
        shutil.copytree("graders/tiny", f"graders/{name}")
    Path("source/torn/torn.ipynb").write_text("{", encoding="utf-8")
    edit("graders/tiny/test_tiny.py", "points=1", "points=0")
    code, said = run("release")
    assert code == cli.SOME_TROUBLE
    assert "source/torn/torn.ipynb is no notebook (line 1;" in said
    assert "well: released, nothing hidden in it" in said
    assert Path("release/well/well.ipynb").is_file()
    assert "Traceback" not in said
    code, said = run("report-graders", "--to", "pages")
    assert code == cli.SOME_TROUBLE
    assert "source/torn/torn.ipynb is no notebook" in said
    assert "| [well]" in Path("pages/graders.md").read_text(encoding="utf-8")


CHECK_FAULTS = {
    "docstring": ('    """The sum of two numbers is right."""\n', "",
                  f"{CHECKS}, line 8 (test_adds_numbers): test_adds_numbers needs a docstring"),
    "points": ("points=1", "points=0", f"{CHECKS}, line 8 (test_adds_numbers): a check of 'add' must be worth more"),
    "text": ("points=1", 'points="1"', f"{CHECKS}, line 8 (test_adds_numbers): a check of 'add' must be worth more"),
    "twice": ("def test_adds_arrays", "def test_takes_the_mean", f"{CHECKS}, line 22: test_takes_the_mean is a second check"),
    "cell": ('"mean", points', '"men", points', "grades the cell 'men', which the notebook does not have; did you mean mean?"),
    "sum": ("points=1", "points=2", "Graded cell add has 3 points, its checks have 4."),
    "mark": ('@grades("add", points=1)\n', "", "test_adds_numbers is no check: it needs @grades"),
    "bare": ('@grades("add", points=1)', "@grades", "missing 1 required positional argument: 'points'"),
    "class": ('@grades("add", points=1)', 'class TestAll: pass\n@grades("add", points=1)', "and TestAll is a class"),
    "syntax": ("def test_adds_numbers", "deff test_adds_numbers", f"{CHECKS}, line 9: no Python"),
    "import": ("import numpy as np", "import nump as np", f"{CHECKS}, line 3: ModuleNotFoundError: No module named 'nump'"),
    "raises": ("import numpy as np", "import numpy as np\n1 / 0", f"{CHECKS}, line 4: ZeroDivisionError"),
    "exit": ("import numpy as np", "raise SystemExit(0)", f"{CHECKS}, line 3: SystemExit"),
    "fixture": ("(student, hidden, thresholds)", "(student, hiden, thresholds)", "asks for hiden, which does not exist; did you mean hidden?"),
    "threshold": ('thresholds["accuracy"]', 'thresholds["acuracy"]', "thresholds.toml has no [acuracy]; did you mean accuracy?"),
    "data": ('hidden("points")', 'hidden("point")', "graders/tiny/data/point.npz does not exist; did you mean points?"),
    "parametrized": ('@grades("add", points=1)', 'import pytest\n@pytest.mark.parametrize("a", [1, 2])\n@grades("add", points=1)',
                     "test_adds_numbers is parametrized"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CHECK_FAULTS)
def test_a_faulty_check_is_named(inside: Path, kind: str) -> None:
    old, new, sentence = CHECK_FAULTS[kind]
    edit(CHECKS, old, new)
    for look in (check_source, require_sound_graders):
        faults = said(look)
        assert sum(sentence in fault for fault in faults) == 1, faults


def test_a_check_file_may_have_dataclasses(inside: Path) -> None:
    with open(CHECKS, "a", encoding="utf-8") as file:
        file.write("\nfrom dataclasses import dataclass\n\n\n@dataclass\nclass Case:\n    size: 'int'\n")
    assert collect_checks(fresh())


def test_a_set_without_checks_and_a_check_in_two_files(inside: Path) -> None:
    shutil.copy(CHECKS, "graders/tiny/test_more.py")
    with pytest.raises(AssignmentError, match=r"Two checks are called \w+: in graders/tiny/test_more.py and in"):
        collect_checks(fresh())
    Path("graders/tiny/test_more.py").unlink()
    Path(CHECKS).write_text("", encoding="utf-8")
    with pytest.raises(AssignmentError, match="There is no check in graders/tiny"):
        collect_checks(fresh())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[accuracy\n", "is no TOML"),
        ('[accuracy]\nvalue = 0.9\nagainst = ["untrained"]', "[accuracy] lacks direction."),
        ('[accuracy]\ndirection = "at least"', "[accuracy] lacks value."),
        ('[accuracy]\ndirection = "at lest"\nvalue = 0.9', "'at lest', which must be 'at least' or 'at most'."),
        ('[accuracy]\ndirection = "at least"\nvalue = "0.9"', "'0.9', which is no number."),
        ('[accuracy]\ndirection = "at least"\nvalue = nan', "which is no number."),
        ('[accuracy]\ndirection = "at least"\nvalue = 0.9\nagianst = []', "agianst, which means nothing; did you mean against?"),
        ('accuracy = 0.9', "[accuracy] is no table."),
    ],
)  # fmt: skip
def test_damaged_thresholds_are_named(inside: Path, content: str, sentence: str) -> None:
    Path("graders/tiny/thresholds.toml").write_text(content, encoding="utf-8")
    for look in (check_source, require_sound_graders):
        (fault,) = said(look)
        assert fault.startswith("graders/tiny/thresholds.toml")
        assert sentence in fault


def test_damaged_and_missing_data_is_named(inside: Path) -> None:
    path = Path("graders/tiny/data/points.npz")
    path.write_bytes(path.read_bytes()[:-300])
    assert "graders/tiny/data/points.npz cannot be read as data" in said(require_sound_graders)[0]
    shutil.rmtree(path.parent)
    assert "graders/tiny/data/points.npz does not exist" in said(require_sound_graders)[0]
    shutil.rmtree("source/tiny/data")
    assert "Cell setup reads data/points.npz, which is not in source/tiny." in said(check_source)


def test_a_build_that_raises_is_named(inside: Path) -> None:
    path = Path("graders/tiny/build_data.py")
    path.write_text('def build(given, hidden):\n    raise KeyError("x")\n', encoding="utf-8")
    assert said(build_data) == ["graders/tiny/build_data.py, line 2 (build): KeyError: 'x'."]
    path.write_text("import nothing_of_this_name\n", encoding="utf-8")
    assert "graders/tiny/build_data.py, line 1: ModuleNotFoundError" in said(build_data)[0]


ANSWER_FAULTS = {
    "check": ("test_takes_the_mean", "test_take_the_mean",
              f"{WRONG} names the check test_take_the_mean, which does not exist; did you mean test_takes_the_mean?"),
    "cell": ("mean-answer", "mean-anser", f"{WRONG} answers mean-anser, which is no answer cell of the notebook; did you mean mean-answer?"),
    "no fails": ("# fails:", "# fail:", f"{WRONG} is no wrong answer: it has no line `# fails: …`"),
    "no why": ("# why:", "# because:", f"{WRONG} is no wrong answer: it has no line `# why: …`"),
    "no cell": ("# %% mean-answer", "", f"{WRONG} is no wrong answer: it has no answer"),
    "odd cell": ("# %% mean-answer", "#%% mean-answer", f"{WRONG} is no wrong answer: the line '#%% mean-answer' should be"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ANSWER_FAULTS)
def test_a_faulty_answer_is_named(inside: Path, kind: str) -> None:
    old, new, sentence = ANSWER_FAULTS[kind]
    edit(WRONG, old, new)
    for look in (checked_bank, check_source):
        (fault,) = said(look)
        assert fault.startswith(sentence)


def test_answers_that_cannot_be_read_are_all_named(inside: Path) -> None:
    Path(WRONG).write_bytes("# why: être\n".encode("latin-1"))
    edit("graders/tiny/answers/right/loop.py", "# why", "# fails: test_x\n# why")
    edit("graders/tiny/thresholds.toml", '"untrained"', '"untraned"')
    assert len(said(bank)) == 2
    assert f"{WRONG} is not UTF-8 (line 1)" in said(bank)[1]
    shutil.copy("graders/tiny/answers/wrong/untrained.py", WRONG)
    shutil.rmtree("graders/tiny/answers/right")
    sentence = "[accuracy] names the wrong answer untraned, which does not exist; did you mean untrained?"
    assert sentence in said(checked_bank)[0]
