"""What the commands print, and how they end: tables, progress, JSON, troubles as sentences, exit codes."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from goodfit.cli.options import Sandbox
from goodfit.files import Unavailable, in_words
from goodfit.sandbox.errors import SandboxError
from goodfit.texts import one_line, safe

# nbgrader alone takes two seconds to import: what needs it is imported by the commands that use it, so that --help,
# a misspelt option and the shell's completion answer at once
if TYPE_CHECKING:
    from goodfit.course.batch import Result
    from goodfit.course.course import Course
    from goodfit.grading.verdict import Verdict

DONE, SOME_TROUBLE, WRONG_USE, NO_SANDBOX = 0, 1, 2, 3
INTERRUPTED = 130  # as every shell counts it: 128 + SIGINT

WIDE = None if sys.stdout.isatty() else 140  # columns of a table that goes into a log


class SafeConsole(Console):
    """Prints texts through :func:`safe`, whoever wrote them."""

    def print(self, *objects: Any, **options: Any) -> None:
        """As rich does; tables are made safe cell by cell, where they are made."""
        super().print(*(safe(one) if isinstance(one, str) else one for one in objects), **options)


out, err = SafeConsole(width=WIDE), SafeConsole(stderr=True, soft_wrap=True)  # a log's lines stay whole


class Interruption:
    """Whether Ctrl-C was pressed. nbgrader catches what is raised then, and calls it an error of its own."""

    happened = False

    @classmethod
    def interrupt(cls, *_: object) -> None:
        """The handler of SIGINT."""
        cls.happened = True
        raise KeyboardInterrupt


def open_course(folder: Path) -> Course:
    """The course folder, for a command.

    Raises:
        CourseError: when it is none.
    """
    from goodfit.course.course import Course

    return Course(folder)


def tier_of(course: Course, asked: Sandbox | None) -> str:
    """The tier that was asked for, else the course's."""
    return str(asked or course.goodfit.sandbox)


def print_made(paths: list[Path], as_json: bool) -> None:
    """Name files that were made."""
    if as_json:
        print(json.dumps([str(path) for path in paths], indent=1))
    else:
        out.print("\n".join(f"made: {path}" for path in paths), markup=False, soft_wrap=True)


def print_json(by_set: dict[str, Any]) -> None:
    """Print what there is about several sets by their names; about one set, without its name."""
    print(json.dumps(by_set if len(by_set) > 1 else next(iter(by_set.values())), indent=1))


def print_release(name: str, problems: list[str], fine: str) -> None:
    """Print what is wrong with a release, or that it is fine."""
    out.print(f"{name}: {fine}" if not problems else f"{name}: problems: {len(problems)}", markup=False, soft_wrap=True)
    for problem in problems:
        out.print(f"  {problem}", markup=False, soft_wrap=True)


def score_lines(course: Course, assignment: str, results: list[Result]) -> dict[str, Any]:
    """A line for each student (points, outcomes of the checks, what somebody should know), and counts of the class."""
    from goodfit.grading.verdict import Outcome
    from goodfit.grading.verdict_view import points
    from goodfit.notebooks.lateness import late_in_words

    lines = []
    known = course.recorded(assignment)
    for r in results:
        v = r.bundle.verdict
        counts = {o: sum(c.outcome is o for c in v.checks) for o in Outcome}
        checks = ", ".join(f"{n} {o.value}" for o, n in counts.items() if n)
        late = known[r.student].seconds_late if r.student in known else 0
        remarks = [
            *(f"needs a human: {reason}" for reason in v.attention),
            *(n for n in v.notices if n not in v.attention),
            *(["graded WITHOUT a sandbox"] if v.sandbox == "none" else []),
            *([late_in_words(late)] if late else []),
            *([r.trouble.splitlines()[0]] if r.trouble and r.trouble not in v.attention else []),
            *(["a check of ours broke: a human decides"] if v.broke else []),
        ]
        words = "; ".join(remarks[:2]) + (f"; and {len(remarks) - 2} more" if len(remarks) > 2 else "")
        cells = (r.student, f"{points(v.earned)}/{points(v.points)}", checks, words)
        lines.append([one_line(cell) for cell in cells])
    return {"title": assignment, "lines": lines, "counts": _counts(results)}


def score_table(scores: dict[str, Any]) -> Table:
    """What :func:`score_lines` tells, as a table."""
    table = Table("student", "points", "checks", "remarks", title=scores["title"], caption=scores["counts"])
    for line in scores["lines"]:
        table.add_row(*map(escape, line))
    return table


def _counts(results: list[Result]) -> str:
    """How many checks ended how in the whole class, and how many submissions wait for somebody."""
    from goodfit.grading.verdict import Outcome

    ends = [check.outcome for result in results for check in result.bundle.verdict.checks]
    waiting = sum(bool(r.trouble or r.bundle.verdict.needs_human) for r in results)
    counts = [f"{ends.count(outcome)} {outcome.value}" for outcome in Outcome if outcome in ends]
    return f"{len(results)} submissions: {', '.join(counts) or 'no checks'}; waiting for a human: {waiting}"


def summary(verdict: Verdict) -> dict[str, Any]:
    """A verdict for ``--json``."""
    return {"earned": verdict.earned, "points": verdict.points, **verdict.model_dump(mode="json")}


def print_verdict(verdict: Verdict) -> None:
    """Print a verdict, a paragraph for each check."""
    from goodfit.grading.verdict_view import points

    for reason in verdict.attention:
        out.print(f"needs a human: {one_line(reason)}", markup=False)
    for notice in [n for n in verdict.notices if n not in verdict.attention]:
        out.print(f"note: {one_line(notice)}", markup=False)
    for c in verdict.checks:
        out.print(
            f"{c.outcome.value:14} {points(c.earned):>4}/{points(c.points):<4} {c.grade_id}: {c.sentence}", markup=False
        )
        for line in (c.rationale, c.hint and f"Hint: {c.hint}"):
            if line:
                out.print(f"{'':27}{one_line(line)}", markup=False)
    unsafe = "  (WITHOUT a sandbox: not protected)" if verdict.sandbox == "none" else ""
    out.print(f"{points(verdict.earned)} of {points(verdict.points)} points{unsafe}", markup=False)


@contextlib.contextmanager
def progress(total: int, what: str, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A progress bar on a terminal, plain lines elsewhere, nothing beside JSON.

    Yields:
        A function that is called with a line after each step, and ends the command where Ctrl-C was pressed during it.
    """

    with contextlib.ExitStack() as stack:
        show = _progress_lines(total, what, quiet, stack)

        def step(text: str) -> None:
            if Interruption.happened:  # nbgrader caught it while it recorded somebody: that is nobody's trouble
                raise KeyboardInterrupt
            show(text)

        yield step


def _progress_lines(total: int, what: str, quiet: bool, stack: contextlib.ExitStack) -> Callable[[str], object]:
    if quiet:
        return lambda text: None
    if err.is_terminal:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left:"),
            TimeRemainingColumn(),
        )
        bar = stack.enter_context(Progress(*columns, console=err))
        task = bar.add_task(what, total=total)
        return lambda text: bar.update(task, advance=1, description=escape(one_line(text)[:60]))
    done = iter(range(1, total + 1))
    return lambda text: print(f"[{next(done)}/{total}] {one_line(text)}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def trouble_in_words() -> Iterator[None]:
    """Our own known troubles end in a sentence and an exit code, not in a traceback."""
    try:
        yield
    except BrokenPipeError:
        raise
    except Exception as error:
        code, words = _trouble(error)
        if words is None:
            raise
        if code == WRONG_USE and Interruption.happened:  # nbgrader caught Ctrl-C, and this is what it made of it
            raise typer.Exit(INTERRUPTED) from None
        err.print(words, markup=False)
        raise typer.Exit(code) from None


def _trouble(error: Exception) -> tuple[int, str | None]:
    """The exit code for a trouble, and what to say of it; None when it is not a known one."""
    from goodfit.course.folder import CourseError
    from goodfit.notebooks.assignment import AssignmentError
    from goodfit.notebooks.source import shown

    if isinstance(error, SandboxError):
        return NO_SANDBOX, str(error)
    if isinstance(error, CourseError | AssignmentError):
        return WRONG_USE, str(error)
    if isinstance(error, Unavailable):
        return SOME_TROUBLE, str(error)
    if isinstance(error, OSError):
        words = in_words(error)
        if words is None and error.filename is not None:
            words = f"{shown(Path(os.fsdecode(error.filename)))}: {error.strerror}"
        return SOME_TROUBLE, words
    return SOME_TROUBLE, None
