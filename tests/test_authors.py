"""What authors, instructors and TAs do wrong at the terminal ends in a sentence with file, place and what to do."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbgrader.preprocessors import ClearHiddenTests, ComputeChecksums
from nbgrader.validator import Validator
from typer.testing import CliRunner

from goodfit.authoring.answers import bank
from goodfit.authoring.grader_files import checked_bank, collect_checks, require_sound_graders
from goodfit.authoring.leaks import find_leaks
from goodfit.authoring.release import build_data, check_source
from goodfit.cli import app as cli
from goodfit.course.nbgrader_log import last_error
from goodfit.notebooks.assignment import Assignment, AssignmentError

NOTEBOOK, CHECKS = "source/tiny/tiny.ipynb", "graders/tiny/test_tiny.py"
WRONG = "graders/tiny/answers/wrong/first_value.py"
Notebook = dict[str, Any]


@pytest.fixture
def inside(course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course folder, gone into."""
    monkeypatch.chdir(course)
    return course


def fresh(name: str = "tiny") -> Assignment:
    return Assignment(name, Path("source", name).resolve(), Path("graders", name).resolve())


def cell(notebook: Notebook, name: str) -> Notebook:
    return next(c for c in notebook["cells"] if c["id"] == name)


def meta(name: str, **changes: Any) -> Callable[[Notebook], None]:
    return lambda notebook: cell(notebook, name)["metadata"]["nbgrader"].update(changes)


def without(name: str, *keys: str) -> Callable[[Notebook], None]:
    def change(notebook: Notebook) -> None:
        for key in keys:
            cell(notebook, name)["metadata"]["nbgrader"].pop(key)

    return change


def text(name: str, old: str, new: str) -> Callable[[Notebook], None]:
    def change(notebook: Notebook) -> None:
        one = cell(notebook, name)
        assert old in "".join(one["source"])
        one["source"] = "".join(one["source"]).replace(old, new)

    return change


def edit(path: str, old: str, new: str) -> None:
    content = Path(path).read_text(encoding="utf-8")
    assert old in content
    Path(path).write_text(content.replace(old, new), encoding="utf-8")


def run(*arguments: str) -> tuple[int, str]:
    """Run a command in this process; its exit code, and all that it printed."""
    done = CliRunner().invoke(cli.app, [*arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start a command as a shell does."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "PYTHONIOENCODING"))} | environment
    code = "import sys; from goodfit.cli.app import app; sys.argv[0] = 'goodfit'; app()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env,
        encoding="utf-8", errors="backslashreplace", start_new_session=True,
    )  # fmt: skip


# --- the notebook -------------------------------------------------------------------------------------------------

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
        faults = _said(look)
        assert len(faults) == 1
        assert re.search(f"^{re.escape(NOTEBOOK)} {sentence}", faults[0])


def test_a_file_that_cannot_be_read_is_named(inside: Path) -> None:
    """Another encoding, and what the system refuses (here: a folder; as root, no permission is missing)."""
    Path(NOTEBOOK).write_bytes(Path(NOTEBOOK).read_bytes().replace(b"tiny", b"t\xefny"))
    assert re.search(r"tiny.ipynb is not UTF-8 \(line \d+\)", _said(check_source)[0])
    Path(NOTEBOOK).unlink()
    Path(NOTEBOOK).mkdir()
    assert _said(check_source) == [f"{NOTEBOOK} cannot be read: Is a directory."]


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
        faults = _said(look)
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
    code, said = run("report", "--to", "pages")
    assert code == cli.SOME_TROUBLE
    assert "source/torn/torn.ipynb is no notebook" in said
    assert "| [well]" in Path("pages/graders.md").read_text(encoding="utf-8")


# --- checks, thresholds, data -------------------------------------------------------------------------------------

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
        faults = _said(look)
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
        (fault,) = _said(look)
        assert fault.startswith("graders/tiny/thresholds.toml")
        assert sentence in fault


def test_damaged_and_missing_data_is_named(inside: Path) -> None:
    path = Path("graders/tiny/data/points.npz")
    path.write_bytes(path.read_bytes()[:-300])
    assert "graders/tiny/data/points.npz cannot be read as data" in _said(require_sound_graders)[0]
    shutil.rmtree(path.parent)
    assert "graders/tiny/data/points.npz does not exist" in _said(require_sound_graders)[0]
    shutil.rmtree("source/tiny/data")
    assert "Cell setup reads data/points.npz, which is not in source/tiny." in _said(check_source)


def test_a_build_that_raises_is_named(inside: Path) -> None:
    path = Path("graders/tiny/build_data.py")
    path.write_text('def build(given, hidden):\n    raise KeyError("x")\n', encoding="utf-8")
    assert _said(build_data) == ["graders/tiny/build_data.py, line 2 (build): KeyError: 'x'."]
    path.write_text("import nothing_of_this_name\n", encoding="utf-8")
    assert "graders/tiny/build_data.py, line 1: ModuleNotFoundError" in _said(build_data)[0]


# --- the answer bank ----------------------------------------------------------------------------------------------

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
        (fault,) = _said(look)
        assert fault.startswith(sentence)


def test_answers_that_cannot_be_read_are_all_named(inside: Path) -> None:
    Path(WRONG).write_bytes("# why: être\n".encode("latin-1"))
    edit("graders/tiny/answers/right/loop.py", "# why", "# fails: test_x\n# why")
    edit("graders/tiny/thresholds.toml", '"untrained"', '"untraned"')
    assert len(_said(bank)) == 2
    assert f"{WRONG} is not UTF-8 (line 1)" in _said(bank)[1]
    shutil.copy("graders/tiny/answers/wrong/untrained.py", WRONG)
    shutil.rmtree("graders/tiny/answers/right")
    sentence = "[accuracy] names the wrong answer untraned, which does not exist; did you mean untrained?"
    assert sentence in _said(checked_bank)[0]


# --- commands -----------------------------------------------------------------------------------------------------


def test_commands_refuse_what_is_misspelt_or_broken(inside: Path, submit: Callable[..., bytes]) -> None:
    """A sentence and exit code 2, and nothing was graded."""
    folder = inside / "submitted" / "mina" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_bytes(submit())
    for command in ("bank", "mutants", "calibrate", "grade", "feedback", "release", "demo"):
        assert run(command, "tinny") == (2, "no assignment 'tinny' here; did you mean tiny? There are: tiny.\n")
    assert run("grade", "tiny", "-s", "mira")[1].endswith("by mira in submitted/; did you mean mina?\n")
    assert run("bank", "tiny", "--only", "nobody") == (2, "no answer of tiny has 'nobody' in its label.\n")
    assert "has no nbgrader_config.py" in run("release", "--course", "source")[1]
    Path("source/bare").mkdir()
    Path("source/bare/Bare.ipynb").write_text("{}", encoding="utf-8")
    assert "has no bare.ipynb, only Bare.ipynb" in run("release", "bare")[1]
    edit(WRONG, "test_takes_the_mean", "test_take_the_mean")
    for command in ("bank", "calibrate"):
        code, said = run(command, "tiny")
        assert (code, said.startswith(f"{WRONG} names the check test_take_the_mean")) == (2, True)
    edit(CHECKS, "points=1", "points=0")
    for command in (["grade", "tiny"], ["check", str(folder / "tiny.ipynb")], ["bank", "tiny"], ["mutants", "tiny"]):
        code, said = run(*command)
        assert (code, "a check of 'add' must be worth more than nothing" in said) == (2, True)
    assert not Path("autograded").exists()
    assert [f["what"] for f in json.loads(run("doctor", "--json")[1]) if f["state"] == "broken"] == ["tiny"]


def test_a_damaged_record_is_named(inside: Path) -> None:
    Path("graders/tiny/answers/record").mkdir()
    Path("graders/tiny/answers/record/bank.jsonl").write_text("<<<<<<< HEAD", encoding="utf-8")
    code, said = run("report", "--to", "pages")
    assert (code, "graders/tiny/answers/record/bank.jsonl is no record of `goodfit bank`" in said) == (1, True)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_utf_8_shows_question_marks(inside: Path, encoding: str) -> None:
    """Names of students and sets, rich's lines, and our own sentences, on both streams."""
    Path("source/홍길동").mkdir()
    done = start("release", "--course", "홍길동", PYTHONIOENCODING=encoding)
    assert "/??? is not a course folder" in done.communicate(timeout=60)[0]
    assert done.returncode == cli.WRONG_USE
    edit(WRONG, "# fails:", "# fail:")  # our sentence has an ellipsis
    done = start("doctor", PYTHONIOENCODING=encoding)
    said = done.communicate(timeout=100)[0]
    assert "Traceback" not in said
    assert "Python" in said
    done = start("bank", "tiny", PYTHONIOENCODING=encoding)
    assert "`# fails: ?`" in done.communicate(timeout=60)[0]


def test_an_interrupt_is_one_line(inside: Path) -> None:
    """During the imports and in the middle of a command."""
    script = "import signal, os\nos.kill(os.getppid(), signal.SIGINT)\n"
    Path(CHECKS).write_text(f"import time\nprint('begun', flush=True)\ntime.sleep(60)\n{script}", encoding="utf-8")
    command = start("bank", "tiny")
    assert command.stdout is not None
    assert command.stdout.readline() == "begun\n"
    os.killpg(command.pid, signal.SIGINT)
    assert command.communicate(timeout=60)[0] == "stopped; what was finished is kept\n"
    assert command.returncode == cli.INTERRUPTED


def test_a_closed_pipe_is_silent(inside: Path) -> None:
    command = subprocess.run(
        ["bash", "-c", f'"{sys.executable}" -c "from goodfit.cli.app import app; app()" doctor --json | true'],
        stderr=subprocess.PIPE, text=True, timeout=100, check=True,
    )  # fmt: skip
    assert command.stderr == ""


def test_the_reason_is_found_in_nbgraders_log() -> None:
    log = """[GenerateAssignmentApp | ERROR] There was an error processing assignment: x
    Traceback (most recent call last):
      File "a.py", line 1, in <module>
        raise RuntimeError("no")
    RuntimeError: Cannot add or remove cells
[GenerateAssignmentApp | WARNING] Removing failed assignment: release/tiny
[GenerateAssignmentApp | ERROR] Please see the the above traceback for details
"""
    assert last_error(log) == "RuntimeError: Cannot add or remove cells"
    assert (
        last_error("[App | INFO] x\n[App | ERROR] No such kernel\n[App | ERROR] Please see the log") == "No such kernel"
    )
    assert last_error("") == "it gave no reason"


# --- leaks --------------------------------------------------------------------------------------------------------


@pytest.fixture
def released(inside: Path) -> tuple[Assignment, Path]:
    """The set with hidden series and tables, and a release without leaks."""
    rng = np.random.default_rng(1)
    given, hidden = (dict(np.load(Path(root, "tiny/data/points.npz"))) for root in ("source", "graders"))
    series = {"series": rng.normal(size=60), "labels": rng.integers(0, 3, 80), "table": rng.normal(size=(30, 5))}
    np.savez(Path("graders/tiny/data/more.npz"), **series)
    pd.DataFrame(rng.normal(size=(30, 4)), columns=list("abcd")).to_csv("graders/tiny/data/rows.csv", index=False)
    Path("graders/tiny/data/secret.bin").write_bytes(b"\x00\x01secret")
    assert given.keys() == hidden.keys()
    assignment = fresh()
    notebook = nbformat.from_dict(assignment.instructor)
    for preprocessor in (ClearHiddenTests, ComputeChecksums):
        notebook, _ = preprocessor().preprocess(notebook, {})
    folder = Path("release/tiny")
    shutil.copytree("source/tiny", folder)
    nbformat.write(notebook, folder / "tiny.ipynb")
    assert find_leaks(assignment, folder) == []
    return assignment, folder


def _hide(name: str) -> np.ndarray:
    return np.load("graders/tiny/data/more.npz")[name]


def _put(name: str, **arrays: np.ndarray) -> Callable[[Path], None]:
    return lambda folder: np.savez(folder / "data" / name, **arrays)


LEAKS = {
    "solution": (text("add-visible", "try:", "try:\n    total_of_values = np.sum(values)"), "a line of solution of cell mean-answer"),
    "hidden tests": (text("add-visible", "try:", 'if os.environ.get("NBGRADER_EXECUTION"):\n    pass\ntry:'), "a line of hidden tests of cell"),
    "model answer": (text("why", "YOUR ANSWER HERE", "The mean moves with every value, and one wild value moves it far."),
                     "a line of the model answer of cell why"),
    "check": (text("add-visible", "try:", "values = np.random.default_rng(3).normal(size=37)\ntry:"), "a line of test_tiny.py"),
    "answer": (text("add-visible", "try:", "try:\n    total += float(value)"), "a line of answers/right/loop.py"),
    "threshold": (text("title", "It exists", "Reach 0.913. It exists"), "shows the threshold accuracy"),
    "outputs": (lambda nb: cell(nb, "setup").update(outputs=[{"output_type": "stream", "name": "stdout", "text": "7"}]),
                "cell setup has outputs or attachments"),
    "attachment": (lambda nb: cell(nb, "title").update(attachments={"a.png": {"image/png": "AAAA"}}), "cell title has outputs"),
}  # fmt: skip


@pytest.mark.parametrize("kind", LEAKS)
def test_what_leaks_into_the_notebook_is_found(released: tuple[Assignment, Path], kind: str) -> None:
    assignment, folder = released
    change, sentence = LEAKS[kind]
    notebook = json.loads((folder / "tiny.ipynb").read_text(encoding="utf-8"))
    change(notebook)
    (folder / "tiny.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (leak,) = find_leaks(assignment, folder)
    assert sentence in leak


def _whole(name: str) -> Callable[[Path], object]:
    return lambda folder: shutil.copy(Path("graders/tiny/data", name), folder / "data" / "x.dat")


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "rows": (lambda f: np.savez(f / "data/x.npz", other=_hide("table")[[3, 9]]), "holds 2 rows or runs of values of the hidden data/more.npz"),
    "rows in another dtype": (lambda f: np.save(f / "data/x.npy", _hide("table")[4:5].astype("float32")), "holds 1 rows"),
    "part of a series": (lambda f: np.savez(f / "data/x.npz", y=_hide("series")[20:40]), "the hidden data/more.npz"),
    "labels": (lambda f: np.savez(f / "data/x.npz", y=_hide("labels").astype("uint8")), "the hidden data/more.npz"),
    "narrow rows": (lambda f: np.savez(f / "data/x.npz", y=np.load("graders/tiny/data/points.npz")["x"][:30]),
                    "the hidden data/points.npz"),
    "lines of a table": (lambda f: pd.read_csv("graders/tiny/data/rows.csv")[5:9].to_csv(f / "data/x.csv", index=False),
                         "the hidden data/rows.csv"),
    "a series as a table": (lambda f: pd.DataFrame({"n": range(60), "v": _hide("series")}).to_csv(f / "data/x.csv.gz"),
                            "the hidden data/more.npz"),
    "a whole file": (_whole("secret.bin"), "the hidden data/secret.bin"),
    "code": (lambda f: shutil.copy(CHECKS, f / "data" / "x.py"), "a line of test_tiny.py"),
    "code in a file of any name": (lambda f: shutil.copy(CHECKS, f / "data" / "notes"), "a line of test_tiny.py"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_what_leaks_in_a_file_is_found(released: tuple[Assignment, Path], kind: str) -> None:
    """Also where the file is the instructor's own, put into the source by mistake."""
    assignment, folder = released
    make, sentence = FILES[kind]
    make(folder)
    leaks = find_leaks(assignment, folder)
    assert any("is in the release and not in the source" in leak for leak in leaks)
    assert any(sentence in leak for leak in leaks), leaks
    shutil.rmtree("source/tiny/data")
    shutil.copytree(folder / "data", "source/tiny/data")
    leaks = find_leaks(assignment, folder)
    assert leaks
    assert all(sentence in leak or "a line of test_tiny.py" in leak for leak in leaks)


def test_secret_lines_may_begin_with_any_name(released: tuple[Assignment, Path]) -> None:
    """Not an import is what begins with its letters; an import is no secret."""
    assignment, folder = released
    secret, import_ = "important = student.call('mean', [1, 2, 6])", "from collections import Counter"
    with open(CHECKS, "a", encoding="utf-8") as file:
        file.write(f"\n{secret}\n{import_}\n")
    (folder / "data" / "notes.txt").write_text(f"{secret}\n{import_}\n", encoding="utf-8")
    leaks = find_leaks(assignment, folder)
    assert any("notes.txt shows a line of test_tiny.py" in leak for leak in leaks)
    assert not any("Counter" in leak for leak in leaks)


def test_a_picture_in_a_prompt_is_no_leak_and_one_in_a_model_answer_is(released: tuple[Assignment, Path]) -> None:
    _, folder = released
    for name, leak in (("title", False), ("why", True)):
        for path in (Path(NOTEBOOK), folder / "tiny.ipynb"):
            notebook = json.loads(path.read_text(encoding="utf-8"))
            for one in notebook["cells"]:
                one.pop("attachments", None)
            cell(notebook, name)["attachments"] = {"a.png": {"image/png": "AAAA"}}
            path.write_text(json.dumps(notebook), encoding="utf-8")
        leaks = find_leaks(fresh(), folder)
        assert [f"cell {name} has outputs or attachments" in one for one in leaks] == [True] * leak


def test_what_anybody_could_guess_is_no_leak(released: tuple[Assignment, Path]) -> None:
    """Years in a row, labels in order or in turn, and the names of columns stand in many data sets."""
    assignment, folder = released
    common = {
        "year": np.arange(1900, 1960),
        "y": np.arange(100) % 2,
        "c": np.repeat([0, 1, 2], 40),
        "names": np.array(["a", "b"]),
    }
    for seed, path in enumerate((Path("graders/tiny/data/common.npz"), folder / "data/points.npz")):
        np.savez(path, **common, own=np.random.default_rng(10 + seed).normal(size=50))
    assert find_leaks(assignment, folder) == []


# --- Validate -----------------------------------------------------------------------------------------------------


@pytest.fixture
def validated(released: tuple[Assignment, Path], tmp_path: Path) -> Callable[..., dict[str, str]]:
    """What nbgrader's Validate says, without our configuration, of the release with these answers: errors by cell."""
    right = {
        "add-answer": "def add(a, b):\n    return a + b",
        "mean-answer": "def mean(values):\n    return np.mean(values)",
    }
    _, folder = released

    def validate(**cells: str) -> dict[str, str]:
        notebook = json.loads((folder / "tiny.ipynb").read_text(encoding="utf-8"))
        notebook["cells"] = [c for c in notebook["cells"] if not c["id"].startswith("model")]  # seconds of Keras
        for name, source in (
            {**right, "why": "One value moves it."} | {k.replace("_", "-"): v for k, v in cells.items()}
        ).items():
            cell(notebook, name)["source"] = source
        path = tmp_path / "handed-out.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")
        shutil.copytree(folder / "data", tmp_path / "data", dirs_exist_ok=True)
        points = {"3 points": "add", "2 points": "mean"}
        found = Validator().validate(str(path))
        assert set(found) <= {"failed"}
        return {
            next((name for told, name in points.items() if told in one["source"]), "why"): one["raw_error"]
            for one in found.get("failed", [])
        }

    return validate


def test_validate_tells_the_truth_on_a_students_machine(validated: Callable[..., dict[str, str]]) -> None:
    """Each exercise for itself: right, wrong by a visible check, broken, not answered."""
    assert validated() == {}
    wrong = validated(add_answer="def add(a, b):\n    return a - b")
    assert list(wrong) == ["add"]
    assert "add(1, 2) should be 3" in wrong["add"]
    both = validated(
        add_answer="def add(a, b)\n    return a + b", mean_answer="def mean(values):\n    raise NotImplementedError()"
    )
    assert list(both) == ["add", "mean"]
    assert "NameError" in both["add"] or "SyntaxError" in both["add"]
    assert "not written yet" in both["mean"]
    assert validated(mean_answer="def mean(values):\n    # raise NotImplementedError()\n    return values.mean()") == {}


def test_a_graded_cell_is_silent_where_a_student_runs_it(released: tuple[Assignment, Path]) -> None:
    """A student who has made errors on the way runs the whole notebook: no graded cell raises."""
    notebook = json.loads((released[1] / "tiny.ipynb").read_text(encoding="utf-8"))
    for name in ("add", "mean", "model"):
        code = "".join(cell(notebook, name)["source"])
        done = subprocess.run(
            [sys.executable, "-c", f"import sys\nsys.last_value = ValueError()\n{code}"],
            check=True,
            text=True,
            capture_output=True,
        )
        assert (done.stdout, done.stderr) == ("", "")


def _said(look: Callable[[Assignment], object]) -> list[str]:
    """The sentences that come back, or in which it ends."""
    try:
        found = look(fresh())
    except AssignmentError as error:
        return str(error).splitlines()
    assert isinstance(found, list), "it found nothing"
    return found
