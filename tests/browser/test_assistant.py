"""A TA in formgrader: presses autograde, sees verdict and plots, grades the question by hand; feedback shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_servers import jupyter_server
from typer.testing import CliRunner

from goodfit.cli import app as cli

PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2, 4])\nplt.show()"


@pytest.mark.all
@pytest.mark.timeout(400)
def test_a_submission_is_graded_by_hand(
    course: Path, tmp_path: Path, submit: Callable[..., bytes], visit: Callable[..., Any]
) -> None:
    done = CliRunner().invoke(cli.app, ["release", "tiny", "--course", str(course)])
    assert done.exit_code == cli.DONE, done.output
    folder = course / "submitted" / "kim" / "tiny"
    folder.mkdir(parents=True)
    wrong = {"mean-answer": "def mean(values):\n    return values[0]", "why": "It moves, and far."}
    (folder / "tiny.ipynb").write_bytes(submit(wrong, after={"add": PLOT}))
    with jupyter_server(course, tmp_path / "home", ready="formgrader/api/status") as address:
        opened = visit(f"{address}/formgrader/manage_submissions/tiny")
        page = opened.page
        row = page.locator("#main-table tr", has_text="kim")
        row.locator(".autograde a").click()
        page.get_by_role("dialog").get_by_text("Successfully autograded").wait_for()
        page.goto(f"{address}/formgrader/gradebook/tiny/tiny")
        page.locator("#main-table tr", has_text="ubmission").locator("a").first.click()
        page.get_by_text("The mean of any number of values is right.").first.wait_for()
        drawn = page.locator(".jp-OutputArea img, .output img, img[src^='data:image/png']")
        assert drawn.first.evaluate("picture => picture.naturalWidth") > 100
        question = page.locator(".nbgrader_cell", has_text="It moves, and far.")
        points = question.locator("input.score")
        points.fill("1.5")
        points.press("Tab")
        remark = question.locator("textarea.comment")
        remark.fill("Say how far.")
        with page.expect_response(lambda answer: "/api/comment/" in answer.url):
            remark.press("Tab")
        page.wait_for_load_state("networkidle")
        page.goto(f"{address}/formgrader/manage_submissions/tiny")
        row.locator(".generate-feedback a").click()
        page.get_by_role("dialog").get_by_text("generated feedback").first.wait_for()
        assert opened.strangers == []
        assert opened.complaints == []
    page = visit(course / "feedback" / "kim" / "tiny" / "tiny.html").page
    assert page.get_by_text("Say how far.").first.is_visible()
    assert page.get_by_text("4.5").first.is_visible(), "3 points for the sum, 1.5 by hand"
