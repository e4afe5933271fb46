"""``goodfit bank``, ``mutants``, ``calibrate``, ``report-graders``, ``new``: what authors of problem sets do.

What only they need is imported when it is asked for: `goodfit grade` should not wait for it.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.table import Table

from goodfit.cli.options import HERE, CourseOption, JobsOption, JsonOption, SandboxOption, SetArgument, SetsArgument
from goodfit.cli.terminal import (
    DONE,
    SOME_TROUBLE,
    err,
    open_course,
    out,
    print_json,
    print_made,
    progress,
    tier_of,
    trouble_in_words,
)

if TYPE_CHECKING:
    from goodfit.authoring.bank import BankRun, MutantRun, TrivialRun
    from goodfit.course.course import Course
    from goodfit.notebooks.thresholds import ThresholdRecord

ChangedOption = Annotated[bool, typer.Option("--changed", help="Only what has no result that holds today.")]


def bank(
    assignments: SetsArgument,
    course: CourseOption = HERE,
    only: Annotated[str, typer.Option(help="Only answers whose label contains this.")] = "",
    changed: ChangedOption = False,
    trivial: Annotated[bool, typer.Option(help="Constants, echoes and zeros instead: no check may pass.")] = False,
    jobs: JobsOption = 0,
    sandbox: SandboxOption = None,
    as_json: JsonOption = False,
) -> None:
    """Test the graders with right and wrong answers.

    Right ones must get full marks; each wrong one must fail the checks that it names, and no others. A run over all, or
    with --changed, is recorded; stopped, the next one goes on. With several sets, JSON is keyed by their names.
    """
    from goodfit.authoring.bank import BankRun
    from goodfit.grading import kernels
    from goodfit.grading.pool import Graders, default_workers

    with trouble_in_words():
        here = open_course(course)
        if trivial:
            _try_trivial_answers(here, assignments, jobs, tier_of(here, sandbox), as_json)
        runs = [BankRun(here.assignment(name), only, changed) for name in dict.fromkeys(assignments)]
        with kernels.serving(tier_of(here, sandbox), _imports(runs)) as (tier, server):
            for run in runs:
                with progress(len(run.answers), "answers", as_json) as step:
                    for one in run.grade(here, Graders(tier, server), jobs or default_workers()):
                        step(f"{one.answer}: {'as expected' if one.as_expected else 'NOT as expected'}")
                if not as_json:
                    _print_bank(run)
                for check in run.untested:
                    err.print(f"no wrong answer fails {check}: a check that nothing tests", markup=False)
        if as_json:
            print_json({run.assignment.name: [one.model_dump() for one in run.results] for run in runs})
        raise typer.Exit(DONE if all(run.as_expected for run in runs) else SOME_TROUBLE)


def _imports(runs: Iterable[BankRun | TrivialRun | MutantRun]) -> set[str]:
    return set().union(*(run.assignment.imports() for run in runs))


def _try_trivial_answers(course: Course, names: list[str], jobs: int, sandbox: str, as_json: bool) -> NoReturn:
    from goodfit.authoring.bank import TrivialRun
    from goodfit.grading import kernels
    from goodfit.grading.pool import Graders, default_workers

    runs = [TrivialRun(course.assignment(name)) for name in dict.fromkeys(names)]
    with kernels.serving(sandbox, _imports(runs)) as (tier, server):
        for run in runs:
            with progress(len(run.answers), "trivial answers", as_json) as step:
                for name in run.grade(course, Graders(tier, server), jobs or default_workers()):
                    step(f"{name}: {', '.join(run.passed[name]) or 'no check passes'}")
    passed = {run.assignment.name: {name: checks for name, checks in run.passed.items() if checks} for run in runs}
    if as_json:
        print_json(passed)
    else:
        for checks in passed.values():
            for name, found in checks.items():
                out.print(f"NOT {name}: {', '.join(found)} passes", markup=False)
        out.print(f"{sum(len(run.answers) for run in runs)} trivial answers", markup=False)
    raise typer.Exit(SOME_TROUBLE if any(passed.values()) else DONE)


def mutants(
    assignments: SetsArgument,
    sample: Annotated[int, typer.Option(min=0, help="At most so many for each exercise; 0: all.")] = 0,
    changed: ChangedOption = False,
    course: CourseOption = HERE,
    jobs: JobsOption = 0,
    sandbox: SandboxOption = None,
    as_json: JsonOption = False,
) -> None:
    """Test the graders with mutants of the reference answer.

    Each has one small mutation, made by program. Those that no check notices are listed. A run over all, or with
    --changed, is recorded; stopped, the next one goes on. With several sets, JSON is keyed by their names.
    """
    from goodfit.authoring.bank import MutantRun
    from goodfit.grading import kernels
    from goodfit.grading.pool import Graders, default_workers

    with trouble_in_words():
        if sample and changed:
            raise typer.BadParameter("--sample and --changed do not go together: a sample is not recorded.")
        here = open_course(course)
        runs = [MutantRun(here.assignment(name), sample or None, changed) for name in dict.fromkeys(assignments)]
        with kernels.serving(tier_of(here, sandbox), _imports(runs)) as (tier, server):
            for run in runs:
                with progress(len(run.mutants), "mutants", as_json) as step:
                    for one in run.grade(here, Graders(tier, server), jobs or default_workers()):
                        step(f"{one.state}: {one.label}")
                if not as_json:
                    _print_mutants(run)
        if as_json:
            dumped = {r.assignment.name: [one.model_dump(exclude_none=True) for one in r.results] for r in runs}
            print_json(dumped)
        lacking = sum(run.counts["survived"] + run.counts["grader error"] for run in runs)
        raise typer.Exit(SOME_TROUBLE if lacking else DONE)


def calibrate(
    assignment: SetArgument,
    runs: Annotated[
        int,
        typer.Option(min=2, help="Seeded runs of right answers for each threshold, dealt evenly to the right ways."),
    ] = 300,
    wrong_runs: Annotated[int, typer.Option(min=2, help="Seeded runs of each wrong answer.")] = 20,
    only: Annotated[list[str] | None, typer.Option(help="Only this exercise, by its graded cell; repeatable.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Measure again what has not changed, too.")] = False,
    course: CourseOption = HERE,
    jobs: JobsOption = 0,
    sandbox: SandboxOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find thresholds from runs of right and wrong answers.

    Only what has changed since its record is run, and a stopped calibration goes on. A threshold that does not separate
    the right from the wrong ones is refused; one that a right answer might miss more often than once in 1,000 runs is
    written, and called short.
    """
    from goodfit.authoring import calibrate as calibration
    from goodfit.authoring.grader_files import require_sound_graders
    from goodfit.authoring.tails import GOAL
    from goodfit.grading import kernels
    from goodfit.grading.pool import Graders, default_workers

    with trouble_in_words():
        here = open_course(course)
        found = here.assignment(assignment)
        require_sound_graders(found)
        if not found.thresholds:
            exact = f"{assignment} has no thresholds: all its checks are exact."
            print(json.dumps({})) if as_json else out.print(exact, markup=False)
            return
        saved, done = here.state(assignment) / "calibration", []
        limits = here.goodfit.course_limits()
        parts = calibration.plan(found, runs, wrong_runs, only or (), force)
        missing = {exercise: 0 for exercise in dict.fromkeys(part.exercise for part in parts)}
        for part in parts:
            missing[part.exercise] += len(part.missing)
        for exercise in (name for name, number in missing.items() if not number):
            err.print(f"{exercise}: nothing has changed since it was measured", markup=False)
        try:
            with contextlib.ExitStack() as stack:
                if total := sum(missing.values()):
                    graders = Graders(*stack.enter_context(kernels.serving(tier_of(here, sandbox), found.imports())))
                    step = stack.enter_context(progress(total, "runs", as_json))
                    for run in calibration.measure(
                        found, graders, parts, jobs or default_workers(), saved, limits, force
                    ):
                        done.append(run)
                        step(f"{run.part.exercise}: {run.part.answer.label} seed {run.seed}")
            thresholds = calibration.calibrate(found, parts, done)
        except calibration.NoSeparation as error:
            err.print(str(error), markup=False)
            raise typer.Exit(SOME_TROUBLE) from None
        short = [name for name, t in thresholds.items() if t.bound_right is not None and t.bound_right > GOAL]
        if as_json:
            print(json.dumps({name: t.model_dump() for name, t in thresholds.items()}, indent=1))
        else:
            _print_thresholds(thresholds, short)
        raise typer.Exit(SOME_TROUBLE if short else DONE)


def report_graders(
    course: CourseOption = HERE,
    to: Annotated[Path | None, typer.Option(help="Folder for graders.md and its pictures; else docs/.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the report on how the graders were tested.

    It has what bank, mutants and calibrate recorded of every set, and a picture of each threshold.
    """
    from goodfit.authoring.report import report as write_report

    with trouble_in_words():
        here = open_course(course)
        written = write_report(here, to or here.root / "docs")
        for fault in (fault for several in written.faults.values() for fault in several):
            err.print(fault, markup=False)
        for name, kinds in written.outdated.items():
            for kind, exercises in kinds.items():
                err.print(f"{name} has changed since its {kind} was recorded: {', '.join(exercises)}", markup=False)
        for name, short in written.short.items():
            err.print(f"{name}: short thresholds: {', '.join(short)}", markup=False)
        if as_json:
            print(json.dumps({"page": str(written.page), "faults": written.faults}, indent=1))
        else:
            out.print(f"grader report: {written.page}", markup=False, soft_wrap=True)
        raise typer.Exit(SOME_TROUBLE if any(written.faults.values()) else DONE)


def new_course(
    folder: Annotated[Path, typer.Argument(help="Does not exist yet, or is empty.")], as_json: JsonOption = False
) -> None:
    """Make a course folder, wired to Goodfit."""
    from goodfit.authoring import new

    with trouble_in_words():
        print_made(new.new_course(folder), as_json)


def new_set(
    name: Annotated[str, typer.Argument(help="Letters without accents, digits and _, a letter first.")],
    course: CourseOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Make a problem set of one exercise, with its checks and answers."""
    from goodfit.authoring import new

    with trouble_in_words():
        print_made(new.new_set(open_course(course), name), as_json)


def _print_thresholds(thresholds: dict[str, ThresholdRecord], short: list[str]) -> None:
    table = Table("threshold", "value", "worst right", "right way may fail", "best wrong", "nearest", "wrong may pass")
    for name, t in thresholds.items():
        fails, passes = ("not measured" if b is None else f"≤ {b:.2%}" for b in (t.bound_right, t.bound_wrong))
        fails += f" {t.way}" + (" SHORT" if name in short else "")
        cells = (name, f"{t.direction} {t.value}", t.right_worst, fails, t.wrong_best, t.wrong_nearest, passes)
        table.add_row(*map(str, cells))
    out.print(table)


def _print_bank(run: BankRun) -> None:
    for one in run.results:
        out.print(f"{'ok ' if one.as_expected else 'NOT'} {one.answer} ({one.seconds:.1f} s)", markup=False)
        if not one.as_expected:
            out.print(f"    should fail {one.should_fail}, fails {one.fails}", markup=False)
            said = [f"    {s.check}: {s.outcome}: {s.rationale}" for s in one.said]
            out.print("\n".join([*said, one.log[-3000:]]), markup=False)


def _print_mutants(run: MutantRun) -> None:
    for one in run.results:
        if one.state in ("survived", "grader error"):
            reason = f": {one.reason}" if one.reason else ""
            out.print(f"{one.state}: {one.label}{reason}", markup=False)
    counts = ", ".join(f"{n} {state}" for state, n in run.counts.items())
    out.print(f"{len(run.results)} mutants: {counts}")
