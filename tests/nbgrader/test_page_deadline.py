"""A page has a time; what takes longer is shown as it was written, and the class's other pages do not wait for it."""

from __future__ import annotations

import os
import time
from typing import Any

import pytest
from live_pages import Page, formgrader_page

from goodfit.course import batch
from goodfit.course.course import Course
from goodfit.pages import feedback, formgrader
from goodfit.pages.deadline import TooSlow, within

SLOW = "x = 1" + "\n \t" * 20_000 + "\nlast = 'seen'"  # minutes of Pygments


def test_what_is_made_in_time_is_returned() -> None:
    """Long texts whole, and lone surrogates as they were."""
    assert within(20, lambda: "ä\udcff" * 3_000_000) == "ä\udcff" * 3_000_000


def test_what_raises_in_time_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        within(20, lambda: str(1 / 0))


@pytest.mark.parametrize("what", ["computes", "ends its process"])
def test_what_takes_too_long_or_dies_is_too_slow(what: str) -> None:
    def make() -> str:
        while what == "computes":
            pass
        os.kill(os.getpid(), 9)
        return ""

    before = time.process_time()
    with pytest.raises(TooSlow):
        within(1, make)
    assert time.process_time() - before < 1, "this process did not compute"


def test_a_slow_page_is_shown_plain(graded: Any, submit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both students get their pages, side by side; the slow one has its words as they were written, and says so."""
    monkeypatch.setattr(feedback, "PAGE_SECONDS", 4)
    notebook = submit({"why": "Because. <b>it</b>"}, after={"add-answer": SLOW})
    (graded.folder / "submitted" / "bo" / "tiny" / "tiny.ipynb").write_bytes(notebook)
    code, said = graded.goodfit("grade", "tiny")
    assert code == 0, said
    course = Course(graded.folder)
    assert sorted(batch.write_feedback(course, "tiny", ["ada", "bo"], workers=2)) == ["ada", "bo"]
    ada, bo = (
        Page((graded.folder / "feedback" / student / "tiny" / "tiny.html").read_text(encoding="utf-8"))
        for student in ("ada", "bo")
    )
    assert "takes too long" not in ada.words
    assert "Well argued." in ada.words
    assert "takes too long" in bo.words
    assert "last = 'seen'" in bo.words
    assert "<b>it</b>" in bo.words


def test_formgrader_shows_a_slow_notebook_plain(graded: Any, submit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its server draws all pages in one thread: no page keeps the others waiting, and none asks another host."""
    monkeypatch.setattr(formgrader, "PAGE_SECONDS", 3)
    notebook = submit({"why": "Because $x^2$. <b>it</b>"}, after={"add-answer": SLOW})
    (graded.folder / "submitted" / "bo" / "tiny" / "tiny.ipynb").write_bytes(notebook)
    code, said = graded.goodfit("grade", "tiny")
    assert code == 0, said
    before = time.process_time()
    ada, bo = (formgrader_page(graded.folder, student) for student in ("ada", "bo"))
    assert time.process_time() - before < 3, "this process only put the pages together"
    assert '<span class="k">return</span>' in ada, "in colours"
    assert "too long to draw" not in ada
    words = Page(bo).words
    assert "too long to draw" in words
    assert "last = 'seen'" in words
    assert "<b>it</b>" in words
    assert "The sum of two numbers is right." in words
    assert "mathjax/" not in ada + bo
