"""The first cell of a notebook, run as a student runs it; and the release of a course whose repository is named."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from restoring import released
from typer.testing import CliRunner

from goodfit.authoring import binder
from goodfit.cli import app as cli
from goodfit.notebooks.assignment import Assignment, AssignmentError, grade_id
from goodfit.notebooks.environment import CALL, ENVIRONMENT_CELL, Repository
from goodfit.notebooks.restore import restore

NUMPY = ".".join(version("numpy").split(".")[:2])


def first_cell(folder: Path, text: str = ENVIRONMENT_CELL, before: str = "") -> str:
    """What the cell prints in a folder."""
    done = subprocess.run([sys.executable, "-c", f"{before}\n{text}"], cwd=folder, capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout.strip()


def needs(folder: Path, *lines: str) -> Path:
    (folder / "requirements.txt").write_text("# what it needs\n" + "".join(f"{line}\n" for line in lines))
    return folder


def test_says_that_nothing_is_missing(tmp_path: Path) -> None:
    said = first_cell(needs(tmp_path, "jupyterlab==4.6.*", f"numpy=={NUMPY}.*"))
    assert said == f"Nothing is missing: Python {sys.version.split()[0]}, numpy {version('numpy')}."


def test_finds_tensorflow_under_its_other_name(tmp_path: Path) -> None:
    """What is installed here is tensorflow-cpu, and students install tensorflow."""
    number = ".".join(version("tensorflow-cpu").split(".")[:2])
    assert first_cell(needs(tmp_path, f"tensorflow=={number}.*")).startswith("Nothing is missing")


@pytest.mark.parametrize(
    ("lines", "before", "said"),
    [
        (["no-such-package==1.2.*", f"numpy=={NUMPY}.*", "another-one==3.*"], "",
         "Not installed here: no-such-package, another-one. Run python -m pip install -r requirements.txt in a terminal, "
         "in this folder; then restart the kernel."),
        (["numpy==1.2.*"], "",
         f"Other versions than you are graded with: numpy {version('numpy')}, not 1.2. Results can differ: run python -m"),
        ([f"numpy=={NUMPY[:-1] or 9}.*"], "", "Other versions than"),
        ([], "import sys; sys.version_info, sys.version = (3, 9, 1), '3.9.1 (main)'",
         "This is Python 3.9.1, and you need 3.11, 3.12 or 3.13, with what requirements.txt names."),
    ],
    ids=["missing packages", "another version", "2.1 is not 2.10", "Python"],
)  # fmt: skip
def test_says_what_is_wrong_in_one_sentence(tmp_path: Path, lines: list[str], before: str, said: str) -> None:
    assert first_cell(needs(tmp_path, *lines), before=before).startswith(said)


def test_a_notebook_that_lies_alone(tmp_path: Path) -> None:
    assert first_cell(tmp_path).startswith("This notebook lies alone. Put it beside the requirements.txt and data")


def test_in_colab_it_gets_the_files_of_the_set(tmp_path: Path) -> None:
    """A badge opens the notebook alone; the cell clones the course's repository, and works there. Again and again."""
    course, colab = tmp_path / "their repository", tmp_path / "colab"
    place = course / "release" / "ps1"
    place.mkdir(parents=True)
    needs(place, f"numpy=={NUMPY}.*")
    git = ["git", "-C", str(course), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for words in (["init", "-q", "-b", "autumn"], ["add", "."], ["commit", "-qm", "A course"]):
        subprocess.run([*git, *words], check=True)
    colab.mkdir()
    call = f'print(_environment({course.as_uri()!r}, "autumn", "release/ps1"))\nimport os; print(os.getcwd())'
    inside = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')"
    for _ in range(2):
        said = first_cell(colab, ENVIRONMENT_CELL.replace(CALL, call), inside)
        assert said.startswith("Nothing is missing")
        assert said.endswith("colab/course/release/ps1")
    assert "lies alone" in first_cell(colab, ENVIRONMENT_CELL.replace(CALL, call)), "elsewhere it fetches nothing"


# --- the repository that a course names ---------------------------------------------------------------------------


def release(course: Path) -> None:
    done = CliRunner().invoke(cli.app, ["release", "tiny", "--course", str(course)])
    assert done.exit_code == cli.DONE, done.output


@pytest.mark.parametrize("text", ["owner", "https://github.com/a/b", "a/b@", "a/b c", "a/../b", 'a/b"', "a/b@x\ny"])
def test_a_name_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(AssignmentError, match='write "owner/name"'):
        Repository.read(text)


@pytest.mark.parametrize("folder", ["release", "handed_out"])
def test_a_release_links_to_where_it_can_be_opened(course: Path, tiny: Assignment, folder: str) -> None:
    """Badges above the title, files for Colab, packages for Binder; and no student is told that cells were changed."""
    with open(course / "nbgrader_config.py", "a") as file:
        file.write('\nc.Goodfit.repository = "owner/a-course@autumn"\n')
        file.write(f"c.CourseDirectory.release_directory = {folder!r}\n")
    path = course / "source" / "tiny" / "tiny.ipynb"
    notebook = json.loads(path.read_text())
    meta = {"grade": False, "locked": True, "schema_version": 3, "solution": False, "task": False}
    code = {"cell_type": "code", "source": ENVIRONMENT_CELL, "execution_count": None, "outputs": []}
    title = {"cell_type": "markdown", "source": "# Tiny"}
    for name, cell in (("environment", code), ("title", title)):
        if name not in [one["id"] for one in notebook["cells"]]:
            notebook["cells"].insert(0, {"id": name, "metadata": {"nbgrader": {**meta, "grade_id": name}}, **cell})
    path.write_text(json.dumps(notebook))
    release(course)
    notebook = json.loads((course / folder / "tiny" / "tiny.ipynb").read_text())
    cells = {cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    address = f"owner/a-course/blob/autumn/{folder}/tiny/tiny.ipynb"
    assert (
        f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/{address})"
        in cells["title"]
    )
    binder_address = f"https://mybinder.org/v2/gh/owner/a-course/autumn?urlpath=lab/tree/{folder}/tiny/tiny.ipynb"
    assert binder_address in cells["title"]
    assert cells["environment"].endswith(
        f'print(_environment("https://github.com/owner/a-course", "autumn", "{folder}/tiny"))'
    )
    needed = (course / ".binder" / "requirements.txt").read_text()
    assert needed.startswith(binder.HEAD)
    assert "\nnumpy==" in needed
    assert (course / ".binder" / "runtime.txt").read_text().startswith("python-3.1")
    source = Assignment("tiny", course / "source" / "tiny", tiny.graders_dir)
    restored = restore(json.dumps(notebook).encode(), source)
    assert restored.notices == []
    assert restored.attention == []


def test_without_a_repository_nothing_is_added(course: Path) -> None:
    release(course)
    assert not (course / ".binder").exists()
    assert "colab" not in (course / "release" / "tiny" / "tiny.ipynb").read_text()


def test_sets_that_want_different_versions_are_named(tmp_path: Path) -> None:
    sets = []
    for name, line in (("one", "numpy==2.4.*"), ("two", "numpy==1.26.*")):
        (tmp_path / name).mkdir()
        needs(tmp_path / name, line)
        sets.append(Assignment(name, tmp_path / name, tmp_path / "graders" / name))
    (said,) = binder.ensure(tmp_path, sets)
    assert "one wants numpy==2.4.* and two numpy==1.26.*" in said
    assert not (tmp_path / ".binder").exists()


def test_what_an_instructor_wrote_for_binder_stays(tmp_path: Path) -> None:
    (tmp_path / ".binder").mkdir()
    own = tmp_path / ".binder" / "requirements.txt"
    own.write_text("torch\n")
    assert binder.ensure(tmp_path, []) == []
    assert own.read_text() == "torch\n"


# --- files that other programs have saved -------------------------------------------------------------------------


def by_colab(data: dict[str, Any]) -> None:
    """Google Colab: an older format, ids in the metadata, its own words beside nbgrader's."""
    data["nbformat_minor"] = 0
    data["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
    }
    for cell in data["cells"]:
        cell["metadata"] |= {
            "id": cell.pop("id"),
            "colab": {"base_uri": "https://localhost:8080/", "height": 34},
            "outputId": "c2f0e3b1-8d4e-4f0a-d0f5-1f2e3d4c5b6a",
        }
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["seen in Colab\n"]}]
    data["cells"].append(
        {"cell_type": "code", "source": [], "metadata": {"id": "Xy12"}, "execution_count": None, "outputs": []}
    )


def by_vs_code(data: dict[str, Any]) -> None:
    """Visual Studio Code: the source in lines, its own error output, another language_info."""
    data["metadata"] = {
        "kernelspec": {"display_name": ".venv (3.12.3)", "language": "python", "name": "python3"},
        "language_info": {"codemirror_mode": {"name": "ipython", "version": 3}, "name": "python", "version": "3.12.3"},
    }
    for cell in data["cells"]:
        source = "".join(cell["source"]) if isinstance(cell["source"], list) else cell["source"]
        cell["source"] = source.splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["metadata"]["vscode"] = {"languageId": "python"}
            cell["execution_count"] = 3
            cell["outputs"] = [
                {
                    "output_type": "display_data",
                    "metadata": {},
                    "data": {"application/vnd.code.notebook.error": {"name": "E", "message": "m", "stack": "s"}},
                }
            ]


def by_an_old_vs_code(data: dict[str, Any]) -> None:
    """VS Code before cells had ids."""
    by_vs_code(data)
    data["nbformat_minor"] = 2
    for cell in data["cells"]:
        cell.pop("id")


@pytest.mark.parametrize("saved", [by_colab, by_vs_code, by_an_old_vs_code])
def test_what_another_program_has_saved_is_the_same_submission(
    tiny: Assignment, saved: Callable[[dict[str, Any]], None]
) -> None:
    """Every answer is found, in its place, and nobody is told of anything."""
    data = released(tiny)
    wanted = restore(json.dumps(data).encode(), tiny)
    saved(data)
    result = restore(json.dumps(data, indent=2).encode(), tiny)
    told = [(cell.source, grade_id(cell)) for cell in result.notebook.cells if cell.source]
    assert told == [(cell.source, grade_id(cell)) for cell in wanted.notebook.cells]
    assert (result.notices, result.attention, result.untouched) == ([], [], set())
