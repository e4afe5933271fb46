"""Attacks graded as a class is: beside honest neighbours, recorded, with pages and tables; and what came of them."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import io
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import nbformat
import psutil
from attack_corpus import Attack
from attack_tools import WRONG, printed
from canaries import OTHER, Canary, plant, plant_in_gradebook, revealed
from live_pages import Page
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from tiny_sets import COURSE, copy_course

from goodfit.authoring.answers import reference
from goodfit.cli.terminal import out, print_verdict, score_lines, score_table
from goodfit.course.batch import Result, grade_class
from goodfit.course.course import Course
from goodfit.course.folder import CourseError
from goodfit.files import Unavailable
from goodfit.grading.job import Bundle
from goodfit.notebooks.assignment import Assignment, grade_id
from goodfit.sandbox.errors import SandboxError
from goodfit.sandbox.limits import Limits

CONFIG = """\
load_subconfig({wiring!r})
c = get_config()
c.Goodfit.graders_directory = {graders!r}
c.Goodfit.limits = {limits!r}
"""
LIMITS: dict[str, float] = {
    "cell_seconds": 8, "check_seconds": 6, "notebook_seconds": 90, "memory_bytes": 1536 << 20,
    "total_memory_bytes": 1536 << 20, "processes": 64, "disk_bytes": 64 << 20, "file_bytes": 32 << 20, "disk_files": 5000,
}  # fmt: skip
POINTS = 7  # of the tiny set's checks
OUTPUTS = (
    3 << 19
)  # bytes that the outputs of one cell may take in the executed notebook: 1 MiB of text, and its quoting
PAGE_SECONDS = 180.0  # for one feedback page, far more than an honest one needs on a busy machine
GONE = 10.0  # seconds in which what a class has started must be gone
HONEST = "honest"
LOOKING = ("reading", "reaching", "escaping")  # whose cells have shown something only when they came to their end
UNFINISHED = re.compile(r"stopped after|ignored being interrupted|kernel died|took longer")
MISTAKE = re.compile(r"(NameError|UnboundLocalError|AttributeError|SyntaxError|IndentationError|ModuleNotFoundError)\b")
LIVE_TAGS = {"script", "style", "iframe", "form", "input", "object", "embed", "svg", "meta", "base", "link", "video"}
MARKED = ("/tmp", "/var/tmp", "/dev/shm", "/run", "~")
HandIn = Callable[[Path], None]  # writes a submission into a folder
numbers = count()


@dataclass
class Outcome:
    """What an attack got.

    Attributes:
        attack: which.
        place: where it stood.
        gained: points more than without it.
        revealed: hidden things in what came out.
        reached: what it says it got.
        shown: what would act on a page or steer a terminal.
        broke: faults of ours that it caused: a check that broke, a result that was not recorded, a late page.
        neighbours: what changed for those beside it.
        left: processes and files that stayed.
        fizzled: mistakes of the attack's own that stopped it: it has shown nothing.
        seconds: of its grading, on this machine.
    """

    attack: Attack
    place: str
    gained: float = 0.0
    revealed: list[str] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    broke: list[str] = field(default_factory=list)
    neighbours: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    fizzled: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def held(self) -> bool:
        """Nothing came of it."""
        return not self.why

    @property
    def why(self) -> str:
        """What came of it; empty where nothing did."""
        parts = [f"{self.gained:g} points gained"] if self.gained else []
        for word in ("revealed", "reached", "shown", "broke", "neighbours", "left"):
            parts += [f"{word}: {', '.join(getattr(self, word))[:300]}"] if getattr(self, word) else []
        return "; ".join(parts)

    @property
    def as_expected(self) -> bool:
        """Held, or open where the corpus says so."""
        return not self.surprise

    @property
    def surprise(self) -> str:
        """What is not as the corpus says; empty where all is."""
        if self.fizzled:
            return f"the attack itself is broken: {'; '.join(self.fizzled)}"
        if self.held and self.attack.open:
            return f"it is held now: take away `expected: open: {self.attack.open}`"
        return "" if self.held or self.attack.open else f"it is not held: {self.why}"


@dataclass(frozen=True)
class ClassRun:
    """What became of one class.

    Attributes:
        outcomes: of its attacks.
        neighbours: what changed for those beside them.
        left: processes and files that stayed.
        seconds: of grading and recording it, without its pages.
    """

    outcomes: list[Outcome]
    neighbours: list[str]
    left: list[str]
    seconds: float


class Attacks:
    """A course to attack, and classes graded in it.

    Args:
        folder: where courses are made; it is emptied by nobody here.
        tier: the sandbox.
        leak: a change of the graders' text, to see that what they tell is found.
    """

    def __init__(self, folder: Path, tier: str = "fork", leak: tuple[str, str] | None = None) -> None:
        self.folder, self.tier = folder, tier
        self.tiny = Assignment.find("tiny", COURSE / "source", COURSE / "graders")
        self.canaries: list[Canary] = []
        self._leak = leak
        self._template = self._make_template()
        alone = self._grade({HONEST: self._honest()}, {})
        self._alone = _comparable(alone.bundles[HONEST])
        self._live = Page(alone.pages[HONEST])

    def run(self, chosen: Sequence[tuple[Attack, str]], neighbours: int = 1) -> list[Outcome]:
        """Grade attacks, each in a place, with honest neighbours among them.

        What concerns the whole class (a neighbour, what was left) is laid to an attack only when it is seen again with
        that attack alone.
        """
        outcomes = self.together(chosen, neighbours).outcomes
        if not any(o.neighbours or o.left for o in outcomes):
            return outcomes
        if len(chosen) > 1:
            return [outcome for one in chosen for outcome in self.run([one])]
        (again,) = self.together(chosen, neighbours).outcomes
        return outcomes if again.neighbours or again.left else [again]

    def together(self, chosen: Sequence[tuple[Attack, str]], neighbours: int) -> ClassRun:
        """Grade one class of attacks, each in a place, with honest neighbours spread evenly among them."""
        names = {attack.name.replace("/", "-").replace("_", "-"): (attack, place) for attack, place in chosen}
        honest = [f"{HONEST}-{i}" for i in range(neighbours)]
        mark = f"gfm{os.getpid():x}x{next(numbers)}"
        students: dict[str, HandIn] = {}
        for i, (name, (attack, place)) in enumerate(names.items()):
            students[name] = _handed_in(self._wrong(), attack, place, mark)
            for beside in honest[i * neighbours // len(names) : (i + 1) * neighbours // len(names)]:
                students[beside] = self._honest()
        students.update((beside, self._honest()) for beside in honest if not names)
        before = _processes()
        graded = self._grade(students, dict(chosen[0][0].limits) if len(chosen) == 1 else {})
        left = _left_behind(before, mark, graded.course)
        changed = [
            f"{name}: {_difference(self._alone, graded.bundles.get(name))}"
            for name in honest
            if name not in graded.bundles or _comparable(graded.bundles[name]) != self._alone
        ] + graded.changed
        outcomes = [self._outcome(name, *one, graded, changed, left) for name, one in names.items()]
        return ClassRun(outcomes, changed, left, graded.seconds)

    def _outcome(
        self, name: str, attack: Attack, place: str, graded: _Graded, changed: list[str], left: list[str]
    ) -> Outcome:
        if attack.open_in not in ("", self.tier):
            attack = replace(attack, open="")
        outcome = Outcome(attack, place, neighbours=list(changed), left=list(left))
        bundle = graded.bundles.get(name)
        if bundle is None:
            outcome.broke.append(graded.troubles.get(name) or "it has no result")
            return outcome
        verdict, page, terminal = bundle.verdict, graded.pages.get(name, ""), graded.terminal.get(name, "")
        outcome.gained, outcome.seconds = verdict.earned, bundle.seconds
        told = verdict.model_dump_json(exclude={"versions"})
        outcome.revealed = revealed(
            self.canaries, *(text.encode("utf-8", "replace") for text in (bundle.notebook, told, page, terminal))
        )
        outcome.fizzled = _mistakes(bundle, place)
        if attack.family in LOOKING and (attack.open or not attack.alone) and place != "file":
            outcome.fizzled += [notice[:200] for notice in verdict.notices if UNFINISHED.search(notice)]
        lines = printed(bundle).splitlines()
        outcome.reached = [line.removeprefix("REACHED ") for line in lines if line.startswith("REACHED ")]
        outcome.shown = [*_live(page, self._live), *_steering(terminal)]
        outcome.broke += _wrong_in(bundle)
        if verdict.broke:
            outcome.broke.append("a check of ours: " + " ".join(bundle.log.split())[-200:])
        if name in graded.troubles:
            outcome.broke.append(graded.troubles[name])
        return outcome

    def _grade(self, students: dict[str, HandIn], limits: dict[str, float]) -> _Graded:
        """Copy the course, hand in, grade, record, write pages and tables."""
        root = Path(tempfile.mkdtemp(prefix="class-", dir=self.folder))
        root.rmdir()
        self._template.rename(root)  # the place that the canaries know
        shutil.copytree(root, self._template, symlinks=True)
        root, kept = self._template, root
        try:
            _configure(root, {**LIMITS, **limits})
            for name, hand_in in students.items():
                folder = root / "submitted" / name / "tiny"
                folder.mkdir(parents=True)
                hand_in(folder)
            return self._grade_here(root, list(students))
        finally:
            _remove(self._template)
            kept.rename(self._template)

    def _grade_here(self, root: Path, students: list[str]) -> _Graded:
        course = Course(root)
        assignment = course.assignment("tiny")
        graded = _Graded(root)
        before = _digests(root)
        results: dict[str, Result] = {}
        begun = time.monotonic()
        try:
            for result in grade_class(course, assignment, students, self.tier, workers=2):
                results[result.student] = result
        except (SandboxError, CourseError, Unavailable) as error:
            graded.changed.append(f"the batch ended: {error}"[:200])
        graded.seconds = time.monotonic() - begun
        for name, result in results.items():
            graded.bundles[name] = result.bundle
            if result.trouble:
                graded.troubles[name] = result.trouble
            graded.terminal[name] = _terminal(course, result)
            started = time.monotonic()
            with contextlib.suppress(OSError):
                try:
                    course.write_feedback("tiny", name)
                    graded.pages[name] = (course.feedback("tiny", name) / "tiny.html").read_text(encoding="utf-8")
                except (CourseError, Unavailable) as error:
                    graded.troubles.setdefault(name, f"no page: {error}"[:200])
            if time.monotonic() - started > PAGE_SECONDS:
                graded.troubles.setdefault(name, f"its page took {time.monotonic() - started:.0f} s")
        if _digests(root) != before:
            graded.changed.append("files of the course are not as they were")
        with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
            there = {s.student.id: s.score for s in book.assignment_submissions("tiny")}
        wrong = [n for n, r in results.items() if not r.trouble and there.get(n) != r.bundle.verdict.earned]
        graded.changed += [f"the gradebook has another score for {name}" for name in wrong]
        return graded

    def _make_template(self) -> Path:
        template = self.folder / f"course-{hashlib.sha256(b'goodfit').hexdigest()[:12]}"
        copy_course(template, models=True)
        self.canaries = plant(template, "tiny")
        if self._leak is not None:
            checks = template / "graders" / "tiny" / "test_tiny.py"
            text = checks.read_text()
            assert self._leak[0] in text
            checks.write_text(text.replace(*self._leak))
        _configure(template, LIMITS)
        course = Course(template)
        course.ensure_assignment(course.assignment("tiny"))
        self.canaries.append(plant_in_gradebook(str(course.directories.db_url)))
        return template

    def _honest(self) -> HandIn:
        """The reference answer, but for its model, for speed."""
        return _writer(self._notebook({}))

    def _wrong(self) -> Any:
        return self._notebook(WRONG)

    def _notebook(self, cells: dict[str, str]) -> Any:
        stub = next(c.source for c in self.tiny.instructor.cells if grade_id(c) == "model-answer")
        notebook = nbformat.reads(reference().notebook(self.tiny).decode(), as_version=4)
        for cell in notebook.cells:
            cell.source = {"model-answer": stub, **cells}.get(str(grade_id(cell)), cell.source)
        return notebook


@dataclass
class _Graded:
    """A graded class, by student."""

    course: Path
    bundles: dict[str, Bundle] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    terminal: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    seconds: float = 0.0


def _remove(folder: Path) -> None:
    """Remove a folder, and those in it that an attack has locked, too: an ordinary user cannot look into them."""
    for place, folders, _ in os.walk(folder):  # from above: a folder is opened before it is entered
        for name in folders:
            if not Path(place, name).is_symlink():
                Path(place, name).chmod(0o700)
    shutil.rmtree(folder)


def _configure(course: Path, limits: dict[str, float]) -> None:
    whole = {k: int(v) if Limits.model_fields[k].annotation is int else v for k, v in limits.items()}
    wiring = str(COURSE.parents[1] / "nbgrader_config.py")
    text = CONFIG.format(wiring=wiring, graders=str(course / "graders"), limits=whole)
    (course / "nbgrader_config.py").write_text(text)


def _writer(notebook: Any) -> HandIn:
    def hand_in(folder: Path) -> None:
        # as it is: nbformat would repair what an attack has broken
        (folder / "tiny.ipynb").write_text(json.dumps(notebook), encoding="utf-8")

    return hand_in


def _handed_in(notebook: Any, attack: Attack, place: str, mark: str) -> HandIn:
    """The wrong answers with the attack in them, as a function that writes them into a folder."""
    code = f"MARK = {mark!r}\n{attack.code}"
    if place == "file":
        return _file(notebook, code)
    made = copy.deepcopy(notebook)
    by_name = {grade_id(cell): cell for cell in made.cells}
    if place == "model":
        by_name["model-answer"].source = code
    elif place == "answer":
        for name in WRONG:
            by_name[name].source += "\n" + code
    else:
        at = made.cells.index(by_name["setup"]) + 1 if place == "first" else len(made.cells)
        made.cells.insert(at, new_code_cell(code, id="attack"))
    return _writer(made)


def _file(notebook: Any, code: str) -> HandIn:
    def hand_in(folder: Path) -> None:
        space: dict[str, Any] = {"__name__": "attack"}
        exec(compile(code, "<attack>", "exec"), space)  # ours, from the corpus
        made = copy.deepcopy(notebook)
        space["hand_in"](folder, made)
        if not os.path.lexists(folder / "tiny.ipynb"):
            _writer(made)(folder)

    return hand_in


def _mistakes(bundle: Bundle, place: str) -> list[str]:
    """Errors of a kind that no attack makes on purpose, in its own code."""
    if place == "file":  # it may have taken away what other cells need
        return []
    cells = [
        c for c in nbformat.reads(bundle.notebook, as_version=4).cells if place == "model" or "MARK = " in c.source
    ]
    errors = [o for cell in cells for o in cell.get("outputs", []) if o.output_type == "error"]
    rationales = [str(check.rationale) for check in bundle.verdict.checks if MISTAKE.search(str(check.rationale))]
    return [f"{o.ename}: {o.evalue}"[:200] for o in errors if MISTAKE.match(o.ename)] + [r[:200] for r in rationales]


def _wrong_in(bundle: Bundle) -> list[str]:
    """Points, results and sizes of an executed notebook that no attack may change."""
    verdict, found = bundle.verdict, []
    if verdict.points != POINTS:
        found.append(f"{verdict.points:g} points in all")
    for cell in nbformat.reads(bundle.notebook, as_version=4).cells:
        outputs = cell.get("outputs", [])
        results = [o.data.get("text/plain") for o in outputs if o.output_type == "execute_result"]
        own = verdict.of_cell(str(grade_id(cell)))
        if results != ([str(float(sum(check.earned for check in own)))] if own else []):
            found.append(f"a cell shows {results[:3]}")
        if len(json.dumps(outputs)) > OUTPUTS:
            found.append(f"outputs of {len(json.dumps(outputs)) >> 10} KiB")
    return found


def _comparable(bundle: Bundle) -> tuple[str, str]:
    """What must be the same, whoever is graded beside."""
    return bundle.verdict.model_dump_json(), bundle.notebook


def _difference(alone: tuple[str, str], bundle: Bundle | None) -> str:
    if bundle is None:
        return "it has no result"
    verdict = bundle.verdict
    bad = [f"{c.name} {c.outcome.value}: {c.rationale}" for c in verdict.checks if c.outcome.value != "passed"]
    return (
        f"{verdict.earned:g} points; {'; '.join(bad)}"[:300]
        if alone[0] != verdict.model_dump_json()
        else "its notebook"
    )


def _terminal(course: Course, result: Result) -> str:
    """What a TA reads of one student."""
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        out.print(score_table(score_lines(course, "tiny", [result])))
        print_verdict(result.bundle.verdict)
    return shown.getvalue()


def _steering(terminal: str) -> list[str]:
    """What would steer a terminal, or look like a verdict that is none."""
    odd = sorted({f"U+{ord(c):04X}" for c in terminal if not (c.isprintable() or c == "\n")})
    totals = re.findall(r"^\S+ of \S+ points", terminal, re.MULTILINE)
    return [*(["steers a terminal: " + " ".join(odd[:9])] if odd else []), *totals[:-1]]


def _live(page: str, honest: Page) -> list[str]:
    """What would act on a page, and is not on an honest one."""
    made = Page(page)
    live = [thing for thing in made.live if thing not in honest.live]
    return [thing[:120] for thing in live] + sorted(
        f"<{tag}>" for tag in LIVE_TAGS if made.tags.count(tag) > honest.tags.count(tag)
    )


def _digests(course: Path) -> dict[str, str]:
    """What nobody may change while a class is graded."""
    files = [p for n in ("source", "graders", f"submitted/{OTHER}") for p in sorted((course / n).rglob("*"))]
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in files if p.is_file()}


def _processes() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


def _left_behind(before: set[int], mark: str, course: Path) -> list[str]:
    """Processes and files that a class has left on the host."""
    deadline = time.monotonic() + GONE
    while (left := _processes() - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    found = [f"process {pid}" for pid in sorted(left)]
    found += [f"process {line}" for line in _command_lines() if mark in line]
    for place in [*map(os.path.expanduser, MARKED), str(course)]:
        found += [f"file {path}" for path in _marked(place, mark)]
    return found


def _command_lines() -> Iterator[str]:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            yield f"{process.name()} {' '.join(process.cmdline())}"


def _marked(place: str, mark: str) -> Iterable[str]:
    """Names with the mark, some levels below a folder."""
    for folder, folders, files in os.walk(place):
        yield from (os.path.join(folder, name) for name in [*folders, *files] if mark in name)
        if folder.count("/") - place.count("/") >= 3:
            folders.clear()
