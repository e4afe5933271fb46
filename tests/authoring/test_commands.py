"""What instructors and TAs do wrong at the terminal, and what must not leak into a release."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from author_tools import CHECKS, NOTEBOOK, WRONG, cell, edit, fresh, run, start, text
from nbgrader.validator import Validator

from goodfit.authoring.leaks import find_leaks
from goodfit.cli import app as cli
from goodfit.course.nbgrader_log import last_error
from goodfit.notebooks.assignment import Assignment


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
    code, said = run("report-graders", "--to", "pages")
    assert (code, "graders/tiny/answers/record/bank.jsonl is no record of `goodfit bank`" in said) == (1, True)


@pytest.mark.parametrize("encoding", ["ascii", pytest.param("latin-1", marks=pytest.mark.all)])
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
