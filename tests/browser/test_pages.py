"""The pages that Goodfit writes, in a browser: read by everybody, alone, and running nothing of a student's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graded_classes import drawn, save
from nbformat.v4 import new_markdown_cell, new_output, new_raw_cell
from typer.testing import CliRunner

from goodfit.cli import app as cli
from goodfit.notebooks.assignment import Assignment

DESK, PHONE = (1280, 900), (360, 780)
Visit = Callable[..., Any]
LIVE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<b onclick=alert(1)>x</b>",
    '<a id=trap href="javascript:alert(1)">x</a>', "<iframe src='https://evil.example'></iframe>",
    "<form action=https://evil.example><button id=send>x</button></form>", "<base href='https://evil.example'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>", "![x](https://evil.example/x.png)",
    "<style>@import url(https://evil.example/x.css)</style>", "<details open ontoggle=alert(1)>x</details>",
    "$\\href{javascript:alert(1)}{x}$", "<link rel=stylesheet href=//evil.example>",
    "<video src=//evil.example autoplay>",
]  # fmt: skip


def test_the_browser_notices(visit: Visit, tmp_path: Path) -> None:
    """What the other tests look for is found where it is."""
    path = tmp_path / "live.html"
    path.write_text("<p style='color:#eee;width:3000px'>pale" + "".join(LIVE))
    found = visit(path)
    found.page.wait_for_timeout(300)
    assert found.dialogs
    assert [url for url in found.strangers if "evil.example" in url]
    path.write_text("<p style='color:#eee;width:3000px'>pale")
    found = visit(path)
    assert any(one.startswith("color-contrast") for one in found.findings())
    assert found.overflow() > 1000


def run(folder: Path, *words: str) -> str:
    done = CliRunner().invoke(cli.app, [*words, "--course", str(folder)], catch_exceptions=False)
    assert done.exit_code in (cli.DONE, cli.SOME_TROUBLE), done.output
    return done.output


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, graded_once: Path, tiny: Assignment) -> Path:
    """The report on forty students of an invented class."""
    import shutil

    folder = Path(shutil.copytree(graded_once, tmp_path_factory.mktemp("report") / "course"))
    save(folder, tiny, drawn(tiny, 40))
    for made in drawn(tiny, 40):
        (folder / "submitted" / made.student / "tiny").mkdir(parents=True, exist_ok=True)
    run(folder, "report", "tiny")
    return folder / "reports" / "tiny.html"


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "dark"), (PHONE, "light")], ids=["desk", "phone"])
def test_the_report_is_for_everybody(report: Path, visit: Visit, size: tuple[int, int], scheme: str) -> None:
    page = visit(report, size, scheme)
    assert page.findings() == []
    assert page.overflow() <= 0
    assert (page.strangers, page.complaints, page.dialogs) == ([], [], [])


def test_the_report_sorts_and_filters(report: Path, visit: Visit) -> None:
    """By a click on a heading, twice for the other way; by a word, and by a kind."""
    page = visit(report).page
    rows = page.locator("#everybody tbody tr")
    everybody = rows.count()
    assert everybody >= 40
    heading = page.locator("#everybody thead th", has_text="Points").first
    scores = "[...document.querySelectorAll('#everybody tbody tr')].map(r => Number(r.cells[INDEX].dataset.v))"
    column = heading.evaluate("cell => cell.cellIndex")
    heading.get_by_role("button").click()
    up = [one for one in page.evaluate(scores.replace("INDEX", str(column))) if one is not None]
    assert heading.get_attribute("aria-sort") == "ascending"
    assert up == sorted(up)
    assert len(set(up)) > 1
    heading.get_by_role("button").click()
    assert page.evaluate(scores.replace("INDEX", str(column))) == sorted(up, reverse=True)
    one = rows.first.locator("td, th").first.inner_text().split()[0]
    page.locator("#find").fill(one)
    shown = page.locator("#everybody tbody tr:visible")
    assert 1 <= shown.count() < everybody
    assert f"{shown.count()} of {everybody}" in page.locator("#found").inner_text()


def test_feedback_is_for_everybody(graded: Any, visit: Visit) -> None:
    """With a mistake, a comment by hand and a plot; and on paper nothing is cut off."""
    run(graded.folder, "feedback", "tiny")
    for student, size, scheme in (("ada", PHONE, "dark"), ("bo", DESK, "light")):
        page = visit(graded.folder / "feedback" / student / "tiny" / "tiny.html", size, scheme)
        assert page.findings() == []
        assert page.overflow() <= 0
        page.page.emulate_media(media="print", color_scheme="light")
        assert page.findings() == []
        assert (page.strangers, page.complaints, page.dialogs) == ([], [], [])


def test_a_hostile_notebook_runs_nothing(graded: Any, visit: Visit, submit: Callable[..., bytes]) -> None:
    """In the feedback page, and in the report: no window, no request, no way off, whatever is clicked."""

    def spoil(notebook: Any) -> None:
        for i, text in enumerate(LIVE):
            notebook.cells.insert(3, new_markdown_cell(text, id=f"evil-{i}"))
            notebook.cells.insert(3, new_raw_cell(text, id=f"raw-{i}"))
        shown = [new_output("display_data", data={"text/html": text}) for text in LIVE]
        code = next(cell for cell in notebook.cells if cell.cell_type == "code")
        code.outputs = [*shown, new_output("display_data", data={"image/svg+xml": "<svg onload='alert(1)'/>"})]

    show = f"for text in {LIVE!r}:\n    display(HTML(text), Javascript('alert(1)'))\n    print(text)"
    code = f"from IPython.display import *\n{show}\nraise ValueError({LIVE[1]!r})"
    wrong = f"def add(a, b):\n    raise ValueError({LIVE[1]!r})"
    notebook = submit({"add-answer": wrong}, after={"setup": code}, edit=spoil)
    folder = graded.folder / "submitted" / "mallory" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_bytes(notebook)
    scores = json.loads(run(graded.folder, "grade", "tiny", "--jobs", "1", "--json"))
    assert scores["mallory"]["earned"] < scores["bo"]["earned"]
    run(graded.folder, "feedback", "tiny")
    run(graded.folder, "report", "tiny")
    for path in ("feedback/mallory/tiny/tiny.html", "reports/tiny.html"):
        made = visit(graded.folder / path)
        before = made.page.url
        for selector in ("#trap", "#send", "a[href^='javascript' i]", "img", "svg"):
            for element in made.page.locator(selector).all()[:5]:
                element.dispatch_event("click")
        made.page.wait_for_timeout(300)
        assert made.page.url == before
        assert (made.strangers, made.dialogs) == ([], [])
