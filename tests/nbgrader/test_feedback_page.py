"""The feedback page: what it says, that nbgrader's command makes the same, and that everybody can read it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from live_pages import Page
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.api import Gradebook
from nbgrader.apps import GenerateFeedbackApp

from goodfit.course.course import Course
from goodfit.course.nbgrader_plugins import SubmissionReader
from goodfit.grading import for_pages
from goodfit.grading.verdict import CheckVerdict, Outcome
from goodfit.notebooks import headings
from goodfit.pages.feedback import Graded, Score, page
from tests.conftest import GradedClass

NOWHERE = {"src", "srcset", "poster", "background", "action", "formaction", "data", "cite", "ping", "xlink:href"}


class Outline(HTMLParser):
    """What a screen reader goes by.

    Attributes:
        headings: their levels, in order.
        landmarks: elements that are landmarks, in order.
        faults: pictures without words, ids given twice, links to nowhere, addresses that a browser would load.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.landmarks: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)
        self.faults += [f"id {name} twice" for name in set(self.ids) if self.ids.count(name) > 1]
        self.faults += [f"no {link}" for link in self.links if link.startswith("#") and link[1:] not in self.ids]
        self.faults += ["url() or @import in the style"] * bool(re.search(r"url\(|@import", text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag in ("header", "main", "footer"):
            self.landmarks.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []
        if tag == "img" and not given.get("alt"):
            self.faults.append("a picture without words")
        if tag in ("script", "link", "iframe", "object", "embed", "form"):
            self.faults.append(f"<{tag}>")
        self.faults += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.faults += [
            f"{tag} {n}={v[:40]}" for n, v in given.items() if n in NOWHERE and not v.startswith("data:image/")
        ]


def check(outcome: Outcome, **words: Any) -> CheckVerdict:
    told = {"name": "test_x", "grade_id": "g", "sentence": "The sum is right.", "points": 1.0, "earned": 0.0}
    return CheckVerdict(outcome=outcome, **{**told, **words})


def graded_notebook(
    checks: list[CheckVerdict], title: str = "Sums", name: str = "Exercise 1: add", notices: list[str] | None = None
) -> nbformat.NotebookNode:
    """A graded notebook with an answer, a plot whose code is collapsed, a question and a graded cell."""
    picture = {"image/png": "iVBORw0KGgoAAAANSUhEUg=="}
    cells = [
        new_markdown_cell("# Sums\n\n### Add $\\frac{a}{b}$\n\n| a |\n| --- |\n| 1 |"),
        new_code_cell("a + b", metadata={"nbgrader": {"grade_id": "a", "solution": True, "grade": False}}),
        new_code_cell(
            "plot()",
            metadata={"jupyter": {"source_hidden": True}},
            outputs=[new_output("display_data", picture, metadata={"image/png": {"alt": "Plot. Loss by epoch"}})],
        ),
        new_code_cell("0", metadata={"nbgrader": {"grade_id": "g", "solution": False, "grade": True, "points": 2}}),
        new_markdown_cell("Because.", metadata={"nbgrader": {"grade_id": "q", "solution": True, "grade": True}}),
    ]
    told = for_pages.ForPages(title=title, exercises={"g": name}, checks=checks, notices=notices or [], sandboxed=True)
    return new_notebook(cells=cells, metadata={for_pages.KEY: told.model_dump(mode="json")})


def made(notebook: nbformat.NotebookNode, student: str = "ada", **graded: Any) -> str:
    given: dict[str, Any] = {
        "score": 1.0, "points": 4.0, "penalty": 0.0, "seconds_late": 0.0, "comments": {},
        "scores": {"g": Score(1.0, 2.0, False, False), "q": Score(None, 2.0, False, True)},
    }  # fmt: skip
    return page(notebook, student, "sums", Graded(**{**given, **graded}))


def test_both_commands_write_the_same_page(graded: GradedClass, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page has the gradebook's scores and the TA's words; `nbgrader generate_feedback` makes the same one."""
    code, said = graded.goodfit("feedback", "tiny")
    assert code == 0, said
    place = graded.folder / "feedback" / "ada" / "tiny" / "tiny.html"
    ours = place.read_text(encoding="utf-8")
    words = " ".join(Page(ours).words.split())
    assert "A tiny problem set" in words
    assert "7.5 of 9 points" in words  # the model is not attempted; 2 by hand and 0.5 extra
    assert "Well argued." in words
    assert "2.5 of 2 points complete, scored by a teacher" in words
    assert "Expected" in words
    assert "not attempted 0 of 2 points" in words
    assert Outline(ours).faults == []
    monkeypatch.chdir(graded.folder)
    GenerateFeedbackApp.clear_instance()
    GenerateFeedbackApp.launch_instance(["tiny", "--force", "--student=ada", f"--course-dir={graded.folder}"])
    assert place.read_text(encoding="utf-8") == ours


@pytest.mark.parametrize("place", ["own cell", "answer"])
def test_a_student_may_write_markers_of_hidden_tests(graded: GradedClass, submit: Any, place: str) -> None:
    """nbgrader raises for them outside of graded cells; feedback shows them as what they are: a student's words."""
    markers = "### BEGIN HIDDEN TESTS\ntold = 1\n### BEGIN HIDDEN TESTS\n"
    answer = f"def add(a, b):\n    return a + b\n\n{markers}"
    notebook = submit({"add-answer": answer}) if place == "answer" else submit(after={"add-answer": markers})
    (graded.folder / "submitted" / "bo" / "tiny" / "tiny.ipynb").write_bytes(notebook)
    for command in ("grade", "feedback"):
        code, said = graded.goodfit(command, "tiny")
        assert code == 0, said
    text = (graded.folder / "feedback" / "bo" / "tiny" / "tiny.html").read_text(encoding="utf-8")
    words = " ".join(Page(text).words.split())
    assert "told = 1" in words
    assert "only Goodfit grades this cell" not in words


def test_a_page_can_be_read_by_everybody() -> None:
    """One heading of the first level, no level left out, landmarks, words for pictures; nothing loaded, nothing run."""
    text = made(
        graded_notebook([check(Outcome.FAILED, rationale="It is 3.", hint="Count.")]), comments={"q": "# Hm\n\nWhy?"}
    )
    outline = Outline(text)
    assert outline.faults == []
    assert outline.headings.count(1) == 1
    assert outline.headings[0] == 1
    assert all(after <= before + 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert outline.landmarks == ["header", "main", "footer"]
    assert 'alt="Plot. Loss by epoch"' in text
    assert 'lang="en"' in text
    assert {"math", "mfrac", "details", "table"} <= set(Page(text).tags)
    assert "default-src 'none'" in text


def test_a_failed_check_says_what_was_expected_what_came_and_where_to_look() -> None:
    """Beside the cell and at the top, under the exercise's name, with a link to the cell."""
    failed = check(Outcome.FAILED, sentence="The sum is right.", rationale="the sum of `a` is 3.", hint="Count again.")
    text = made(graded_notebook([check(Outcome.PASSED, earned=1.0), failed]))
    words = " ".join(Page(text).words.split())
    told = "Expected The sum is right. What came The sum of a is 3. Where to look next Count again."
    assert words.count(told) == 2
    assert "1 of 2 hidden checks passed" in words
    assert '<h3><a href="#exercise-1">Exercise 1: add</a></h3>' in text
    assert "<code>a</code>" in text


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.PASSED])
def test_every_outcome_has_a_next_step(outcome: Outcome) -> None:
    """A check without a hint of its own is told where to look all the same."""
    words = " ".join(Page(made(graded_notebook([check(outcome)]))).words.split())
    assert re.search(r"Where to look next \w+", words)


def test_checks_that_say_the_same_are_told_once() -> None:
    """An exercise that was not attempted does not fill a screen for each of its checks."""
    checks = [check(Outcome.NOT_ATTEMPTED, sentence=f"Rule {n} holds.", rationale="It is as it was.") for n in range(5)]
    words = Page(made(graded_notebook(checks))).words
    assert words.count("It is as it was.") == 2
    assert words.count("Rule 3 holds.") == 2


def test_scores_are_the_gradebook_s() -> None:
    """A score that a TA gave, an undecided one and a late penalty are told as they are, whatever the notebook says."""
    scores = {"g": Score(0.5, 2.0, True, False), "q": Score(None, 2.0, False, True)}
    notebook = graded_notebook([check(Outcome.PASSED, earned=2.0, points=2.0)])
    words = " ".join(Page(made(notebook, score=3.0, penalty=1.0, seconds_late=7200.0, scores=scores)).words.split())
    assert "2 of 4 points; 2 of them wait for a teacher" in words
    assert "2 h late: 3 points earned, 1 taken off." in words
    assert "0.5 of 2 points , scored by a teacher" in words.replace("points,", "points ,")
    assert "– / 2" in words
    assert "6 d 22 h late. Nothing was taken off." in " ".join(Page(made(notebook, seconds_late=6e5)).words.split())


def test_a_notebook_of_plain_nbgrader_has_a_page_too() -> None:
    """Without a verdict: points by grade_id, the graded cell with its outputs, no word about checks."""
    notebook = graded_notebook([])
    for_pages.detach(notebook)
    notebook.cells[3].outputs = [new_output("error", ename="E", evalue="x", traceback=["\x1b[31mAssertionError: no"])]
    words = " ".join(Page(made(notebook)).words.split())
    assert "AssertionError: no" in words
    assert "What went wrong" not in words


def test_what_a_student_writes_into_the_metadata_reaches_no_page() -> None:
    """A verdict in a handed-in notebook is taken out, also where Goodfit has no graders for the assignment."""
    forged = graded_notebook([check(Outcome.PASSED, earned=2.0)], title="FORGED")
    text, _ = SubmissionReader().from_notebook_node(forged)
    assert "FORGED" not in text
    assert for_pages.read(nbformat.reads(text, as_version=4)) is None


HOSTILE = (
    "</style></title><script>alert(1)</script><img src=x onerror=alert(1)>\" onclick='alert(1)' `<b>` {{ 7*7 }} $x$"
)


def test_hostile_names_and_sentences_are_text() -> None:
    """Attacked: the page, by names of student and exercises, title, sentences, notices and pictures' words."""
    words = {"sentence": HOSTILE, "rationale": HOSTILE, "hint": HOSTILE}
    plain = made(graded_notebook([check(Outcome.FAILED, rationale="`b` x", hint="y")], notices=["`z`"]), student="ada")
    notebook = graded_notebook([check(Outcome.FAILED, **words)], HOSTILE, HOSTILE, [HOSTILE])
    notebook.cells[2].outputs[0].metadata["image/png"]["alt"] = HOSTILE
    notebook.cells[2].outputs[0].metadata["image/png"]["width"] = HOSTILE
    text = made(notebook, student=HOSTILE)
    assert Page(text).live == Page(plain).live
    assert [tag for tag in Page(text).tags if tag != "code"] == [tag for tag in Page(plain).tags if tag != "code"]
    assert "49" not in Page(text).words
    assert "<script>alert(1)</script>" in Page(text).words


def test_exercises_are_called_by_their_headings(repository: Path) -> None:
    """Every graded cell of every set has a name that is no grade_id, without the points in it."""
    for path in sorted((repository / "source").glob("*/*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        names = headings.exercise_names(notebook)
        graded = [c.metadata.nbgrader.grade_id for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]
        assert list(names) == graded, path.name
        assert not [name for name in names.values() if "points)" in name or "#" in name]
        assert headings.title(notebook)


def test_every_formula_of_the_sets_is_drawn(repository: Path) -> None:
    """No formula of a prompt is left as dollars and backslashes."""
    from goodfit.notebooks.outputs import markdown

    for path in sorted((repository / "source").glob("*/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown" and "$" in cell.source:
                assert "$" not in re.sub(r"<code>.*?</code>", "", markdown({"cell": {}}, cell.source)), path.name


def test_an_undecided_cell_is_told(graded: GradedClass) -> None:
    """A page is written anew when a cell begins or ceases to wait for a person."""
    course = Course(graded.folder)
    before = course.shown("tiny", "bo")
    with Gradebook(f"sqlite:///{graded.gradebook}") as book:
        book.find_grade("why", "tiny", "tiny", "bo").needs_manual_grade = False
        book.db.commit()
    assert course.shown("tiny", "bo") != before
