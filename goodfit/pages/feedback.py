"""A student's feedback: one page, complete in itself, that asks no other host for anything and runs no script.

nbgrader's ``generate_feedback`` takes :class:`FeedbackPage` for its exporter, and so does ``goodfit feedback``. Scores
and comments are the gradebook's; what the checks say comes from the graded notebook (:mod:`goodfit.grading.for_pages`).
The template escapes everything but what passed :mod:`goodfit.notebooks.outputs`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, partial
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import Any

from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbconvert.filters.ansi import ansi2html
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Grade, Gradebook

from goodfit.grading import for_pages
from goodfit.grading.for_pages import ForPages
from goodfit.grading.verdict import CheckVerdict, Outcome
from goodfit.grading.verdict_view import points
from goodfit.notebooks import outputs
from goodfit.notebooks.lateness import late_in_words
from goodfit.pages.deadline import TooSlow, within
from goodfit.pages.templates import template

NEXT = {  # where to look, when the check itself does not say
    Outcome.FAILED: "Call your function with a small case like the one described, and compare by hand.",
    Outcome.NOT_ATTEMPTED: "Write your answer where the cell says YOUR CODE HERE, in place of the line that raises.",
    Outcome.COULD_NOT_RUN: "Restart the kernel, run the notebook from the top, and read the first message in red.",
    Outcome.GRADER_ERROR: "Nothing: a teacher looks at it, and it costs you no points.",
}
SIGNS = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.NOT_ATTEMPTED: "○",
    Outcome.COULD_NOT_RUN: "!",
    Outcome.GRADER_ERROR: "?",
}
PAGE_SECONDS = 30  # of a processor; an ordinary page takes one
MAX_HIGHLIGHTED = 100_000  # characters of a cell; what is longer is shown without colours
HEADING = re.compile(r"<(/?)h([1-6])(?=[ >])")
PLAIN_START = re.compile(r"\A(a|an|the|item|its|your|some|all|both|at|for|in|on|with|of|only|after|when|where)(?= )")
STYLE = re.compile(r' style="[^"]*"')  # of the terminal's other colours; quotes in the text are escaped
UNDER = 2  # a heading of a notebook stands that many levels lower in its page
NO_ALT = "A picture without a description"


@dataclass(frozen=True)
class Problem:
    """Checks of an exercise that did not pass, and that say the same.

    Attributes:
        sentences: what a right answer does, one for each check.
        came: what came instead; empty where nothing is to be said.
        look: where to look next.
    """

    outcome: Outcome
    earned: float
    points: float
    sentences: list[str]
    came: str
    look: str


@dataclass(frozen=True)
class Score:
    """What the gradebook has of one cell.

    Attributes:
        value: None while somebody has to decide it.
        points: what it can be at most, without extra credit.
        by_hand: whether a person gave it.
        waiting: whether a person is still to look at it.
    """

    value: float | None
    points: float
    by_hand: bool
    waiting: bool


@dataclass(frozen=True)
class Exercise:
    """A cell with points.

    Attributes:
        number: from 1; the anchor of its place in the notebook.
        name: what it is called.
        score: the gradebook's.
        checks: what became of each of its checks; none where it has none.
    """

    number: int
    name: str
    score: Score
    checks: list[CheckVerdict] = field(default_factory=list)

    @property
    def mark(self) -> tuple[str, str, str]:
        """A sign, the word for it, and the name of its colour."""
        if self.score.waiting and not self.score.by_hand:
            return "…", "waits for a teacher", "waiting"
        if (self.score.value or 0) >= self.score.points:
            return "✓", "complete", "good"
        if self.score.value:
            return "◐", "in part", "part"
        if self.checks and all(check.outcome is Outcome.NOT_ATTEMPTED for check in self.checks):
            return "○", "not attempted", "waiting"
        return "✗", "no points yet", "bad"

    @property
    def problems(self) -> list[Problem]:
        """What did not pass; checks that say the same of the same outcome in one."""
        lost = [check for check in self.checks if check.outcome is not Outcome.PASSED]
        found = []
        for (outcome, came, hint), same in groupby(lost, lambda c: (c.outcome, c.rationale, c.hint)):
            checks = list(same)
            found.append(
                Problem(
                    outcome,
                    sum(check.earned for check in checks),
                    sum(check.points for check in checks),
                    [check.sentence for check in checks],
                    came or "",
                    hint or NEXT[outcome],
                )
            )
        return found


@dataclass(frozen=True)
class Graded:
    """What the gradebook has of one submitted notebook.

    Attributes:
        score: with the extra credit, without the penalty.
        scores: of its cells with points, by grade_id.
        comments: of teachers, or nbgrader's own, by grade_id.
    """

    score: float
    points: float
    penalty: float
    seconds_late: float
    scores: dict[str, Score]
    comments: dict[str, str]


class FeedbackPage(Exporter):
    """Makes the page from a graded notebook; nbgrader tells it whose notebook that is."""

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kwargs: Any) -> Any:
        """The page of a graded notebook.

        Args:
            nb: the graded notebook.
            resources: nbgrader's, with the names of student, assignment and notebook, and the gradebook's address.
        """
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            graded = _graded(gradebook, names)
        draw = partial(page, notebook, names["student"], names["notebook"], graded)
        try:
            return within(PAGE_SECONDS, draw), resources
        except TooSlow:
            return within(PAGE_SECONDS, partial(draw, plain=True)), resources


def page(notebook: NotebookNode, student: str, name: str, graded: Graded, plain: bool = False) -> str:
    """The page as text.

    Args:
        notebook: graded; whatever a student can have put into it is hostile.
        student: nbgrader's id of the student.
        name: of the notebook.
        graded: what the gradebook has of it.
        plain: show texts, code and tables as they were written: that takes no time, whatever is in them.
    """
    told = for_pages.read(notebook)
    exercises = _exercises(notebook, told, graded)
    return _template().render(
        title=(told and told.title) or name,
        student=student,
        name=name,
        told=told,
        graded=graded,
        total=max(0.0, graded.score - graded.penalty),
        late=late_in_words(graded.seconds_late) if graded.seconds_late > 0 else "",
        exercises=exercises,
        waiting=sum(one.score.points for one in exercises.values() if one.score.waiting and not one.score.by_hand),
        cells=[_cell(cell, exercises, graded) for cell in notebook.cells],
        view=_PlainViews(notebook) if plain else _Views(notebook),
        plain=plain,
        css=Markup(_style()),
        signs=SIGNS,
        Outcome=Outcome,
    )


def _graded(gradebook: Gradebook, names: dict[str, str]) -> Graded:
    submission = gradebook.find_submission(names["assignment"], names["student"])
    (notebook,) = (one for one in submission.notebooks if one.name == names["notebook"])
    return Graded(
        score=notebook.score,
        points=notebook.max_score,
        penalty=notebook.late_submission_penalty or 0.0,
        seconds_late=submission.total_seconds_late,
        scores={grade.name: _score(grade) for grade in notebook.grades},
        comments={comment.name: comment.comment for comment in notebook.comments if comment.comment},
    )


def _score(grade: Grade) -> Score:
    by_hand = grade.manual_score is not None
    undecided = grade.auto_score is None and not by_hand and grade.needs_manual_grade
    return Score(None if undecided else grade.score, grade.max_score, by_hand, bool(grade.needs_manual_grade))


def _exercises(notebook: NotebookNode, told: ForPages | None, graded: Graded) -> dict[str, Exercise]:
    found: dict[str, Exercise] = {}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name not in graded.scores or name in found:
            continue
        found[name] = Exercise(
            number=len(found) + 1,
            name=(told.exercises.get(name) if told else None) or name,
            score=graded.scores[name],
            checks=told.of_cell(name) if told else [],
        )
    return found


def _cell(cell: NotebookNode, exercises: dict[str, Exercise], graded: Graded) -> dict[str, Any]:
    """What the template asks of a cell."""
    meta = cell.metadata.get("nbgrader", {})
    name = meta.get("grade_id")
    exercise = exercises.get(name)
    return {
        "node": cell,
        "exercise": exercise,
        "by_checks": bool(exercise and exercise.checks and not utils.is_solution(cell)),
        "answer": utils.is_solution(cell) or utils.is_task(cell),
        "comment": graded.comments.get(name, "") if utils.is_solution(cell) or utils.is_task(cell) else "",
        "collapsed": bool(cell.metadata.get("jupyter", {}).get("source_hidden")),
        "outputs": [output for output in cell.get("outputs", []) if isinstance(output, dict)],
    }


class _Views:
    """Parts of a notebook as markup for the page: all of it escaped or cleaned."""

    def __init__(self, notebook: NotebookNode) -> None:
        self._level = UNDER
        self._language = str(notebook.metadata.get("language_info", {}).get("name") or "python")

    def markdown(self, text: str, cell: NotebookNode | None = None) -> Markup:
        """A text cell, with headings that follow those before them in steps of one."""
        return self._dressed(outputs.markdown({"cell": cell or {}}, text))  # type: ignore[arg-type]

    def comment(self, text: str) -> Markup:
        """What a teacher wrote: markdown, whose headings are no headings of the page."""
        made = outputs.markdown({"cell": {}}, text)  # type: ignore[arg-type]
        return Markup(outputs.TAG.sub(lambda tag: HEADING.sub(r"<\1p", _described(tag[0])), made))

    def code(self, source: str) -> Markup:
        """Code, in colours where that is quick."""
        if len(source) > MAX_HIGHLIGHTED:
            return Markup(escape(source))
        from pygments import highlight
        from pygments.formatters import HtmlFormatter

        return Markup(highlight(source, _lexer(self._language), HtmlFormatter(nowrap=True)))

    def text(self, text: Any) -> Markup:
        """What was printed, with a terminal's colours: the eight that the page's style has in light and in dark."""
        return Markup(STYLE.sub("", ansi2html("".join(text) if isinstance(text, list) else str(text))))

    def output(self, output: NotebookNode) -> Markup:
        """The best that a page can show of a displayed object."""
        data, metadata = output.get("data", {}), output.get("metadata", {})
        for mime in outputs.BITMAPS:
            if image := outputs.bitmap(mime, data.get(mime)):
                told = metadata.get(mime, {}) if isinstance(metadata, dict) else {}
                alt = told.get("alt") if isinstance(told, dict) else None
                width = told.get("width") if isinstance(told, dict) else None
                size = f' width="{width}"' if type(width) is int and 0 < width < outputs.SIZE else ""
                return Markup(f'<img src="data:{mime};base64,{image}" alt="{escape(str(alt or NO_ALT))}"{size}>')
        if "text/html" in data:
            made = self._dressed(outputs.html(_joined(data["text/html"])))
            return Markup('<div class="wide" tabindex="0">{}</div>').format(made)
        if image := outputs.vector(data.get(outputs.SVG)):
            return Markup(f'<img src="data:{outputs.SVG};base64,{image}" alt="{NO_ALT}">')
        return Markup('<pre tabindex="0">{}</pre>').format(self.text(data.get("text/plain", "")))

    def _dressed(self, markup: str) -> Markup:
        """Cleaned markup with descriptions of its pictures, and headings that follow those before in steps of one."""
        return Markup(outputs.TAG.sub(lambda tag: HEADING.sub(self._lower, _described(tag[0])), markup))

    def _lower(self, heading: re.Match[str]) -> str:
        if not heading[1]:
            self._level = min(int(heading[2]) + UNDER, self._level + 1, 6)
        return f"<{heading[1]}h{self._level}"


class _PlainViews(_Views):
    """The same parts as they were written, only escaped."""

    def markdown(self, text: str, cell: NotebookNode | None = None) -> Markup:
        return Markup('<pre tabindex="0">{}</pre>').format(text)

    def comment(self, text: str) -> Markup:
        return Markup("<p>{}</p>").format(text)

    def code(self, source: str) -> Markup:
        return Markup(escape(source))

    def text(self, text: Any) -> Markup:
        return Markup(escape(_joined(text)))

    def output(self, output: NotebookNode) -> Markup:
        data = output.get("data", {})
        bitmaps = {mime: data[mime] for mime in outputs.BITMAPS if mime in data}
        return super().output(NotebookNode({**output, "data": bitmaps or {"text/plain": data.get("text/plain", "")}}))


def words(text: str) -> Markup:
    """A sentence of a check: what stands in backticks as code, a plain word at the beginning with a capital letter."""
    text = PLAIN_START.sub(lambda found: found[0].capitalize(), text)
    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", escape(text)))


def _joined(text: Any) -> str:
    return "".join(part for part in text if isinstance(part, str)) if isinstance(text, list) else str(text)


def _described(tag: str) -> str:
    """A tag of cleaned markup; an image that does not say what it shows says that."""
    if not tag.startswith("<img ") or re.search(r' alt="[^"]', tag):
        return tag
    return tag.replace(' alt=""', "", 1).replace("<img ", f'<img alt="{NO_ALT}" ', 1)


@cache
def _lexer(language: str) -> Any:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return get_lexer_by_name("text", stripnl=False)


@cache
def _style() -> str:
    return (files("goodfit.pages") / "feedback.css").read_text(encoding="utf-8")


@cache
def _template() -> Any:
    return template("goodfit.pages", "feedback.html.j2", points=points, words=words)
