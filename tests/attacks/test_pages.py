"""What a student writes cannot run in another person's browser, and what an instructor writes still looks right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from attack_tools import Submit
from jinja2 import Environment
from live_pages import Page, formgrader_page
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_raw_cell

from goodfit.course.batch import grade_class, write_feedback
from goodfit.course.course import Course
from goodfit.grading.verdict import Outcome
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.formulas import ELEMENTS, mathml
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


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markdown_becomes_plain(source: str) -> None:
    """Scripts, handlers, frames, forms, styles and script links do not survive rendering."""
    html = as_page(source)
    page = Page(html)
    assert page.live == []
    assert 'src="http' not in html
    assert set(page.tags) <= TAGS | ELEMENTS
    assert not [word for word in ("\\href", "\\require", "\\style") if word in html]


def test_ordinary_markdown_keeps_its_shape() -> None:
    """Headings, tables, code, formulas and links of a prompt are rendered, a formula without any help from a script."""
    html = as_page("## Why\n\n| a | b |\n| --- | --- |\n| `x<5` | $\\frac{a}{b} < 1$ |\n\n[docs](https://keras.io)")
    assert {"h2", "table", "td", "code", "a", "math", "mfrac"} <= set(Page(html).tags)
    assert "frac" not in Page(html).words
    assert 'href="https://keras.io"' in html


FORMULAS = [
    "\\text{<img src=x onerror=alert(1)>}", "\\text{</mtext></math><script>alert(1)</script>}", "\\hspace{900em}x",
    "\\href{javascript:alert(1)}{x}", "\\color{red;x:url(//evil.example)}x", "\\class{skip}{x}", "\\style{a}{x}",
    "\\text{</mtext><mtext href='//evil.example' onclick='alert(1)' style='position:fixed'>x}", "\\rule{99em}{99em}",
    "\\begin{matrix}" * 90 + "x" + "\\end{matrix}" * 90, "{" * 900 + "x" + "}" * 900, "\\unknown x", "\\frac" * 300, "x" * 9000,
    "\\text{<annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml>}", "\0", "&lt;", "<![CDATA[x]]>",
    "\\text{<!DOCTYPE x [<!ENTITY a 'b'>]>&a;}",
]  # fmt: skip


@pytest.mark.parametrize("tex", FORMULAS, ids=range(len(FORMULAS)))
def test_a_hostile_formula_draws_or_stays_text(tex: str) -> None:
    """Attacked: the page around a formula, by what the converter lets through."""
    drawn = mathml(tex) or ""
    page = Page(drawn)
    assert page.live == []
    assert set(page.tags) <= ELEMENTS
    assert not re.search(r"(href|style|onclick)\s*=|9em|evil", drawn)
    assert set(Page(as_page(f"# a\n\n${tex}$ and ![${tex}$](x.png)")).tags) <= TAGS | ELEMENTS


def test_a_formula_in_a_picture_s_words_stays_text() -> None:
    """A formula in the words for a picture does not end the attribute that they stand in."""
    pasted = "data:image/png;base64," + "iVBORw0KGgo" + "A" * 65
    page = as_page(f'![a $x<y$ "z]({pasted})')
    assert "<math" not in page
    assert 'alt="a x&lt;y' in page


def test_feedback_of_a_hostile_notebook_runs_nothing(course: Path) -> None:
    """In the feedback page the student's cells add no script, frame or handler to the honest page's."""
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
    honest, hostile = Page(pages["honest"]), Page(pages["hostile"])
    assert hostile.live == honest.live
    assert set(hostile.tags) - set(honest.tags) <= TAGS | ELEMENTS
    assert pages["hostile"].count("<script") == pages["honest"].count("<script") == 0
    assert "The sum of two numbers is right." in pages["hostile"]


MARKUP = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<iframe src='https://evil.example'></iframe>",
    "[link](javascript:alert(1))", "![image](javascript:alert(1))", "<a href=' java&#10;script:alert(1)'>x</a>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>", "<form action='/formgrader'><input name=score></form>",
    "<style>body{display:none}</style>", "<link rel=stylesheet href=//evil.example>", "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<object data=x></object><embed src=x>",
    "<div id=mean class='nbgrader_cell score' style='position:fixed;background:url(//evil.example)'>x</div>",
    "[x]: javascript:alert(1)\n\n[x]", "<javascript:alert(1)>", "```mermaid\n<img src=x onerror=alert(1)>\n```",
    "$$<script>alert(1)</script>$$", "\\begin{a}<img src=x onerror=alert(1)>\\end{a}", "# <b onclick=alert(1)>x</b>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<details open ontoggle=alert(1)>x</details>",
    "`<script>`</p><script>alert(1)</script>", "<!--><script>alert(1)</script>-->", "[d](data:text/html,<script>1</script>)",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "![](attachment:none.png)", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "| a | b |\n| --- | --- |\n| <img src=x onerror=alert(1)> | 2 |", "<sc<script>ript>alert(1)</sc</script>ript>",
]  # fmt: skip
LIVE = """
from IPython.display import *
from ipykernel.comm import Comm
def add(a, b):
    "<script>alert(1)</script>"
    raise ValueError("<script>alert(1)</script><img src=x onerror=alert(1)>")
def mean(values):
    return "<script>alert(1)</script>"
markup = MARKUP
for text in markup:
    display(HTML(text), Markdown(text), SVG("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"))
    display(Latex(text), Javascript("alert(1)"), IFrame("https://evil.example", 9, 9), JSON({"a": text}))
    display({"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/html": text, "image/png": text,
             "image/jpeg": "x' onerror='alert(1)", "text/plain": text, "evil/mime": text}, raw=True,
            metadata={"text/html": {"isolated": True}, "image/png": {"width": '1" onload="alert(1)'}, "filenames": {"image/png": "x"}})
    print(text, "\\x1b[31m" + text + "\\x1b]8;;javascript:alert(1)\\x07")
Comm(target_name="evil", data={"x": 1})
raise ValueError(markup[0] + markup[1])
"""
DEAD = {"href", "src", "action", "formaction", "data", "srcdoc", "style", "background", "poster", "xlink:href"}


LIVE_TAGS = (
    "script", "style", "iframe", "form", "input", "object", "embed", "svg", "meta", "base", "link", "button",
    "textarea", "noscript", "video", "audio",
)  # fmt: skip


def hand_in_markup(submit: Submit, edit: Callable[[NotebookNode], Any] | None = None) -> bytes:
    def write(notebook: NotebookNode) -> None:
        for text in MARKUP:
            for make in (nbformat.v4.new_markdown_cell, nbformat.v4.new_raw_cell):
                notebook.cells.insert(1, make(text, metadata={"raw_mimetype": "text/html"}))
        notebook.cells.append(nbformat.v4.new_markdown_cell("\n\n".join(MARKUP)))
        notebook.cells.append(nbformat.v4.new_markdown_cell("![x](attachment:x.svg)", attachments={"x.svg": {
            "image/svg+xml": "PHN2Zz48c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+PC9zdmc+"}}))  # fmt: skip
        for cell in notebook.cells:
            cell.metadata["tags"] = ['"><script>alert(1)</script>']

    live = LIVE.replace("MARKUP", repr(MARKUP))
    return submit({"why": "\n\n".join(MARKUP)}, after={"add-answer": live, "mean-answer": live}, edit=write)


@pytest.mark.filterwarnings("ignore")
def test_nothing_of_a_student_is_live_on_a_page(
    submit: Submit, course: Path, grade_class: Callable[..., dict[str, Any]]
) -> None:
    """Attacked: the browsers of TAs (formgrader) and of students (feedback), by markdown, outputs, errors, metadata."""
    results = grade_class(honest=submit({"why": "It **moves**, *far*, with $x < y$."}), marker=hand_in_markup(submit))
    assert not [r.trouble for r in results.values() if r.trouble]
    opened = Course(course)
    for student in ("honest", "marker"):
        opened.write_feedback("tiny", student)
    pages = {
        "feedback": lambda s: (course / "feedback" / s / "tiny" / "tiny.html").read_text(),
        "formgrader": lambda s: formgrader_page(course, s),
    }
    for name, page in pages.items():
        honest, marker = Page(page("honest")), Page(page("marker"))
        assert marker.live == honest.live, name
        own = {tag: honest.tags.count(tag) for tag in LIVE_TAGS}
        assert {tag: marker.tags.count(tag) for tag in LIVE_TAGS} == own, name
        assert "alert(1)" in marker.words, "it is there to be read"
        assert {tag for tag in marker.tags if tag.startswith("m")} <= ELEMENTS | {"main", "meta", "mark"}, name
        # what is ours, and what is harmless, stays as it was meant
        assert "3 of 3 points" in honest.words
        assert "raised ValueError: <script>alert(1)</script>" in marker.words
        assert {"strong", "p", "div"} <= set(honest.tags)
        assert "<strong>moves</strong>" in page("honest")
    assert "script" not in Page(pages["feedback"]("marker")).tags


def test_feedback_tells_no_secret(
    submit: Submit, course: Path, tiny: Assignment, grade_class: Callable[..., dict[str, Any]]
) -> None:
    """Attacked: thresholds, expected values and hidden tests, through errors, rationales, tracebacks and outputs."""
    nosy = """
import sys, traceback, inspect
def add(a, b):
    print("GOT", np.asarray(a).shape, inspect.stack()[1:])
    traceback.print_stack(file=sys.stdout)
    raise ValueError(f"{inspect.currentframe().f_back.f_locals}")
"""
    mean = "def mean(values):\n    return float(np.median(values)) + 0.25"
    train = (
        "def train(seed):\n    import keras\n    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])"
    )
    notebook = submit({"add-answer": nosy, "mean-answer": mean, "model-answer": train}, model=True)
    bundle = grade_class(nosy=notebook)["nosy"].bundle
    assert not bundle.verdict.needs_human
    assert bundle.verdict.of_cell("model")[0].outcome is Outcome.FAILED
    Course(course).write_feedback("tiny", "nosy")
    hidden = np.random.default_rng(3).normal(size=37)
    secrets = ["0.913", f"{hidden.mean():.6g}", f"{hidden.mean():.3g}", "check.close", "check.meets", "student.call"]
    secrets += ["hidden(", str(tiny.graders_dir), str(course), "test_tiny.py", "thresholds.toml"]
    pages = [p for p in (course / "feedback" / "nosy").rglob("*") if p.is_file()]
    texts = [p.read_bytes().decode("utf-8", "replace") for p in pages] + [
        bundle.verdict.model_dump_json(exclude={"versions"})
    ]
    for cell in nbformat.reads(bundle.notebook, as_version=4).cells:
        texts.append(json.dumps(cell.get("outputs", [])))
    assert [secret for secret in secrets for text in texts if secret in text] == []
