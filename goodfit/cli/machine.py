"""``goodfit doctor`` and ``goodfit demo``: what works here, and how it looks."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from goodfit.cli.options import HERE, CourseOption, DemoSetsArgument, JobsOption, JsonOption, SandboxOption
from goodfit.cli.terminal import (
    DONE,
    SOME_TROUBLE,
    err,
    open_course,
    out,
    print_release,
    progress,
    tier_of,
    trouble_in_words,
)
from goodfit.texts import one_line

if TYPE_CHECKING:
    from goodfit.authoring.demo_course import Graded
    from goodfit.course.course import Course


def doctor(course: CourseOption = HERE, as_json: JsonOption = False) -> None:
    """Say what works here, and what to do about the rest."""
    from goodfit.cli.doctor import examine
    from goodfit.course.folder import CourseError

    try:
        found = examine(open_course(course))
    except CourseError as error:
        found = examine(error)
    if as_json:
        print(json.dumps([f.as_dict() for f in found], indent=1))
    else:
        signs = {"ok": "[green]ok[/]", "better with": "[yellow]could be better[/]", "broken": "[red]broken[/]"}
        table = Table("", "what", "", "remedy")
        for f in found:
            table.add_row(signs[f.state], f.what, f.detail, f.remedy)
        out.print(table)
    raise typer.Exit(SOME_TROUBLE if any(f.state == "broken" for f in found) else DONE)


def demo(
    assignments: DemoSetsArgument = None,
    folder: Annotated[Path, typer.Option(help="Course folder that the demonstration makes.")] = Path("build/demo"),
    course: CourseOption = HERE,
    jobs: JobsOption = 0,
    sandbox: SandboxOption = None,
    as_json: JsonOption = False,
) -> None:
    """Grade an invented class, and say what became of everybody.

    One set with functions and one with models: right, half right and wrong, empty, late and broken submissions, endless
    loops, and somebody who forges points. Each score is compared with what it must be.
    """
    from goodfit.authoring import demo_course as demonstration
    from goodfit.grading.pool import default_workers
    from goodfit.notebooks.source import shown
    from goodfit.reports import class_report

    with trouble_in_words():
        started = time.monotonic()
        here = open_course(course)
        names = list(dict.fromkeys(assignments or demonstration.quick_sets(here)))
        classes = demonstration.build_course(here, folder, [here.assignment(name) for name in names])
        place = open_course(folder)
        if not as_json:
            out.print(
                f"An invented class hands in {' and '.join(names)}.\nSo that endless loops do not hold it up, "
                f"a cell may run {demonstration.CELL_SECONDS} s in a set without models, "
                f"and a kernel may take {demonstration.MEMORY >> 30} GiB.",
                markup=False,
                soft_wrap=True,
            )
        releases: dict[str, list[str]] = {}
        graded: dict[str, list[Graded]] = {}
        reports: dict[str, Path] = {}
        for name in names:
            releases[name] = demonstration.make_release(place, place.assignment(name))
            if not as_json:
                print_release(name, releases[name], f"released to {shown(place.release(name))}, nothing hidden in it")
        for name in names:
            with progress(len(classes[name]), name, as_json) as step:
                graded[name] = demonstration.grade(
                    place, name, classes[name], tier_of(place, sandbox), jobs or default_workers(), step
                )
            reports[name] = class_report.write(place, place.assignment(name)).page
            if not as_json:
                out.print(_class_table(name, graded[name]))
        everybody = [one for several in graded.values() for one in several]
        wrong = [one for one in everybody if not one.as_expected or one.trouble]
        seconds = time.monotonic() - started
        if as_json:
            dumped = {name: [_as_dict(one) for one in several] for name, several in graded.items()}
            told = {"folder": str(place.root), "seconds": round(seconds), "releases": releases, "graded": dumped}
            print(json.dumps({**told, "reports": {name: str(page) for name, page in reports.items()}}, indent=1))
        else:
            for one in wrong:
                err.print(f"{one.student}: {one.trouble or 'the score is NOT as it must be'}", markup=False)
            _print_where_to_look(place, everybody, list(reports.values()))
            fine = "every score is as it must be" if not wrong else f"scores that are NOT as they must be: {len(wrong)}"
            out.print(f"{len(everybody)} submissions, {seconds:.0f} s; {fine}.", markup=False)
        raise typer.Exit(SOME_TROUBLE if wrong or any(releases.values()) else DONE)


def _class_table(name: str, graded: list[Graded]) -> Table:
    from goodfit.grading.verdict_view import points
    from goodfit.notebooks.lateness import late_in_words

    table = Table("student", "points", "must be", "what was special", "what happened", title=name, show_lines=True)
    for one in graded:
        late = f" {late_in_words(one.seconds_late).capitalize()}." if one.seconds_late > 0 else ""
        row = (
            one.student,
            f"{points(one.verdict.earned)}/{points(one.verdict.points)}",
            points(one.case.score),
            one.case.special,
            one.outcome + late,
        )
        table.add_row(*(escape(one_line(cell)) for cell in row))
    return table


def _as_dict(one: Graded) -> dict[str, Any]:
    return {
        "student": one.student,
        "special": one.case.special,
        "outcome": one.outcome,
        "earned": one.verdict.earned,
        "points": one.verdict.points,
        "must_be": one.case.score,
        "seconds_late": one.seconds_late,
        "page": str(one.page) if one.page else None,
    }


def _print_where_to_look(place: Course, everybody: list[Graded], reports: list[Path]) -> None:
    from goodfit.notebooks.source import shown

    partly = [one for one in everybody if one.page and 0 < one.verdict.earned < one.verdict.points]
    pages = [one.page for one in partly or everybody if one.page]
    folder = shown(place.root)
    out.print("Where to look:", markup=False)
    if pages:
        out.print(f"  feedback as a student gets it   {shown(pages[0])}", markup=False, soft_wrap=True)
        out.print(f"  everybody's feedback            {folder}/feedback/", markup=False, soft_wrap=True)
    for page in reports:
        out.print(f"  the class, for its teachers     {shown(page)}", markup=False, soft_wrap=True)
    out.print(f"  what students are handed out    {folder}/release/", markup=False, soft_wrap=True)
    out.print(
        f"  scores as a table               cd {folder} && nbgrader export --to=/dev/stdout",
        markup=False,
        soft_wrap=True,
    )
