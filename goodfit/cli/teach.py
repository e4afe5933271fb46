"""``goodfit release``, ``feedback``, ``report``, ``backup``, ``restore``: what an instructor does besides grading."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from goodfit.cli.options import HERE, AnySetsArgument, ClassArgument, CourseOption, JsonOption, SetsArgument
from goodfit.cli.terminal import (
    DONE,
    SOME_TROUBLE,
    WRONG_USE,
    err,
    open_course,
    out,
    print_json,
    print_release,
    progress,
    trouble_in_words,
)


def release(
    assignments: AnySetsArgument = None,
    course: CourseOption = HERE,
    rebuild_data: Annotated[bool, typer.Option(help="Build the data files anew.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make the students' versions, and search them for leaks."""
    from goodfit.authoring.release import make

    with trouble_in_words():
        here = open_course(course)
        found = [here.assignment(name) for name in dict.fromkeys(assignments or here.assignments())]
        here.ensure_gradebook()
        problems: dict[str, list[str]] = {}
        for assignment in found:
            problems[assignment.name] = make(assignment, here, rebuild_data)
            if not as_json:
                print_release(assignment.name, problems[assignment.name], "released, nothing hidden in it")
        if as_json:
            print(json.dumps(problems, indent=1))
        raise typer.Exit(SOME_TROUBLE if any(problems.values()) else DONE)


def feedback(assignments: SetsArgument, course: CourseOption = HERE, as_json: JsonOption = False) -> None:
    """Write the students' feedback pages, where a result is new.

    With several sets, JSON is keyed by their names.
    """
    from goodfit.course.batch import write_feedback

    with trouble_in_words():
        here = open_course(course)
        names = [here.assignment(name).name for name in dict.fromkeys(assignments)]
        pages: dict[str, Any] = {}
        for name in names:
            students, pages[name] = here.students(name), {}
            with progress(len(students), "feedback", as_json) as step:
                for student in write_feedback(here, name, students):
                    pages[name][student] = str(here.feedback(name, student))
                    step(student)
            if not as_json:
                folder = here.feedback(name, "<student>")
                out.print(f"feedback of {len(pages[name])} students: {folder}", markup=False)
        if as_json:
            print_json(pages)


def report(
    assignment: ClassArgument = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The page; else reports/SET.html.")] = None,
    anonymous: Annotated[bool, typer.Option(help="Leave out ids, names, and all words of students.")] = False,
    names: Annotated[
        Path | None, typer.Option(help="CSV file with the students' id and name (or first_name, last_name).")
    ] = None,
    course: CourseOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Write the report on a graded class, for staff.

    One page: scores, exercises and checks in numbers, mistakes in groups, models, submissions, answers that are alike.
    The report on how far the graders can be trusted is `goodfit report-graders`.
    """
    if assignment is None or (anonymous and names):
        err.print(
            "Names have no place in an anonymous report: leave out --anonymous or --names."
            if assignment
            else "Which class? `goodfit report SET` writes the report on those who handed in SET. "
            "The report on the graders, docs/graders.md, is `goodfit report-graders`.",
            markup=False,
        )
        raise typer.Exit(WRONG_USE)
    from goodfit.reports import class_report, class_results

    with trouble_in_words():
        here = open_course(course)
        found = here.assignment(assignment)
        known = class_results.read_names(names) if names else None
        written = class_report.write(here, found, output, known, anonymous)
        if written.missing:
            err.print(f"not graded yet: {written.missing} (`goodfit grade {found.name}`)", markup=False)
        if as_json:
            analysis = written.analysis
            numbers = {"alpha": analysis.alpha, "alpha_interval": analysis.alpha_interval, "analysed": analysis.n}
            counts = {"graded": written.graded, "missing": written.missing, "needs_human": written.needs_human}
            print(json.dumps({"page": str(written.page), **counts, **numbers}, indent=1))
        else:
            out.print(f"class report ({written.graded} graded): {written.page}", markup=False, soft_wrap=True)


def backup(course: CourseOption = HERE, as_json: JsonOption = False) -> None:
    """Copy the gradebook into .goodfit/backups.

    Such a copy stays there until you delete it.
    """
    with trouble_in_words():
        copy = open_course(course).save_gradebook("by-hand")
        print(json.dumps(str(copy))) if as_json else out.print(f"gradebook copied: {copy}", markup=False)


def restore(
    copy: Annotated[str | None, typer.Argument(help="A copy's name, or its path; without one, list them.")] = None,
    course: CourseOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Put a copy of the gradebook back, or list the copies.

    What is there now is kept.
    """
    from goodfit.course.batch import nobody_grading

    with trouble_in_words():
        here = open_course(course)
        if copy is None:
            names = [path.name for path in here.saved_gradebooks()]
            print(json.dumps(names)) if as_json else out.print("\n".join(names) or "no copies", markup=False)
            return
        with nobody_grading(here):
            saved = here.restore_gradebook(copy)
        if as_json:
            print(json.dumps({"restored": copy, "saved": [str(path) for path in saved]}))
        else:
            out.print(f"{copy} is the gradebook now; `goodfit grade` records what is missing in it.", markup=False)
            out.print("".join(f"What was there is kept: {path}\n" for path in saved).rstrip(), markup=False)
