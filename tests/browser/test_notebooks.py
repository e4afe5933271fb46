"""The released notebooks in JupyterLab, looked at by jupyterlab-a11y-checker: can everybody read them?"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_servers import jupyter_server
from nbformat.v4 import new_markdown_cell, new_notebook

RELEASES = Path(__file__).parents[2] / "release"
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
FOUND = "all => all.map(one => [one.dataset.violationId, one.querySelector('.offending-snippet').textContent])"


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab in a folder with all releases, and with one notebook that nobody should write."""
    folder = tmp_path_factory.mktemp("releases")
    for release in RELEASES.iterdir():
        if release.is_dir():
            shutil.copytree(release, folder / release.name)
    faulty = new_notebook(metadata={"kernelspec": KERNEL})
    faulty.cells = [new_markdown_cell("## No title\n\n#### A level is left out\n\n![](picture.png)")]
    (folder / "faulty").mkdir()
    nbformat.write(faulty, folder / "faulty" / "faulty.ipynb")
    with jupyter_server(folder, tmp_path_factory.mktemp("home"), program="lab", checker=True) as address:
        yield address


def findings(visit: Callable[..., Any], address: str, name: str) -> list[list[str]]:
    page = visit(f"{address}/lab/tree/{name}/{name}.ipynb?reset").page
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for()
    button = page.locator(".analyze-control-button")
    if not button.is_visible():
        page.locator("[data-id='a11y-sidebar']").first.click()
    button.click()
    page.wait_for_function(
        "e => !e.disabled && !/analyzing|please wait/i.test(e.innerText)", arg=button.element_handle()
    )
    page.wait_for_timeout(3_000)  # it says when it begins, and not when it has ended
    return page.locator(".issue-widget").evaluate_all(FOUND)  # type: ignore[no-any-return]


@pytest.mark.all
@pytest.mark.timeout(300)
def test_the_checker_finds_what_is_wrong(laboratory: str, visit: Callable[..., Any]) -> None:
    """Else its silence about the releases would mean nothing."""
    kinds = {kind for kind, _ in findings(visit, laboratory, "faulty")}
    assert kinds == {"image-missing-alt", "heading-missing-h1", "heading-wrong-order"}


@pytest.mark.all
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "name", sorted(p.name for p in (Path(__file__).parents[2] / "release").iterdir() if p.is_dir())
)
def test_everybody_can_read_a_release(laboratory: str, visit: Callable[..., Any], name: str) -> None:
    assert findings(visit, laboratory, name) == []
