"""The ``goodfit`` command."""

from __future__ import annotations

import os
import sys
from types import TracebackType


def _ended(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What is raised outside of every command: Ctrl-C, while the imports below take their seconds."""
    if issubclass(kind, KeyboardInterrupt):
        os.write(2, b"stopped\n")
        os._exit(INTERRUPTED)
    sys.__excepthook__(kind, error, trace)


INTERRUPTED = 130  # as every shell counts it: 128 + SIGINT
sys.excepthook = _ended

import contextlib
import enum
import io
import json
import logging
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from typer.core import TyperGroup

from goodfit import __version__
from goodfit.course.course import Course, CourseError
from goodfit.files import Unavailable, in_words
from goodfit.grading.verdict import Outcome, Verdict
from goodfit.grading.verdict_view import points
from goodfit.notebooks.assignment import Assignment, AssignmentError, natural
from goodfit.notebooks.lateness import late_in_words
from goodfit.notebooks.source import meant, shown
from goodfit.sandbox.errors import SandboxError

if TYPE_CHECKING:
    from goodfit.authoring.measurements import BankResult  # what only authors need is loaded when it is asked for


class Goodfit(TyperGroup):
    """The command as a terminal, a pipe and a batch job meet it: no sign of a name and no key ends in a traceback."""

    interrupted = False

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands in groups, as typer does where it may draw frames."""
        groups: dict[str, list[tuple[str, str]]] = {}
        width = max(map(len, self.commands))
        for name in self.list_commands(ctx):
            command: Any = self.get_command(ctx, name)
            text = command.get_short_help_str(formatter.width - 6 - width)
            groups.setdefault(command.rich_help_panel, []).append((name.ljust(width), text))
        for group, rows in sorted(groups.items(), key=lambda item: GROUPS.index(item[0])):
            with formatter.section(group):
                formatter.write_dl(rows)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command; what a stream cannot show becomes "?"."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._interrupt)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                if self.interrupted:
                    print("stopped; what was finished is kept", file=sys.stderr)
                sys.stdout.flush()
        except BrokenPipeError:  # `| head` has seen enough; Python would complain once more when it closes the stream
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(SOME_TROUBLE)

    @classmethod
    def _interrupt(cls, *_: object) -> None:
        cls.interrupted = True  # nbgrader catches what is raised here, and calls it an error of its own
        raise KeyboardInterrupt


app = typer.Typer(
    cls=Goodfit,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
WIDE = None if sys.stdout.isatty() else 140  # columns of a table that goes into a log
out, err = Console(width=WIDE), Console(stderr=True, soft_wrap=True)  # a log's lines stay whole

DONE, SOME_TROUBLE, WRONG_USE, NO_SANDBOX = 0, 1, 2, 3

GROUPS = TEACH, AUTHOR, MACHINE = "To teach", "To write problem sets", "This machine"


class Sandbox(enum.StrEnum):
    """What ``--sandbox`` may be: a tier, or the best that works."""

    AUTO = "auto"
    FORK = "fork"
    BUBBLEWRAP = "bubblewrap"
    NONE = "none"


def _sets_that_begin(incomplete: str) -> list[str]:
    """Names of sets for the shell, from the folder that it is in: quick, and nothing is loaded."""
    names = {path.parent.name for path in Path("source").glob("*/*.ipynb")}
    return sorted((name for name in names if name.startswith(incomplete)), key=natural)


SetArgument = Annotated[str, typer.Argument(help="A problem set.", autocompletion=_sets_that_begin)]
SetsArgument = Annotated[list[str], typer.Argument(help="Problem sets.", autocompletion=_sets_that_begin)]
CourseOption = Annotated[Path, typer.Option("--course", help="Course folder: where nbgrader_config.py lies.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
JobsOption = Annotated[int, typer.Option("--jobs", "-j", min=0, help="Submissions at a time; 0: one per core.")]
SandboxOption = Annotated[
    Sandbox | None,
    typer.Option("--sandbox", help="A tier, or the best that works; none is unsafe, and reports say so."),
]
HERE = Path(".")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"goodfit {__version__}")
        raise typer.Exit


@app.callback()
def main(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say on stderr what is being done.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Grade machine-learning assignments: verdicts that cannot be forged, calibrated thresholds, feedback in words."""
    log = logging.getLogger("goodfit")
    log.setLevel(logging.INFO if verbose else logging.WARNING)
    log.handlers = [handler := logging.StreamHandler()]
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s", "%H:%M:%S"))


@app.command(rich_help_panel=MACHINE)
def doctor(course: CourseOption = HERE, as_json: JsonOption = False) -> None:
    """Say what works on this machine, and what to do about the rest."""
    from goodfit.cli.doctor import examine

    try:
        found = examine(Course(course))
    except CourseError as error:
        found = examine(error)
    if as_json:
        print(json.dumps([f.as_dict() for f in found], indent=1))
    else:
        signs = {"ok": "[green]ok[/]", "better with": "[yellow]could be better[/]", "broken": "[red]broken[/]"}
        table = Table("", "what", "", "mend")
        for f in found:
            table.add_row(signs[f.state], f.what, f.detail, f.mend)
        out.print(table)
    raise typer.Exit(SOME_TROUBLE if any(f.state == "broken" for f in found) else DONE)


@app.command(rich_help_panel=TEACH)
def release(
    assignments: Annotated[
        list[str] | None,
        typer.Argument(help="Problem sets; all when none is named.", autocompletion=_sets_that_begin),
    ] = None,
    course: CourseOption = HERE,
    rebuild_data: Annotated[bool, typer.Option(help="Build the data files anew.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make the students' versions, and search them for leaks."""
    from goodfit.authoring import release as releasing

    with _trouble_in_words():
        place = Course(course)
        names = assignments or place.assignments()
        found = [_assignment(place, name) for name in names]
        place.ensure_gradebook()
        report: dict[str, list[str]] = {}
        for assignment in found:
            problems = releasing.make(assignment, place, rebuild_data)
            report[assignment.name] = problems
            if not as_json:
                _print_release(assignment.name, problems, "released, nothing hidden in it")
        if as_json:
            print(json.dumps(report, indent=1))
        raise typer.Exit(SOME_TROUBLE if any(report.values()) else DONE)


@app.command(rich_help_panel=TEACH)
def grade(
    assignments: SetsArgument,
    course: CourseOption = HERE,
    student: Annotated[
        list[str] | None, typer.Option("--student", "-s", help="Only this student (repeatable).")
    ] = None,
    jobs: JobsOption = 0,
    sandbox: SandboxOption = None,
    force: Annotated[bool, typer.Option(help="Grade again what is unchanged.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Grade what is in submitted/ into the gradebook.

    Several submissions at a time. What is unchanged is skipped, and what was stopped goes on. With several sets, JSON
    is keyed by their names.
    """
    with _trouble_in_words():
        place = Course(course)
        found = [_assignment(place, name) for name in dict.fromkeys(assignments)]
        scores: dict[str, Any] = {}
        trouble = False
        for assignment in found:
            results = _grade(place, assignment, student, jobs, _tier(place, sandbox), force, quiet=as_json)
            scores[assignment.name] = {r.student: _summary(r.bundle.verdict) for r in results}
            if not as_json:
                out.print(_score_table(place, assignment.name, results))
            for r in [r for r in results if r.trouble or r.bundle.verdict.needs_human]:
                broke = "a check of ours broke: " + r.bundle.log.strip()[-300:]
                why = r.trouble or (broke if r.bundle.verdict.broke else " ".join(r.bundle.verdict.attention))
                err.print(f"{r.student}: {why}", markup=False)
                trouble = True
        if as_json:
            _print_json(scores)
        raise typer.Exit(SOME_TROUBLE if trouble else DONE)


@app.command(rich_help_panel=TEACH)
def check(
    notebook: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A submitted notebook.")],
    course: CourseOption = HERE,
    assignment: Annotated[
        str | None, typer.Option(help="Assignment; what the notebook's name or its cells tell when not given.")
    ] = None,
    sandbox: SandboxOption = None,
    log: Annotated[bool, typer.Option(help="Print the staff's log too (hidden tests may be in it).")] = False,
    as_json: JsonOption = False,
) -> None:
    """Grade one notebook and record nothing."""
    from goodfit.authoring.grader_files import require_sound_graders
    from goodfit.grading.kernels import serving
    from goodfit.grading.pool import Graders
    from goodfit.notebooks.submission import read_one

    with _trouble_in_words():
        place = Course(course)
        found = _assignment(place, assignment) if assignment else place.assignment_of(notebook)
        require_sound_graders(found)
        with serving(_tier(place, sandbox)) as (tier, server):
            bundle = Graders(tier, server).grade(place.goodfit.job(found, read_one(notebook), tier))
        if as_json:
            print(bundle.verdict.model_dump_json(indent=1))
        else:
            _print_verdict(bundle.verdict)
        if log:
            err.print(bundle.log, markup=False, highlight=False)
        raise typer.Exit(SOME_TROUBLE if bundle.verdict.needs_human else DONE)


@app.command(rich_help_panel=AUTHOR)
def bank(
    assignments: SetsArgument,
    course: CourseOption = HERE,
    only: Annotated[str, typer.Option(help="Only answers whose label contains this.")] = "",
    jobs: JobsOption = 0,
    sandbox: SandboxOption = None,
    as_json: JsonOption = False,
) -> None:
    """Test the graders with right and wrong answers.

    Right ones must get full marks; each wrong one must fail the checks that it names, and no others. With several sets,
    JSON is keyed by their names.
    """
    from goodfit.authoring import bank as trial
    from goodfit.authoring import measurements as record
    from goodfit.authoring.grader_files import checked_bank, collect_checks, require_sound_graders
    from goodfit.grading.kernels import serving
    from goodfit.grading.pool import Graders, default_workers

    with _trouble_in_words():
        place = Course(course)
        chosen: dict[str, tuple[Assignment, list[Any]]] = {}
        for name in assignments:
            found = _assignment(place, name)
            require_sound_graders(found)
            chosen[name] = found, [a for a in checked_bank(found) if only in a.label]
            if not chosen[name][1]:
                raise AssignmentError(f"no answer of {name} has {only!r} in its label.")
        results: dict[str, list[record.BankResult]] = {}
        fine = True
        with serving(_tier(place, sandbox)) as (tier, server):
            for name, (found, answers) in chosen.items():
                tried: list[record.BankResult] = []
                with _progress(len(answers), "answers", as_json) as step:
                    job = partial(place.goodfit.job, found, tier=tier)
                    for one in trial.try_answers(found, answers, Graders(tier, server), job, jobs or default_workers()):
                        tried.append(one)
                        step(f"{one.answer}: {'as expected' if one.as_expected else 'NOT as expected'}")
                tried.sort(key=lambda one: one.answer)
                results[name] = tried
                if not as_json:
                    _print_tried(tried)
                untested = set(collect_checks(found)).difference(*(a.fails for a in checked_bank(found)))
                for check in sorted(untested):
                    err.print(f"no wrong answer fails {check}: a check that nothing tests", markup=False)
                if not only:
                    record.save(found, record.BankResult, tried)
                fine = fine and not untested and all(one.as_expected for one in tried)
        if as_json:
            _print_json({name: [one.model_dump() for one in tried] for name, tried in results.items()})
        raise typer.Exit(DONE if fine else SOME_TROUBLE)


@app.command(rich_help_panel=AUTHOR)
def mutants(
    assignment: SetArgument,
    sample: Annotated[int, typer.Option(min=0, help="At most so many for each exercise; 0: all.")] = 0,
    course: CourseOption = HERE,
    jobs: JobsOption = 0,
    sandbox: SandboxOption = None,
    as_json: JsonOption = False,
) -> None:
    """Test the graders with small slips in the reference answer.

    The slips are made mechanically. Those that no check notices are listed.
    """
    from goodfit.authoring import bank as trial
    from goodfit.authoring import measurements as record
    from goodfit.authoring import mutants as mutation
    from goodfit.authoring.grader_files import require_sound_graders
    from goodfit.grading.kernels import serving
    from goodfit.grading.pool import Graders, default_workers

    with _trouble_in_words():
        place = Course(course)
        found = _assignment(place, assignment)
        require_sound_graders(found)
        chosen = mutation.mutants(found, sample or None)
        results: list[record.MutantResult] = []
        with (
            serving(_tier(place, sandbox)) as (tier, server),
            _progress(len(chosen), "mutants", as_json) as step,
        ):
            job = partial(place.goodfit.job, found, tier=tier)
            for one in trial.try_mutants(found, chosen, Graders(tier, server), job, jobs or default_workers()):
                results.append(one)
                step(f"{one.state}: {one.label}")
        results.sort(key=lambda one: one.label)
        if not sample:
            record.save(found, record.MutantResult, results)
        results = mutation.explained(found, results)
        counts = {state: sum(one.state == state for one in results) for state in record.STATES}
        if as_json:
            print(json.dumps([one.model_dump(exclude_none=True) for one in results], indent=1))
        else:
            for one in results:
                if one.state in ("survived", "grader error"):
                    known = f": {one.reason}" if one.reason else ""
                    out.print(f"{one.state}: {one.label}{known}", markup=False)
            out.print(f"{len(results)} mutants: " + ", ".join(f"{n} {state}" for state, n in counts.items()))
        raise typer.Exit(SOME_TROUBLE if counts["survived"] or counts["grader error"] else DONE)


@app.command(rich_help_panel=AUTHOR)
def report(
    course: CourseOption = HERE,
    to: Annotated[Path | None, typer.Option(help="Folder for graders.md and its pictures; else docs/.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the report on how the graders were tested.

    It has what bank, mutants and calibrate recorded of every set, and a picture of each threshold.
    """
    from goodfit.authoring import report as reporting
    from goodfit.authoring.grader_files import sentences_of
    from goodfit.authoring.measurements import outdated

    with _trouble_in_words():
        place = Course(course)
        assignments = [place.assignment(name) for name in place.assignments()]
        faults = {one.name: sentences_of(partial(reporting.figures, one)) for one in assignments}
        for fault in (fault for several in faults.values() for fault in several):
            err.print(fault, markup=False)
        sound = [one for one in assignments if not faults[one.name]]
        for one in sound:
            if kinds := outdated(one):
                err.print(f"{one.name} has changed since its record was measured: {', '.join(kinds)}", markup=False)
        page = reporting.write(sound, to or place.root / "docs")
        if as_json:
            print(json.dumps({"page": str(page), "faults": faults}, indent=1))
        else:
            out.print(f"grader report: {page}", markup=False, soft_wrap=True)
        raise typer.Exit(SOME_TROUBLE if any(faults.values()) else DONE)


@app.command(rich_help_panel=AUTHOR)
def calibrate(
    assignment: SetArgument,
    runs: Annotated[int, typer.Option(min=2, help="Seeded runs of right answers for each training check.")] = 100,
    wrong_runs: Annotated[int, typer.Option(min=2, help="Seeded runs of each wrong answer.")] = 20,
    course: CourseOption = HERE,
    jobs: JobsOption = 0,
    sandbox: SandboxOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find thresholds from seeded runs of right and wrong answers.

    One that does not separate the right from the wrong ones is refused.
    """
    from goodfit.authoring import calibrate as calibrating
    from goodfit.authoring import measurements as record
    from goodfit.authoring.grader_files import require_sound_graders
    from goodfit.grading.kernels import serving
    from goodfit.grading.pool import Graders, default_workers

    with _trouble_in_words():
        place = Course(course)
        found = _assignment(place, assignment)
        require_sound_graders(found)
        if not found.thresholds:
            out.print(f"{assignment} has no thresholds: all its checks are exact.")
            return
        saved, done = place.state(assignment) / "calibration", []
        limits = place.goodfit.course_limits()
        try:
            with contextlib.ExitStack() as stack:
                graders = Graders(*stack.enter_context(serving(_tier(place, sandbox))))
                progress = None
                measured = calibrating.measure(
                    found, graders, runs, wrong_runs, jobs or default_workers(), saved, limits
                )
                for total, run in measured:
                    progress = progress or stack.enter_context(_progress(total, "runs", as_json))
                    done.append(run)
                    progress(f"{run.answer.label} seed {run.seed}")
            settled = calibrating.settle(found, done)
        except calibrating.NoSeparation as error:
            err.print(str(error), markup=False)
            raise typer.Exit(SOME_TROUBLE) from None
        calibrating.write_thresholds(found.graders_dir / "thresholds.toml", settled)
        record.save(found, record.CalibrationResult, calibrating.results_of(done))
        if as_json:
            print(json.dumps({name: t.model_dump() for name, t in settled.items()}, indent=1))
        else:
            table = Table(
                "threshold", "value", "worst right", "best wrong", "nearest wrong answer", "margin right/wrong (SD)"
            )
            for name, t in settled.items():
                margins = f"{t.margin_right} / {t.margin_wrong}"
                row = (
                    name,
                    f"{t.direction} {t.value}",
                    t.right_worst,
                    t.wrong_best,
                    t.wrong_nearest,
                    margins,
                )
                table.add_row(*map(str, row))
            out.print(table)


@app.command(rich_help_panel=TEACH)
def feedback(assignments: SetsArgument, course: CourseOption = HERE, as_json: JsonOption = False) -> None:
    """Write the students' feedback pages, where a result is new.

    With several sets, JSON is keyed by their names.
    """
    from goodfit.course.batch import write_feedback

    with _trouble_in_words():
        place = Course(course)
        names = [_assignment(place, name).name for name in dict.fromkeys(assignments)]
        pages: dict[str, Any] = {}
        for assignment in names:
            students, pages[assignment] = place.students(assignment), {}
            with _progress(len(students), "feedback", as_json) as step:
                for student in write_feedback(place, assignment, students):
                    pages[assignment][student] = str(place.feedback(assignment, student))
                    step(student)
            if not as_json:
                folder = place.feedback(assignment, "<student>")
                out.print(f"feedback of {len(pages[assignment])} students: {folder}", markup=False)
        if as_json:
            _print_json(pages)


@app.command(rich_help_panel=TEACH)
def backup(course: CourseOption = HERE, as_json: JsonOption = False) -> None:
    """Copy the gradebook into .goodfit/backups.

    Such a copy stays there until you delete it.
    """
    with _trouble_in_words():
        copy = Course(course).save_gradebook("by-hand")
        print(json.dumps(str(copy))) if as_json else out.print(f"gradebook copied: {copy}", markup=False)


@app.command(rich_help_panel=TEACH)
def restore(
    copy: Annotated[str | None, typer.Argument(help="A copy's name, or its path; without one, list them.")] = None,
    course: CourseOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Put a copy of the gradebook back, or list the copies.

    What is there now is kept.
    """
    from goodfit.course.batch import nobody_grading

    with _trouble_in_words():
        place = Course(course)
        if copy is None:
            names = [path.name for path in place.saved_gradebooks()]
            print(json.dumps(names)) if as_json else out.print("\n".join(names) or "no copies", markup=False)
            return
        with nobody_grading(place):
            kept = place.restore_gradebook(copy)
        if as_json:
            print(json.dumps({"restored": copy, "kept": [str(path) for path in kept]}))
        else:
            out.print(f"{copy} is the gradebook now; `goodfit grade` records what is missing in it.", markup=False)
            out.print("".join(f"What was there is kept: {path}\n" for path in kept).rstrip(), markup=False)


@app.command(rich_help_panel=MACHINE)
def demo(
    assignments: Annotated[
        list[str] | None, typer.Argument(help="Whose class to grade; all when none is named.")
    ] = None,
    folder: Annotated[Path, typer.Option(help="Course folder that the demonstration makes.")] = Path("build/demo"),
    course: CourseOption = HERE,
    jobs: JobsOption = 0,
    sandbox: SandboxOption = None,
    as_json: JsonOption = False,
) -> None:
    """Grade a class made from the answer banks.

    Every set is released; the class of some of them is graded in the sandbox, and each score compared with the one that
    it must be.
    """
    from goodfit.authoring import demo_course as sample_class
    from goodfit.authoring import release as releasing
    from goodfit.authoring.grader_files import require_sound_graders, sentences_of
    from goodfit.course.batch import write_feedback

    with _trouble_in_words():
        here = Course(course)
        started = time.monotonic()
        every = {name: here.assignment(name) for name in here.assignments()}
        names = [_assignment(here, name).name for name in assignments or every]
        broken = {
            name: sentences_of(partial(require_sound_graders, one)) or sentences_of(partial(sample_class.samples, one))
            for name, one in every.items()
        }
        names = [name for name in names if not broken[name]]
        sample_class.build_course(here.root, folder, list(every.values()), [every[name] for name in names])
        place = Course(folder)
        expected = json.loads((place.root / "expected.json").read_text())
        wrong = found = 0
        releases: dict[str, list[str]] = {}
        scores: dict[str, dict[str, Any]] = {}
        for assignment in (place.assignment(name) for name in every):
            problems = broken[assignment.name] or releasing.make(assignment, place)
            releases[assignment.name] = problems
            if not as_json:
                _print_release(assignment.name, problems, f"released to {place.release(assignment.name)}")
            found += len(problems)
        for name in names:
            assignment = place.assignment(name)
            sample_class.set_due_date(str(place.directories.db_url), name)
            results = _grade(place, assignment, None, jobs, _tier(place, sandbox), force=False, quiet=as_json)
            scores[name] = {
                r.student: {"earned": r.bundle.verdict.earned, "must be": expected[name][r.student]} for r in results
            }
            if not as_json:
                out.print(_score_table(place, name, results, expected[name]))
            wrong += sum(abs(r.bundle.verdict.earned - expected[name][r.student]) > 1e-6 for r in results)
            list(write_feedback(place, name, place.students(name)))
            if not as_json:
                out.print(f"feedback: {place.feedback(name, '<student>')}/{name}.html", markup=False)
        if as_json:
            print(json.dumps({"folder": str(place.root), "releases": releases, "scores": scores}, indent=1))
            raise typer.Exit(SOME_TROUBLE if wrong or found else DONE)
        told = [
            f"{time.monotonic() - started:.0f} s",
            f"{wrong} scores are NOT as they must be" if wrong else "every score is as it must be",
            *([f"{found} problems in the releases, see above"] if found else []),
        ]
        out.print("; ".join(told))
        raise typer.Exit(SOME_TROUBLE if wrong or found else DONE)


new = typer.Typer(no_args_is_help=True)
app.add_typer(new, name="new", rich_help_panel=AUTHOR, help="Begin a course folder, or a problem set.")


@new.command("course")
def new_course(
    folder: Annotated[Path, typer.Argument(help="Does not exist yet, or is empty.")], as_json: JsonOption = False
) -> None:
    """Make a course folder, wired to Goodfit."""
    from goodfit.authoring import new as making

    with _trouble_in_words():
        _print_made(making.new_course(folder), as_json)


@new.command("set")
def new_set(name: str, course: CourseOption = HERE, as_json: JsonOption = False) -> None:
    """Make a problem set of one exercise, which works as it is."""
    from goodfit.authoring import new as making

    with _trouble_in_words():
        _print_made(making.new_set(Course(course), name), as_json)


def _print_made(paths: list[Path], as_json: bool) -> None:
    if as_json:
        print(json.dumps([str(path) for path in paths], indent=1))
    else:
        out.print("\n".join(f"made: {path}" for path in paths), markup=False, soft_wrap=True)


def _print_json(by_set: dict[str, Any]) -> None:
    """Print what is said of several sets by their names; of one set, without its name."""
    print(json.dumps(by_set if len(by_set) > 1 else next(iter(by_set.values())), indent=1))


def _tier(place: Course, wanted: Sandbox | None) -> str:
    return str(wanted or place.goodfit.sandbox)


def _grade(
    place: Course, assignment: Assignment, students: list[str] | None, jobs: int, sandbox: str, force: bool, quiet: bool
) -> list[Any]:
    """Grade a class with progress on the terminal; results sorted by student."""
    from goodfit.authoring.grader_files import require_sound_graders
    from goodfit.course.batch import grade_class
    from goodfit.grading.pool import default_workers

    known = place.students(assignment.name)
    unknown = sorted(set(students or []) - set(known))
    if unknown:
        raise CourseError(
            f"no submission of {assignment.name} by {', '.join(unknown)} in {place.directories.submitted_directory}/"
            f"{meant(unknown[0], known)}"
        )
    if not known:
        raise CourseError(f"no submissions: {place.submitted(assignment.name, '<student>')} does not exist.")
    chosen = [s for s in known if not students or s in students]
    require_sound_graders(assignment)
    with _progress(len(chosen), assignment.name, quiet) as step:
        results = []
        for result in grade_class(place, assignment, chosen, sandbox, jobs or default_workers(), force):
            if Goodfit.interrupted:  # nbgrader caught it while it recorded somebody: that is nobody's trouble
                raise KeyboardInterrupt
            results.append(result)
            step(f"{result.student}: {points(result.bundle.verdict.earned)}" + ("" if result.fresh else " (unchanged)"))
    return sorted(results, key=lambda r: r.student)


def _assignment(place: Course, name: str) -> Assignment:
    """The assignment of that name; else a sentence with the name that was meant, or what is missing of it."""
    try:
        return place.assignment(name)
    except AssignmentError:
        names, folder = place.assignments(), place.root / place.directories.source_directory / name
        others = sorted(path.name for path in folder.glob("*.ipynb"))
        if (folder / f"{name}.ipynb").is_file():
            why = f"{name} has no graders: no test_*.py in {place.goodfit.graders_root(place.directories) / name}."
        elif others:
            why = f"{folder} has no {name}.ipynb, only {', '.join(others)}. The notebook must be called as its folder."
        else:
            why = f"no assignment {name!r} here{meant(name, names)} There are: {', '.join(names) or 'none'}."
        raise AssignmentError(why) from None


def _print_release(name: str, problems: list[str], fine: str) -> None:
    out.print(f"{name}: {fine}" if not problems else f"{name}: problems: {len(problems)}", markup=False, soft_wrap=True)
    for problem in problems:
        out.print(f"  {problem}", markup=False, soft_wrap=True)


def _score_table(place: Course, assignment: str, results: list[Any], expected: dict[str, float] | None = None) -> Table:
    table = Table("student", "points", *(["must be"] if expected else []), "checks", "remarks", title=assignment)
    with place.recorder() as recorder:
        known = recorder.recorded(assignment)
    for r in results:
        v = r.bundle.verdict
        counts = {o: sum(c.outcome is o for c in v.checks) for o in Outcome}
        checks = ", ".join(f"{n} {o.value}" for o, n in counts.items() if n)
        remarks = [
            *(n for n in v.notices if n not in v.attention),
            *(["graded WITHOUT a sandbox"] if v.sandbox == "none" else []),
        ]
        late = known[r.student].seconds_late if r.student in known else 0
        remarks += [late_in_words(late)] if late else []
        remarks += [r.trouble.splitlines()[0]] if r.trouble and r.trouble not in v.attention else []
        remarks += ["a check of ours broke: a human decides"] if v.broke else []
        remarks = [f"needs a human: {reason}" for reason in v.attention] + remarks
        must = [points(expected[r.student])] if expected else []
        shown = "; ".join(remarks[:2]) + (f"; and {len(remarks) - 2} more" if len(remarks) > 2 else "")
        table.add_row(r.student, f"{points(v.earned)}/{points(v.points)}", *must, checks, shown.replace("[", r"\["))
    return table


def _print_tried(tried: list[BankResult]) -> None:
    for one in tried:
        out.print(f"{'ok ' if one.as_expected else 'NOT'} {one.answer} ({one.seconds:.1f} s)", markup=False)
        if not one.as_expected:
            out.print(f"    should fail {one.should_fail}, fails {one.fails}", markup=False)
            out.print("    " + "\n    ".join(one.remarks) + "\n" + one.log[-3000:], markup=False)


def _summary(verdict: Verdict) -> dict[str, Any]:
    return {"earned": verdict.earned, "points": verdict.points, **verdict.model_dump(mode="json")}


def _print_verdict(verdict: Verdict) -> None:
    for reason in verdict.attention:
        out.print(f"needs a human: {reason}", markup=False)
    for notice in [n for n in verdict.notices if n not in verdict.attention]:
        out.print(f"note: {notice}", markup=False)
    for c in verdict.checks:
        out.print(
            f"{c.outcome.value:14} {points(c.earned):>4}/{points(c.points):<4} {c.grade_id}: {c.sentence}", markup=False
        )
        for line in (c.rationale, c.hint and f"Hint: {c.hint}"):
            if line:
                out.print(f"{'':27}{line}", markup=False)
    unsafe = "  (WITHOUT a sandbox: not protected)" if verdict.sandbox == "none" else ""
    out.print(f"{points(verdict.earned)} of {points(verdict.points)} points{unsafe}", markup=False)


@contextlib.contextmanager
def _progress(total: int, what: str, quiet: bool) -> Iterator[Any]:
    """A progress bar on a terminal, plain lines elsewhere, nothing beside JSON."""
    if quiet:
        yield lambda text: None
    elif err.is_terminal:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=err) as bar:
            task = bar.add_task(what, total=total)
            yield lambda text: bar.update(task, advance=1, description=text[:60])
    else:
        done = iter(range(1, total + 1))
        yield lambda text: print(f"[{next(done)}/{total}] {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def _trouble_in_words() -> Iterator[None]:
    """Our own known troubles end in a sentence and an exit code, not in a traceback."""
    try:
        yield
    except SandboxError as error:
        err.print(f"{error}", markup=False)
        raise typer.Exit(NO_SANDBOX) from None
    except (CourseError, AssignmentError) as error:
        if Goodfit.interrupted:
            raise typer.Exit(INTERRUPTED) from None
        err.print(f"{error}", markup=False)
        raise typer.Exit(WRONG_USE) from None
    except BrokenPipeError:
        raise
    except (Unavailable, OSError) as error:
        words = in_words(error) if isinstance(error, OSError) else str(error)
        if words is None and isinstance(error, OSError) and error.filename is not None:
            words = f"{shown(Path(os.fsdecode(error.filename)))}: {error.strerror}"
        if words is None:
            raise
        err.print(words, markup=False)
        raise typer.Exit(SOME_TROUBLE) from None
