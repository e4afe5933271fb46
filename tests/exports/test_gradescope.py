"""An autograder for Gradescope: its zip, and what it writes for a mistake, no notebook and a broken check."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from goodfit.cli import app as cli
from goodfit.exports import gradescope_run
from goodfit.grading.pool import Graders

Class = Any  # of conftest.py
Submit = Any
SUPPORT = Path(__file__).parents[1] / "support"
TESTS = {"name", "score", "max_score", "status", "output", "visibility"}


@pytest.fixture
def exported(graded: Class, tmp_path: Path) -> Path:
    """What `goodfit export --to gradescope` writes of the graded class."""
    (graded.folder / "graders" / "other").mkdir()
    (graded.folder / "graders" / "other" / "test_other.py").write_text("secret of another set")
    folder = tmp_path / "gradescope"
    words = ["export", "tiny", "--to", "gradescope", "--output", str(folder), "--course", str(graded.folder)]
    done = CliRunner().invoke(cli.app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "at least 3 GB" in done.stderr
    assert "Waiting for manual grading, and without a results.json (--unfinished makes it): bo." in done.stderr
    return folder


def unpacked(exported: Path, root: Path) -> Path:
    """Gradescope's folder, with the zip in its place."""
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    with zipfile.ZipFile(exported / "autograder.zip") as archive:
        for entry in archive.infolist():
            archive.extract(entry, root / "source")
            os.chmod(root / "source" / entry.filename, entry.external_attr >> 16)
    return root


def checked(path: Path) -> dict[str, Any]:
    """A results.json that keeps to Gradescope's specification."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    assert {whole[key] for key in ("output_format", "test_output_format", "test_name_format")} == {"text"}
    assert (whole["visibility"], whole["stdout_visibility"]) == ("visible", "hidden")
    for one in whole["tests"]:
        assert set(one) == TESTS
        assert one["score"] >= 0  # above the most: extra credit
        assert one["status"] == ("passed" if one["score"] >= one["max_score"] else "failed")
        assert one["visibility"] == "visible"
    return whole


def test_what_is_in_the_zip(exported: Path, tmp_path: Path) -> None:
    """This set alone, without its bank of answers; scripts that a shell can read; nothing of the course's settings."""
    with zipfile.ZipFile(io.BytesIO((exported / "autograder.zip").read_bytes())) as archive:
        names = archive.namelist()
        everything = b"".join(map(archive.read, names))
        assert {name.split("/")[0] for name in names if "/" not in name} == {
            "setup.sh", "run_autograder", "settings.json", "requirements.txt", "NEEDS.txt",
        }  # fmt: skip
        assert "set/graders/tiny/test_tiny.py" in names
        assert "set/source/tiny/data/points.npz" in names
        of_the_set = {name.split("/")[2] for name in names if name.startswith("set/")}
        assert of_the_set == {"tiny"}
        assert not [name for name in names if name.startswith("set/graders/tiny/answers")]
        assert "nbgrader_config.py" not in {Path(name).name for name in names}
        assert b"secret of another set" not in everything
        assert str(tmp_path).encode() not in everything
        assert b"nbgrader==0.9.6" in archive.read("requirements.txt")
    root = unpacked(exported, tmp_path / "autograder")
    for script in ("setup.sh", "run_autograder"):
        assert os.access(root / "source" / script, os.X_OK)
        subprocess.run(["bash", "-n", str(root / "source" / script)], check=True)


def test_results_of_the_class(exported: Path) -> None:
    """The gradebook's scores: a TA's count, and who waits for a person has none."""
    whole = checked(exported / "results" / "ada" / "results.json")
    assert whole["score"] == 7.5
    assert sum(one["score"] for one in whole["tests"]) == 7.5
    assert not (exported / "results" / "bo").exists()


@pytest.mark.all
@pytest.mark.timeout(900)
def test_run_autograder(exported: Path, tmp_path: Path, submit: Submit) -> None:
    """The script itself, with its folders elsewhere, on a submission with a mistake, as a container's root."""
    root = unpacked(exported, tmp_path / "autograder")
    (root / "submission" / "tiny.ipynb").write_bytes(submit({"add-answer": "def add(a, b):\n    return 0"}))
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "PYTHONPATH"))}
    ours = {**clean, "AUTOGRADER": str(root), "AUTOGRADER_PYTHON": sys.executable}
    command = [str(root / "source" / "run_autograder")]
    if contained := os.geteuid() == 0 and shutil.which("setpriv") is not None:
        command = [sys.executable, str(SUPPORT / "without_sys_admin.py"), str(root), *command]
    done = subprocess.run(command, env=ours, capture_output=True, text=True, timeout=800, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ("Once more as an ordinary user" in done.stdout) == contained
    scores = {one["name"]: one["score"] for one in checked(root / "results" / "results.json")["tests"]}
    assert 0 in scores.values()
    assert sum(scores.values()) > 0


def test_whose_fault_it_is(exported: Path, tmp_path: Path, graders: Graders, monkeypatch: pytest.MonkeyPatch) -> None:
    """No notebook: no points, and why. A check of ours that breaks: no score at all, and an exit code."""
    root = unpacked(exported, tmp_path / "autograder")
    monkeypatch.setattr(gradescope_run, "serving", lambda *_: contextlib.nullcontext((graders.tier, graders.server)))
    (root / "submission" / "essay.pdf").write_bytes(b"%PDF")
    assert gradescope_run.main(root) == gradescope_run.DONE
    whole = checked(root / "results" / "results.json")
    assert {one["score"] for one in whole["tests"]} == {0}
    assert "essay.pdf" in whole["output"]
    for path in (root / "source" / "set" / "graders" / "tiny").glob("test_*.py"):
        path.write_text(path.read_text() + "\n\nraise RuntimeError('ours')\n")
    (root / "submission" / "essay.pdf").unlink()
    notebook = root / "source" / "set" / "source" / "tiny" / "tiny.ipynb"
    (root / "submission" / "tiny.ipynb").write_bytes(notebook.read_bytes())
    assert gradescope_run.main(root) == gradescope_run.OUR_FAULT
    assert not (root / "results" / "results.json").exists()
