"""The report on a class: one page for teachers, complete in itself, that asks no other host for anything.

The page's only script is our own; the browser is told its hash, and to run nothing else. Every word that can be a
student's is escaped. Without the script the page has all its numbers; with it, tables sort and filter.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup

from goodfit.course.course import Course
from goodfit.files import require_writable, write_whole
from goodfit.grading.verdict import Outcome
from goodfit.grading.verdict_view import points
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.lateness import late_in_words
from goodfit.pages.feedback import SIGNS, words
from goodfit.pages.templates import template
from goodfit.reports import bank_evidence, class_figures, class_results, item_analysis, similarity
from goodfit.reports.bank_evidence import Evidence
from goodfit.reports.class_figures import Analysis, Cloud
from goodfit.reports.class_results import ClassResults, Submission
from goodfit.reports.item_analysis import Interval

SIDE = 400  # of a cloud's drawing, in its own units
MARGIN = 44  # of it, for the scales
EDGE = 16  # on the other sides


@dataclass(frozen=True)
class Written:
    """A report that was written.

    Attributes:
        page: where it is.
        graded: submissions in it.
        missing: how many handed in and are not graded.
        needs_human: for how many somebody must look.
        analysis: of checks and exercises.
    """

    page: Path
    graded: int
    missing: int
    needs_human: int
    analysis: Analysis


def place_of(course: Course, assignment: str) -> Path:
    """Where the report on a class is written when nothing else is said."""
    return course.root / "reports" / f"{assignment}.html"


def write(
    course: Course,
    assignment: Assignment,
    output: Path | None = None,
    names: Mapping[str, str] | None = None,
    anonymous: bool = False,
) -> Written:
    """Write the report on the class that was graded last.

    Args:
        course: the course folder.
        assignment: the set.
        output: the file; :func:`place_of` when not given.
        names: of students in full, by plain id (:func:`goodfit.exports.people.full_names`).
        anonymous: leave out everything that tells who is who: ids, names, times, and all words of students.

    Raises:
        CourseError: when nobody was graded.
        AssignmentError: when a record of the set's answer bank is damaged.
        Unavailable: when the gradebook or the file's folder cannot be used now.
    """
    place = output or place_of(course, assignment.name)
    require_writable(place)
    results = class_results.read(course, assignment, names, anonymous)
    evidence = bank_evidence.read(assignment)
    alarms = similarity.false_alarms(bank_evidence.right_answers(assignment), results.templates)
    analysis = class_figures.analyse(results, evidence)
    text = page(results, evidence, analysis, alarms)
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, text)
    human = sum(one.verdict.needs_human for one in results.submissions)
    return Written(place, len(results.submissions), results.missing, human, analysis)


def page(results: ClassResults, evidence: Evidence, analysis: Analysis, alarms: tuple[int, int]) -> str:
    """The report as text.

    Args:
        results: of the class; what students wrote in it is hostile.
        evidence: what the set's records say of its checks.
        analysis: of checks and exercises.
        alarms: pairs of the bank's right answers that would be taken for copies, and of how many.
    """
    scores = class_figures.scores(results)
    bins = 20 if len(results.submissions) >= class_figures.ENOUGH else 10
    counts = item_analysis.histogram([one.verdict.earned for one in results.submissions], results.points, bins)
    rendered = _template().render(
        results=results,
        evidence=evidence,
        analysis=analysis,
        scores=scores,
        bars=_bars(counts, results.points),
        mistakes=class_figures.mistakes(results, evidence),
        clouds=[_Drawing(cloud) for cloud in class_figures.clouds(results)],
        alike=class_figures.alike(results),
        alarms=alarms,
        most_alarms=(item_analysis.wilson(alarms[0] / alarms[1], alarms[1]) or (0, 1))[1] if alarms[1] else None,
        alike_from=similarity.ALIKE,
        enough=class_figures.ENOUGH,
        tiers=Counter(one.verdict.sandbox for one in results.submissions).most_common(),
        kinds=_kinds,
        late=late_in_words,
        Outcome=Outcome,
        signs=SIGNS,
        css=Markup(_file("class_report.css")),
        script=Markup(_file("class_report.js")),
        policy=_policy(),
        data=Markup(_data(results)),
    )
    return rendered.encode("utf-8", "replace").decode()  # half a surrogate pair in a student's text has no bytes


def _bars(counts: list[int], most: float) -> list[dict[str, Any]]:
    """The bars of a histogram, in a drawing 600 wide and 160 high: place, height, and what they say."""
    width, top = 600 / len(counts), max(counts) or 1
    step = most / len(counts)
    return [
        {
            "x": round(i * width + 1, 2), "width": round(width - 2, 2), "height": round(140 * count / top, 2),
            "low": i * step, "high": (i + 1) * step, "count": count,
        }
        for i, count in enumerate(counts)
    ]  # fmt: skip


class _Drawing:
    """A cloud of models as the template draws it: held-out accuracy over training accuracy."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self._bar = cloud.bar[1] if cloud.bar else None
        self._gap = cloud.gap[1] if cloud.gap else None
        seen = [value for point in cloud.points for value in (point.training, point.held_out)]
        low = min([*seen, *([self._bar] if self._bar is not None else [])])
        self.low = max(0.0, math.floor(low * 10 - 0.5) / 10)
        self.below = sum(self._bar is not None and point.held_out < self._bar for point in cloud.points)
        self.wide = sum(self._gap is not None and point.training - point.held_out > self._gap for point in cloud.points)

    @property
    def ticks(self) -> list[float]:
        """Round accuracies along both scales."""
        step = 0.1 if self.low >= 0.4 else 0.2
        first = math.ceil(self.low / step - 1e-9)
        return [round(i * step, 1) for i in range(first, round(1 / step) + 1)]

    def x(self, training: float) -> float:
        """Where a training accuracy stands."""
        return round(MARGIN + (training - self.low) / (1 - self.low) * (SIDE - MARGIN - EDGE), 1)

    def y(self, held_out: float) -> float:
        """Where a held-out accuracy stands; up is better."""
        return round(SIDE - MARGIN - (held_out - self.low) / (1 - self.low) * (SIDE - MARGIN - EDGE), 1)

    def parallel(self, gap: float) -> tuple[float, float, float, float]:
        """The ends of the line on which training accuracy is so far above the held-out one."""
        return self.x(min(1.0, self.low + gap)), self.y(self.low), self.x(1), self.y(max(self.low, 1 - gap))


def _kinds(one: Submission) -> str:
    """The words by which the table of submissions is filtered."""
    found = [
        word
        for word, holds in (
            ("human", one.verdict.needs_human),
            ("ours", one.verdict.broke),
            ("unrun", one.counts[Outcome.COULD_NOT_RUN] > 0),
            ("untried", one.counts[Outcome.NOT_ATTEMPTED] > 0),
            ("lost", one.counts[Outcome.FAILED] > 0),
            ("late", one.late > 0),
            ("full", one.verdict.earned >= one.verdict.points > 0),
        )
        if holds
    ]
    return " ".join(found)


def _data(results: ClassResults) -> str:
    """What the script says of a student when a model's point is pointed at: JSON that cannot end its element."""
    students = [[one.student, one.name, points(one.verdict.earned)] for one in results.submissions]
    text = json.dumps({"students": students, "points": points(results.points)}, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _policy() -> str:
    """What a browser may do with the page: our style and our script, known by their hashes, and nothing else."""
    style, script = (
        base64.b64encode(hashlib.sha256(_file(name).encode()).digest()).decode()
        for name in ("class_report.css", "class_report.js")
    )
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _file(name: str) -> str:
    text = (files("goodfit.reports") / name).read_text(encoding="utf-8").strip()
    if name.endswith(".css"):  # the feedback page's colours, type and tables, and what only a report has
        text = (files("goodfit.pages") / "feedback.css").read_text(encoding="utf-8").strip() + "\n" + text
    return text


def _interval(value: Interval | None, form: str = "{:.2f}") -> str:
    """An interval in brackets; empty where there is none."""
    return f"[{form.format(value[0])}, {form.format(value[1])}]".replace("-", "−") if value else ""


def _number(value: float | None, form: str = "{:.2f}") -> str:
    """A number, or a dash where it does not exist."""
    return "–" if value is None else form.format(value).replace("-", "−")


@cache
def _template() -> Any:
    name = "class_report.html.j2"
    return template("goodfit.reports", name, points=points, words=words, interval=_interval, number=_number)
