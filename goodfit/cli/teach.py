"""What an instructor does besides grading: releases, feedback, the report on a class, exports, copies."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodfit.cli.options import (
    HERE,
    AnySetsArgument,
    ClassArgument,
    CourseOption,
    ExportFormat,
    JobsOption,
    JsonOption,
    SandboxOption,
    SetArgument,
    SetsArgument,
)
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
    tier_of,
    trouble_in_words,
)

if TYPE_CHECKING:
    from goodfit.course.course import Course
    from goodfit.exports.exporting import Exported
    from goodfit.exports.merge import Choice


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


def feedback(
    assignments: SetsArgument, course: CourseOption = HERE, jobs: JobsOption = 0, as_json: JsonOption = False
) -> None:
    """Write the students' feedback pages, where a result is new.

    With several sets, JSON is keyed by their names.
    """
    from goodfit.course.batch import write_feedback
    from goodfit.grading.pool import default_workers

    with trouble_in_words():
        here = open_course(course)
        names = [here.assignment(name).name for name in dict.fromkeys(assignments)]
        pages: dict[str, Any] = {}
        for name in names:
            students, pages[name] = here.students(name), {}
            with progress(len(students), "feedback", as_json) as step:
                for student in write_feedback(here, name, students, jobs or default_workers()):
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
    from goodfit.exports.people import full_names
    from goodfit.reports import class_report

    with trouble_in_words():
        here = open_course(course)
        found = here.assignment(assignment)
        known = full_names(names) if names else None
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


def export(
    assignment: SetArgument,
    to: Annotated[ExportFormat, typer.Option(help="For whom.")] = ExportFormat.CSV,
    into: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The table that Canvas or Moodle gave.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; else standard output.")] = None,
    column: Annotated[
        str, typer.Option("--column", "--grade-column", help="The column for the scores, where it is not clear.")
    ] = "",
    names: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="CSV with id, name, email, lms id of students.")
    ] = None,
    feedback: Annotated[Path | None, typer.Option(help="Zip of feedback pages to make, for Moodle.")] = None,
    scale: Annotated[bool, typer.Option(help="Stretch scores to the platform's points.")] = False,
    unfinished: Annotated[bool, typer.Option(help="Fill in what waits for manual grading, too.")] = False,
    overwrite: Annotated[bool, typer.Option(help="Let the output take the place of --into.")] = False,
    course: CourseOption = HERE,
    sandbox: SandboxOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the scores for a spreadsheet or a platform.

    For Canvas and Moodle they are filled into the table that was downloaded there. For Gradescope, --output is a
    folder: an autograder that grades there with these checks (in --sandbox), and a results.json for everybody graded
    here. With --json, standard output tells what was done, and the scores go into --output.
    """
    from goodfit.exports import exporting
    from goodfit.exports.merge import Choice
    from goodfit.files import write_whole

    with trouble_in_words():
        here, form = open_course(course), exporting.Format(to)
        _require_fitting(form.value, into, output, feedback, as_json)
        choice = Choice(column, scale, unfinished)
        if form is exporting.Format.GRADESCOPE and output is not None:
            _export_to_gradescope(here, assignment, output, tier_of(here, sandbox), choice, as_json)
            return
        for path in filter(None, (output, feedback)):
            exporting.require_other_file(path, [one for one in (into, names) if one], overwrite)
        scores = exporting.scores_of(here, here.assignment(assignment), names)
        done = exporting.export(here, scores, form, into, choice, feedback is not None)
        if output is None:
            typer.echo(done.content.encode(), nl=False)  # UTF-8 wherever it goes: names are not to become "?"
        else:
            write_whole(output, done.content)
        if feedback is not None and done.pages is not None:
            write_whole(feedback, done.pages)
        _tell_export(done, output, feedback, as_json)
        raise typer.Exit(SOME_TROUBLE if done.troubles else DONE)


def _require_fitting(to: str, into: Path | None, output: Path | None, feedback: Path | None, as_json: bool) -> None:
    if into is not None and to not in ("canvas", "moodle"):
        raise typer.BadParameter(f"--into is for canvas and moodle, not for {to}.")
    if feedback is not None and to != "moodle":
        raise typer.BadParameter("--feedback is for moodle.")
    if to == "gradescope" and output is None:
        raise typer.BadParameter("--to gradescope needs --output: a folder for the autograder and the results.")
    if as_json and output is None:
        raise typer.BadParameter("--json needs --output: scores and report cannot both go to standard output.")


def _export_to_gradescope(here: Course, name: str, folder: Path, sandbox: str, choice: Choice, as_json: bool) -> None:
    from goodfit.authoring.grader_files import require_sound_graders
    from goodfit.course.folder import CourseError
    from goodfit.exports import gradescope
    from goodfit.files import write_whole

    found = here.assignment(name)
    require_sound_graders(found)
    scores = None
    with contextlib.suppress(CourseError):  # nothing is graded yet: the autograder alone
        scores = here.scores(found)
    made = gradescope.for_gradescope(here, found, scores, sandbox, choice)
    folder.mkdir(parents=True, exist_ok=True)
    zipped, written = folder / "autograder.zip", {}
    write_whole(zipped, made.autograder)
    for student, text in made.results.items():
        place = folder / "results" / student / "results.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, text)
        written[student] = str(place)
    if as_json:
        print(json.dumps({"autograder": str(zipped), "results": written, "notices": made.notices}, indent=1))
        return
    for sentence in made.notices:
        err.print(sentence, markup=False)
    out.print(f"autograder: {zipped}", markup=False, soft_wrap=True)
    out.print(f"results of {len(written)} students: {folder / 'results'}", markup=False, soft_wrap=True)


def _tell_export(done: Exported, output: Path | None, feedback: Path | None, as_json: bool) -> None:
    if as_json:
        files = {"output": str(output), "feedback": str(feedback) if feedback else None}
        print(
            json.dumps({**files, "filled": done.filled, "troubles": done.troubles, "notices": done.notices}, indent=1)
        )
        return
    for sentence in [*done.troubles, *done.notices]:
        err.print(sentence, markup=False)
    if output is not None:
        out.print(f"scores of {len(done.filled)} students: {output}", markup=False, soft_wrap=True)
    if feedback is not None:
        out.print(f"feedback pages: {feedback}", markup=False, soft_wrap=True)


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
