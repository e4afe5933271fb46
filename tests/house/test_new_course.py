"""A course of one's own: what the wheel carries, and what a new user does with it, outside of this repository."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from goodfit.authoring.new import TEMPLATES
from goodfit.cli import app as cli
from goodfit.course.course import Course
from goodfit.notebooks.assignment import Assignment, natural

REPOSITORY = Path(__file__).resolve().parents[2]
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built in a copy of the checkout in which the problem sets lie as well."""
    root = tmp_path_factory.mktemp("wheel")
    left_out = shutil.ignore_patterns(".*", "build", "dist", "tests", "*.egg-info", "__pycache__", "submitted", "*.db")
    shutil.copytree(REPOSITORY, root / "checkout", ignore=left_out)
    subprocess.run([sys.executable, "-c", BUILD, root], cwd=root / "checkout", check=True, capture_output=True)
    (made,) = root.glob("*.whl")
    return made


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, [*words], catch_exceptions=False)
    return done.exit_code, " ".join(done.output.split())


# --- the wheel ----------------------------------------------------------------------------------------------------


def test_the_wheel_carries_the_engine_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    engine = {str(p.relative_to(REPOSITORY)) for p in (REPOSITORY / "goodfit").rglob("*.py")}
    kinds = ("*.j2", "*.css", "*.js")
    pages = {str(p.relative_to(REPOSITORY)) for kind in kinds for p in (REPOSITORY / "goodfit").rglob(kind)}
    assert pages
    assert {name for name in names if ".dist-info/" not in name} == engine | pages


@pytest.mark.all
@pytest.mark.timeout(900)
def test_a_new_users_path(wheel: Path, tmp_path: Path) -> None:
    """Install the wheel, make a course and a set, release, test the graders, grade: nothing of the repository."""
    venv, course = tmp_path / "venv", tmp_path / "my course"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    library = Path(sysconfig.get_path("purelib", vars={"base": str(venv)}))
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "NBGRADER", "JUPYTER_", "PYTHONPATH"))}
    install = ["--python", str(venv / "bin" / "python"), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], env=ours, check=True, capture_output=True)
    (library / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")  # the libraries are there already
    path = os.pathsep.join([str(venv / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])

    def goodfit(*words: str, cwd: Path = course) -> str:
        done = subprocess.run(
            [venv / "bin" / "goodfit", *words], cwd=cwd, env={**ours, "PATH": path}, capture_output=True, text=True
        )
        assert done.returncode == 0, f"goodfit {' '.join(words)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    code = "import goodfit; print(goodfit.__file__)"
    used = subprocess.run([venv / "bin" / "python", "-c", code], cwd=tmp_path, env=ours, capture_output=True, text=True)
    assert Path(used.stdout.strip()).is_relative_to(venv)
    goodfit("new", "course", course.name, cwd=tmp_path)
    goodfit("new", "set", "ps1_first")
    assert "nothing hidden in it" in goodfit("release")
    tried = json.loads(goodfit("bank", "ps1_first", "--json"))
    assert {one["answer"]: one["as_expected"] for one in tried} == dict.fromkeys(
        ("reference", "right/plain_loop", "wrong/counts_only"), True
    )
    folder = course / "submitted" / "ada" / "ps1_first"
    folder.mkdir(parents=True)
    shutil.copy(course / "source" / "ps1_first" / "ps1_first.ipynb", folder)
    verdict = json.loads(goodfit("grade", "ps1_first", "--json"))["ada"]
    assert (verdict["earned"], verdict["points"]) == (2, 2)
    assert verdict["sandbox"] != "none"


# --- `goodfit new` ------------------------------------------------------------------------------------------------


def test_this_repository_is_wired_as_a_new_course_is() -> None:
    assert (TEMPLATES / "course" / "nbgrader_config.py.j2").read_text() == (
        REPOSITORY / "nbgrader_config.py"
    ).read_text()


def test_a_new_course_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name in ("full", "file"):
        code, said = run("new", "course", str(tmp_path / name))
        assert code == 2
        assert "is there already, and is not an empty folder" in said
    assert run("new", "course", str(tmp_path / "50%"))[0] == 2
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["file", "full", "notes.txt"]
    (tmp_path / "empty").mkdir()
    assert run("new", "course", str(tmp_path / "empty"))[0] == 0


def test_a_new_set_overwrites_nothing_and_refuses_odd_names(tmp_path: Path) -> None:
    course = str(tmp_path / "course")
    assert run("new", "set", "one", "--course", str(tmp_path))[0] == 2  # no course folder
    made = json.loads(CliRunner().invoke(cli.app, ["new", "course", course, "--json"]).output)
    assert str(tmp_path / "course" / "nbgrader_config.py") in made
    assert run("new", "set", "one", "--course", course)[0] == 0
    before = {p: p.read_bytes() for p in Path(course).rglob("*") if p.is_file()}
    for name, words in (
        ("one", "is there already"), ("a b", "no name for a set"), ("../up", "no name for a set"), ("2nd", "no name"),
        ("class", "no name for a set"), ("é", "no name for a set"), ("numpy", "numpy already"), ("", "no name"),
    ):  # fmt: skip
        code, said = run("new", "set", name, "--course", course)
        assert (code, words in said) == (2, True), (name, said)
    assert {p: p.read_bytes() for p in Path(course).rglob("*") if p.is_file()} == before


def test_a_new_set_goes_where_the_course_keeps_its_sets(tmp_path: Path) -> None:
    course = tmp_path / "course"
    assert run("new", "course", str(course))[0] == 0
    with open(course / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write(f"c.Goodfit.graders_directory = {str(tmp_path / 'hidden')!r}\n")
    assert run("new", "set", "one", "--course", str(course))[0] == 0
    assert (tmp_path / "hidden" / "one" / "test_one.py").is_file()
    assert not (course / "graders" / "one").exists()


# --- sets in order ------------------------------------------------------------------------------------------------


def test_sets_sort_as_people_count(tmp_path: Path) -> None:
    course = tmp_path / "course"
    run("new", "course", str(course))
    for name in ("ps10", "ps2", "ps1_b", "extra"):
        run("new", "set", name, "--course", str(course))
    assert Course(course).assignments() == ["extra", "ps1_b", "ps2", "ps10"]
    every = Assignment.every(course / "source", course / "graders")
    assert [one.name for one in every] == ["extra", "ps1_b", "ps2", "ps10"]
    assert sorted(["a10b2", "a2", "10", "9", "a10b10"], key=natural) == ["9", "10", "a2", "a10b2", "a10b10"]
