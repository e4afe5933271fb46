"""A student in JupyterLab: opens a release, solves an exercise, sees what its visible check says, hands it in."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_servers import jupyter_server
from playwright.sync_api import TimeoutError
from typer.testing import CliRunner

from goodfit.cli import app as cli

WRONG = "def add(a, b):\n    return a - b"
RIGHT = "def add(a, b):\n    return a + b"
HINT = "Write $1 + 2$ as a sum, and see what `+` does."


@pytest.fixture
def laboratory(course: Path, tmp_path: Path) -> Iterator[str]:
    """JupyterLab in a folder where the release of the tiny set lies, as a student has it."""
    path = course / "source" / "tiny" / "tiny.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += f"\n\n<details><summary>Hint</summary>\n\n{HINT}\n\n</details>"
    nbformat.write(notebook, path)
    done = CliRunner().invoke(cli.app, ["release", "tiny", "--course", str(course)])
    assert done.exit_code == cli.DONE, done.output
    theirs = tmp_path / "student"
    shutil.copytree(course / "release" / "tiny", theirs)
    with jupyter_server(theirs, tmp_path / "home", program="lab") as address:
        yield address


def cell(page: Any, words: str) -> Any:
    return page.locator(".jp-Notebook .jp-Cell", has=page.locator(".jp-InputArea", has_text=words)).first


def choose(page: Any, menu: str, item: str) -> None:
    page.get_by_role("menubar").get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def run_all(page: Any, shows: Any) -> None:
    """Run all cells until the page shows this; on a busy machine the kernel may not be there at once."""
    for _ in range(5):
        choose(page, "Run", "Run All Cells")
        with contextlib.suppress(TimeoutError):
            shows.wait_for(timeout=40_000)
            return
        for dialog in page.get_by_role("dialog").all():  # what JupyterLab asks where the kernel comes late
            dialog.locator("button.jp-mod-accept").click()
    pytest.fail(page.locator("body").inner_text()[-3000:])


def answer(page: Any, text: str) -> None:
    """Write into the answer cell."""
    cell(page, "def add(").locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


@pytest.mark.all
@pytest.mark.timeout(400)
def test_a_student_solves_an_exercise(laboratory: str, visit: Callable[..., Any], tmp_path: Path) -> None:
    opened = visit(f"{laboratory}/lab/tree/tiny.ipynb?reset")
    page = opened.page
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for()  # the kernel
    visible = cell(page, "add(1, 2) should be 3").locator(".jp-Cell-outputArea")

    hint = page.locator("details", has_text="see what")
    assert not hint.get_by_text("see what").is_visible(), "hints are for who asks"
    hint.locator("summary").click()
    hint.get_by_text("see what").wait_for()
    run_all(page, visible.get_by_text("Not yet: write add above first."))
    answer(page, WRONG)
    run_all(page, visible.get_by_text("AssertionError: add(1, 2) should be 3"))
    page.get_by_role("button", name="Validate").click()
    told = page.get_by_role("dialog")
    told.get_by_text("add(1, 2) should be 3").first.wait_for()
    told.get_by_role("button").last.click()

    answer(page, f"{RIGHT}\n\nprint('written')")
    run_all(page, cell(page, "def add(").locator(".jp-Cell-outputArea").get_by_text("written"))
    page.wait_for_function("e => !e.innerText.trim()", arg=visible.element_handle())
    page.keyboard.press("ControlOrMeta+s")
    with page.expect_download() as downloading:
        choose(page, "File", "Download")
    downloading.value.save_as(tmp_path / "handed in.ipynb")
    notebook = nbformat.read(tmp_path / "handed in.ipynb", as_version=4)
    assert [c.source for c in notebook.cells if c.source.startswith(RIGHT)]
    assert opened.strangers == []
