"""The report on a class: what it says, whom it names, and that nothing of a student's runs in it."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from graded_classes import Made, checks_of, drawn, results, save
from live_pages import Page
from typer.testing import CliRunner

from goodfit.authoring.measurements import BankResult, MutantResult
from goodfit.authoring.measurements import save as save_record
from goodfit.cli import app as cli
from goodfit.course.course import Course
from goodfit.course.folder import CourseError
from goodfit.exports.people import full_names
from goodfit.grading.plugin import Fit
from goodfit.grading.verdict import Outcome
from goodfit.notebooks.assignment import Assignment
from goodfit.reports import class_figures, class_results
from goodfit.reports.bank_evidence import Evidence, read
from goodfit.reports.class_figures import Analysis, Item, flags
from goodfit.reports.class_report import page
from tests.conftest import GradedClass

FAILED, NOT_ATTEMPTED = Outcome.FAILED, Outcome.NOT_ATTEMPTED
COULD_NOT_RUN, GRADER_ERROR = Outcome.COULD_NOT_RUN, Outcome.GRADER_ERROR
ADDS, ARRAYS, MEAN, MODEL = "test_adds_numbers", "test_adds_arrays", "test_takes_the_mean", "test_separates_the_points"

EVIDENCE = Evidence(
    fails={"minus": frozenset({ADDS, ARRAYS}), "lists": frozenset({ARRAYS}), "joined": frozenset({ARRAYS})},
    why={"minus": "It subtracts.", "lists": "It joins lists."},
    mutants=(("add:2: a + b  ->  a - b", frozenset({ADDS})), ("mean:1: x  ->  y", frozenset({MEAN}))),
    recorded={"bank": "2026-03-01", "mutants": "2026-03-02"},
)


def shown(everybody: list[Made], tiny: Assignment, anonymous: bool = False, evidence: Evidence = EVIDENCE) -> str:
    made = results(tiny, everybody, anonymous)
    return page(made, evidence, class_figures.analyse(made, evidence), (0, 9))


def analysed(everybody: list[Made], tiny: Assignment) -> Analysis:
    return class_figures.analyse(results(tiny, everybody), EVIDENCE)


def item(analysis: Analysis, key: str) -> Item:
    return next(one for one in [*analysis.exercises, *analysis.checks] if one.key == key)


# --- the numbers --------------------------------------------------------------------------------------------------


def test_a_class_by_hand(tiny: Assignment) -> None:
    """Six students; the check of arrays: three pass, one fails, one did not attempt it, and for one ours broke."""
    everybody = [
        Made("a"),
        Made("b"),
        Made("c", {ARRAYS: FAILED, MEAN: COULD_NOT_RUN}),
        Made("d", {ADDS: NOT_ATTEMPTED, ARRAYS: NOT_ATTEMPTED}),
        Made("e", {ARRAYS: GRADER_ERROR, MEAN: FAILED}),
        Made("f"),
    ]
    analysis = analysed(everybody, tiny)
    arrays, mean, add = item(analysis, ARRAYS), item(analysis, MEAN), item(analysis, "add")
    assert analysis.n == 5
    assert (arrays.n, arrays.attempted, arrays.not_attempted, arrays.ours) == (5, 4, 1, 1)
    assert arrays.facility == 0.6
    assert arrays.facility_attempted == 0.75
    assert (mean.n, mean.could_not_run, mean.facility) == (6, 1, pytest.approx(4 / 6))
    assert add.facility == pytest.approx((3 + 3 + 1 + 0 + 3) / 3 / 5)
    model = item(analysis, MODEL)
    assert (model.constant, model.r, model.efficiency) == (True, None, None)
    # marks without e: 2 2 0 0 2; the rest of the 7 points: 5 5 3 4 5. Covariance 3.6, squares 4.8 and 3.2
    assert arrays.r == pytest.approx(3.6 / (4.8 * 3.2) ** 0.5)
    assert arrays.efficiency == pytest.approx(100)
    assert arrays.quintiles == [0, 0, 1, 1, 1]
    few = item(analysed(everybody[:4], tiny), ARRAYS)
    assert (few.facility, few.r, few.efficiency, few.quintiles) == (0.5, None, None, None)


def test_whose_notebook_could_not_be_read_is_in_the_scores_alone(tiny: Assignment) -> None:
    made = results(tiny, [Made("a"), Made("b", {ADDS: FAILED})])
    other = made.submissions[1].verdict
    stand_ins = [c.model_copy(update={"name": c.grade_id, "earned": 0}) for c in other.checks[1:]]
    odd = class_results.Submission(
        "odd", "", other.model_copy(update={"checks": stand_ins}), {}, [], 0, 0, None, {}
    )  # fmt: skip
    whole = class_results.of(tiny, [*made.submissions, odd])
    assert [one.student for one in whole.sound] == ["a", "b"]
    assert class_figures.scores(whole).least == 0
    text = page(whole, EVIDENCE, class_figures.analyse(whole, EVIDENCE), (0, 0))
    assert "1 could not be read as this notebook" in Page(text).words


def test_only_a_class_that_is_large_enough_is_flagged(tiny: Assignment) -> None:
    few = [Made(f"s{i}", {ADDS: FAILED} if i % 2 else {}) for i in range(20)]
    assert not [one for one in analysed(few, tiny).checks if one.flags]
    assert "nothing is flagged" in Page(shown(few, tiny)).words
    many = analysed([*few, *(Made(f"t{i}") for i in range(20))], tiny)
    assert item(many, MEAN).flags == ("everybody got the same marks",)
    assert item(many, ADDS).flags == ("hardly goes with the rest",) or not item(many, ADDS).flags


@pytest.mark.parametrize(
    ("changed", "flag"),
    [
        ({"facility_interval": (0.96, 0.99)}, "nearly everybody passes"),
        ({"facility_interval": (0.94, 0.99)}, None),
        ({"facility_interval": (0.02, 0.19)}, "hardly anybody passes"),
        ({"r_interval": (-0.5, -0.1)}, "who does well in the rest does badly here"),
        ({"r_interval": (-0.1, 0.19)}, "hardly goes with the rest"),
        ({"r_interval": (0.0, 0.3)}, None),
        ({"r_interval": None, "constant": True}, "everybody got the same marks"),
    ],
)
def test_a_flag_needs_the_whole_interval(changed: dict[str, Any], flag: str | None, tiny: Assignment) -> None:
    usual = item(analysed([Made("a"), Made("b", {ADDS: FAILED})], tiny), ADDS)
    sound = {"facility_interval": (0.4, 0.6), "r_interval": (0.3, 0.6), "constant": False}
    assert flags(Item(**{**usual.__dict__, **sound, **changed})) == ([flag] if flag else [])


def test_a_guard_is_told_from_an_idle_check(tiny: Assignment) -> None:
    """All pass all checks. One is the only one to catch wrong answers of the bank, one catches nothing alone."""
    analysis = analysed([Made(f"s{i}") for i in range(40)], tiny)
    arrays, adds, mean = (item(analysis, name).guard for name in (ARRAYS, ADDS, MEAN))
    assert arrays is not None
    assert adds is not None
    assert mean is not None
    assert arrays.alone == ("joined", "lists")
    assert (adds.alone, adds.first, adds.needed) == ((), ("add:2: a + b  ->  a - b",), False), "arrays may notice too"
    assert mean.needed, "it is the last of its exercise: nothing else can notice that mutant"
    words = " ".join(Page(shown([Made(f"s{i}") for i in range(40)], tiny)).words.split())
    assert "a guard: see what only it catches" in words
    assert "no mistake of the bank is caught by it alone" in words
    assert "lists: It joins lists." in words


def test_failing_submissions_are_grouped_and_named(tiny: Assignment) -> None:
    everybody = [
        Made("a", {ADDS: FAILED, ARRAYS: FAILED}, "It is -1."),
        Made("b", {ADDS: FAILED, ARRAYS: FAILED}, "It is -1."),
        Made("c", {ADDS: FAILED, ARRAYS: FAILED}, "It is 0."),
        Made("d", {ARRAYS: FAILED}),
        Made("e", {ADDS: FAILED}),
        Made("f", {ADDS: COULD_NOT_RUN, ARRAYS: COULD_NOT_RUN}),
        Made("g", {ADDS: NOT_ATTEMPTED, ARRAYS: NOT_ATTEMPTED}),
        Made("h", {ADDS: GRADER_ERROR, ARRAYS: FAILED}),
    ]
    (exercise, groups), *others = class_figures.mistakes(results(tiny, everybody), EVIDENCE)
    assert exercise.grade_id == "add"
    assert not [one for _, several in others for one in several]
    assert [(one.students, one.resembles, one.ran) for one in groups] == [
        (("a", "b", "c"), ("minus",), True),
        (("d",), ("joined", "lists"), True),
        (("e",), (), True),
        (("f",), ("minus",), False),
    ]
    assert (groups[0].said, groups[0].said_to) == ("It is -1.", 2)
    words = " ".join(Page(shown(everybody, tiny)).words.split())
    assert "one of 2:" in words
    assert "no wrong answer of the bank" in words
    assert "the code could not run" in words


def test_the_cloud_has_the_bars_that_its_models_met(tiny: Assignment) -> None:
    """A threshold is a bar where its measurement is the model's own number; one of another number is none."""
    (name,) = tiny.thresholds
    everybody = [
        Made(
            student,
            {MODEL: FAILED} if held_out < 0.9 else {},
            fits=(Fit(check=MODEL, grade_id="model", model="`model`", training=1.0, held_out=held_out),),
            measures={name: [held_out]},
        )
        for student, held_out in (("a", 0.95), ("b", 0.7), ("c", 0.98))
    ]
    (cloud,) = class_figures.clouds(results(tiny, everybody))
    assert cloud.bar == (name, float(tiny.thresholds[name].value))
    assert cloud.gap is None
    assert [(point.held_out, point.passed) for point in cloud.points] == [(0.95, True), (0.7, False), (0.98, True)]
    text = shown(everybody, tiny)
    assert text.count('<circle class="yes" data-i') == 2
    assert text.count('<path class="no" data-i') == 1
    assert "b: training 1.000, held-out 0.700" in text
    others = [Made(made.student, fits=made.fits, measures={name: [0.5]}) for made in everybody]
    assert class_figures.clouds(results(tiny, others))[0].bar is None


# --- hostile text, and nobody's name ------------------------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>", "<!--<script>", "{{ 7 * 7 }}", "a & b < c", "\u2028\u202ebdi",
    "</title></style><style>*{display:none}</style>", "\ud800", "`</code><b onclick=alert(1)>`", "&lt;script&gt;",
)  # fmt: skip


class Outline(HTMLParser):
    """Elements and attributes of a page that a browser would run, load or leave the page by."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.found: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.policy = ""
        self._in = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in = f"{tag} {given.get('type', '')}".strip()
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        self.found += [f"{tag} {n}" for n in given if n.startswith("on") or n in ("src", "style", "action", "srcset")]
        self.found += [tag] if tag in ("img", "iframe", "link", "object", "embed", "form", "base") else []

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in.startswith("script"):
            self.scripts.append(data)
        elif self._in == "style":
            self.styles.append(data)


@pytest.mark.parametrize("anonymous", [False, True])
@pytest.mark.parametrize("word", HOSTILE)
def test_nothing_of_a_students_runs(word: str, anonymous: bool, tiny: Assignment) -> None:
    """Attacked: every field that a student can have a hand in."""
    made = Made(
        word,
        {ADDS: FAILED, MEAN: COULD_NOT_RUN},
        said=word,
        answers={"add-answer": f"def add(a, b):\n    '''{word}'''\n" + "    a = b + 1\n" * 40},
        fits=(Fit(check=MODEL, grade_id="model", model="`model`", training=0.9, held_out=0.8),),
        notices=(f"The file {word} was left out.",),
        attention=(f"Two copies: {word}",),
        name=word,
    )
    text = shown([made, Made("bo"), Made(f"{word}2", {ADDS: FAILED}, answers=made.answers)], tiny, anonymous)
    whole, plain = Outline(text), Outline(shown([Made("x")], tiny))
    assert whole.found == []
    assert Page(text).live == []
    assert len(whole.styles) == 1
    data, script = whole.scripts
    assert script == plain.scripts[1]
    assert set(whole.ids) == {*plain.ids, "models"}
    told = json.loads(data)["students"]
    assert len(told) == 3
    if word == "\ud800":
        return  # half a character has no bytes: it is shown as "?"
    if anonymous:
        assert word not in json.dumps(told, ensure_ascii=False)
    else:
        assert word in [student for student, *_ in told]
        assert word in Page(text).words


def test_the_browser_is_told_to_run_nothing_else(tiny: Assignment) -> None:
    text = shown([Made("a"), Made("b")], tiny)
    outline = Outline(text)
    for kind, content in (("script", outline.scripts[1]), ("style", outline.styles[0])):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in outline.policy
    assert outline.policy.startswith("default-src 'none'; ")
    assert "unsafe" not in outline.policy
    assert not re.search(r"https?:|url\(|@import", text)


def test_the_page_has_an_order_for_everybody(tiny: Assignment) -> None:
    everybody = drawn(tiny, 40)
    text = shown(everybody, tiny)
    outline = Outline(text)
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(set(outline.ids)) == len(outline.ids)
    assert {link[1:] for link in outline.links} <= set(outline.ids)
    tables = re.findall(r"<table.*?</table>", text, re.DOTALL)
    assert all("<caption>" in table and 'scope="col"' in table for table in tables)
    boxes = re.findall(r'<div class="box[^>]*>', text)
    assert len(boxes) == len(tables)
    assert all('tabindex="0" role="region" aria-label="' in box for box in boxes)
    assert len(set(boxes)) == len(boxes), "landmarks have names of their own"


def test_an_anonymous_report_names_nobody(tiny: Assignment) -> None:
    """No id, name, file name, message or piece of an answer is among the bytes."""
    everybody = [
        Made(
            f"kim-hana-{i}",
            {ADDS: FAILED} if i % 2 else {},
            said=f"`hana_{i}_var` is not defined",
            answers={"add-answer": f"secret_word_{i} = 1\n" * 60},
            notices=(f"essay-of-hana-{i}.docx was left out",),
            attention=(f"There are two: hana-{i}.ipynb",),
            name=f"Hana Kim {i}",
            seconds=float(i),
        )
        for i in range(6)
    ]
    text = shown(everybody, tiny, anonymous=True)
    assert not re.search("hana|secret_word|docx", text, re.IGNORECASE)
    assert "Hana" in shown(everybody, tiny)
    assert len(re.findall(r"<bdi>S\d</bdi>", text)) >= 6
    reordered = [
        Made(f"z{len(everybody) - i}", m.outcomes, m.said, m.answers, seconds=m.seconds)
        for i, m in enumerate(everybody)
    ]
    numbers = [one.verdict.earned for one in results(tiny, reordered, anonymous=True).submissions]
    assert numbers == [one.verdict.earned for one in results(tiny, everybody, anonymous=True).submissions]


# --- the command --------------------------------------------------------------------------------------------------


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli.app, [*words], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def test_the_report_on_a_graded_class(graded: GradedClass, tmp_path: Path) -> None:
    course = ["--course", str(graded.folder)]
    assert "class report (2 graded): " in run("report", "tiny", *course)
    text = (graded.folder / "reports" / "tiny.html").read_text(encoding="utf-8")
    words = " ".join(Page(text).words.split())
    assert "For staff only" in words
    assert "Nothing is recorded of this set’s answer bank" in words
    assert "ada" in words
    with open(tmp_path / "names.csv", "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["id", "first_name", "last_name"], ["ada", "Ada", "King, Countess"], ["x", "", ""]])
    said = json.loads(run("report", "tiny", "--names", str(tmp_path / "names.csv"), "--json", *course))
    assert (said["graded"], said["missing"], said["needs_human"]) == (2, 0, 0)
    assert "Ada King, Countess" in Path(said["page"]).read_text(encoding="utf-8")
    place = tmp_path / "elsewhere" / "page.html"
    run("report", "tiny", "--anonymous", "-o", str(place), *course)
    anonymous = place.read_text(encoding="utf-8")
    assert not re.search(r"\b(ada|bo)\b", anonymous)
    assert str(graded.folder) not in anonymous


def test_what_is_not_graded_is_said(course: Path, tiny: Assignment) -> None:
    (course / "submitted" / "ada" / "tiny").mkdir(parents=True)
    assert "nobody's tiny is graded yet" in run("report", "tiny", "--course", str(course), code=cli.WRONG_USE)
    assert not (course / "gradebook.db").exists()
    save(course, tiny, [Made("bo"), Made("cy", {ADDS: FAILED})])
    (course / ".goodfit" / "tiny" / "cy.json").write_text("{cut off", encoding="utf-8")
    assert "not graded yet: 2 (`goodfit grade tiny`)" in run("report", "tiny", "--course", str(course))


def test_wrong_use_ends_in_a_sentence(course: Path, tmp_path: Path) -> None:
    said = run("report", code=cli.WRONG_USE)
    assert "`goodfit report SET`" in said
    assert "`goodfit report-graders`" in said
    assert "leave out" in run("report", "tiny", "--anonymous", "--names", "x.csv", code=cli.WRONG_USE)
    for content in (b"", b"id,mark\nada,1\n", "id,name\nada,\uac00\n".encode("cp949")):
        (tmp_path / "names.csv").write_bytes(content)
        run("report", "tiny", "--names", str(tmp_path / "names.csv"), "--course", str(course), code=cli.WRONG_USE)


@pytest.mark.parametrize(
    "text",
    [
        "id,name\nada,Ada King\n",
        "\ufeffStudent ID;Name\r\nada;Ada King\r\n",
        "first_name,last_name,id,email\nAda,King,ada,a@b\n\n",
        'student_id,timestamp,last_name,first_name\n"ada",,King,Ada\n,,,\n',
    ],
)
def test_names_from_a_file(text: str, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text(text, encoding="utf-8", newline="")
    assert full_names(tmp_path / "names.csv") == {"ada": "Ada King"}


def test_a_file_of_names_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("ada\nbo\n", encoding="utf-8")
    with pytest.raises(CourseError, match="is not a table"):
        full_names(tmp_path / "names.csv")


def test_the_records_of_a_set_are_read(course_with_models: Path) -> None:
    assignment = Course(course_with_models).assignment("tiny")
    fails = [("wrong/first_value", [MEAN]), ("wrong/untrained", [MODEL]), ("right/loop", []), ("reference", [])]
    save_record(
        assignment, BankResult, [BankResult(answer=a, fails=f, should_fail=f, seconds=1.0) for a, f in fails]
    )  # fmt: skip
    mutants = [
        MutantResult(cell="mean-answer", line=2, before="a", after="b", state="killed", by=[MEAN]),
        MutantResult(cell="mean-answer", line=2, before="a", after="c", state="survived"),
    ]
    save_record(assignment, MutantResult, mutants)
    found = read(assignment)
    guard = found.guard(MEAN, [MEAN])
    assert (guard.alone, guard.first, guard.needed) == (("first_value",), ("mean-answer:2: a  ->  b",), True)
    assert found.resembled(frozenset({MODEL}), frozenset({MODEL})) == ["untrained"]
    assert found.resembled(frozenset(), frozenset({MODEL})) == []
    assert set(found.recorded) == {"bank", "mutants"}
    assert found.why["untrained"]


def test_a_class_of_hundreds_stays_a_small_page(tiny: Assignment) -> None:
    """Half a kilobyte or so for each student, and all of them in it."""
    assert list(checks_of(tiny)) == [ADDS, ARRAYS, MEAN, MODEL]
    text = shown(drawn(tiny, 400), tiny)
    assert text.count('<tr data-k="') == 400
    assert len(text) < 900_000
