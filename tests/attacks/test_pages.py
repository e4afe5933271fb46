"""What a student writes cannot run in another person's browser, and what an instructor writes still looks right."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from jinja2 import Environment
from nbformat.v4 import new_markdown_cell, new_raw_cell

from goodfit.course.batch import grade_class, write_feedback
from goodfit.course.course import Course
from goodfit.notebooks.outputs import TAGS, markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<iframe src='https://example.org'></iframe>",
    "<form action=https://example.org><input name=x></form>",
    "<p style='background:url(javascript:alert(1))' onclick='alert(1)'>x</p>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<!--><script>alert(1)</script>-->",
    "$\\href{javascript:alert(1)}{x}$",
    "$$\\require{html}\\style{position:fixed}{x}$$",
    "<base href='https://example.org'><meta http-equiv=refresh content='0;url=https://example.org'>",
    "<details open ontoggle=alert(1)>x</details>",
    "![x](x\" onerror=\"alert(1))",
]  # fmt: skip


def as_page(source: str) -> str:
    """Markdown through the filter, as nbconvert's templates use it."""
    environment = Environment()
    environment.filters["markdown2html"] = markdown
    return environment.from_string("{{ source | markdown2html }}").render(source=source)


class Browser(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.active: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            target = (value or "").replace(" ", "").replace("\n", "").lower()
            if name.startswith("on") or target.startswith(("javascript:", "data:text", "vbscript:")):
                self.active.append(f"{tag} {name}={value}")
            if name == "style" and any(word in target for word in ("url(", "position", "expression")):
                self.active.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markdown_becomes_plain(source: str) -> None:
    """Scripts, handlers, frames, forms, styles and script links do not survive rendering."""
    html = as_page(source)
    browser = Browser(html)
    assert browser.active == []
    assert 'src="http' not in html
    assert browser.tags <= set(TAGS)
    assert not [word for word in ("\\href", "\\require", "\\style") if word in html]


def test_ordinary_markdown_keeps_its_shape() -> None:
    """Headings, tables, code, formulas and links of a prompt are rendered as ever."""
    html = as_page("## Why\n\n| a | b |\n| --- | --- |\n| `x<5` | $\\frac{a}{b} < 1$ |\n\n[docs](https://keras.io)")
    assert {"h2", "table", "td", "code", "a"} <= Browser(html).tags
    assert "\\frac{a}{b}" in html
    assert 'href="https://keras.io"' in html


def test_feedback_of_a_hostile_notebook_runs_nothing(course: Path) -> None:
    """In nbgrader's feedback page the student's cells add no script, frame or handler to the honest page's."""
    assignment = Course(course).assignment("tiny")
    pages = {}
    for student, extra in (("honest", []), ("hostile", [*HOSTILE, *[f"RAW{h}" for h in HOSTILE]])):
        notebook = nbformat.from_dict(assignment.source)
        notebook.cells = list(notebook.cells)
        for i, text in enumerate(extra):
            make = new_raw_cell if text.startswith("RAW") else new_markdown_cell
            notebook.cells.insert(2, make(text.removeprefix("RAW"), id=f"evil-{i}"))
        folder = course / "submitted" / student / "tiny"
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "tiny.ipynb")
    place = Course(course)
    assert all(not r.trouble for r in grade_class(place, assignment, place.students("tiny"), "auto", workers=2))
    list(write_feedback(place, "tiny", place.students("tiny")))
    for student in ("honest", "hostile"):
        pages[student] = (course / "feedback" / student / "tiny" / "tiny.html").read_text()
    honest, hostile = Browser(pages["honest"]), Browser(pages["hostile"])
    assert hostile.active == honest.active
    assert hostile.tags - honest.tags <= set(TAGS)
    assert pages["hostile"].count("<script") == pages["honest"].count("<script")
    assert "The sum of two numbers is right." in pages["hostile"]
