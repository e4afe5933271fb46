"""``goodfit grade`` and ``goodfit check``: a class, and one notebook."""

from __future__ import annotations

import contextlib
import glob
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodfit.cli import untouched
from goodfit.cli.options import HERE, CourseOption, JobsOption, JsonOption, Sandbox, SandboxOption, SetsArgument
from goodfit.cli.terminal import (
    DONE,
    SOME_TROUBLE,
    err,
    open_course,
    out,
    print_json,
    print_verdict,
    progress,
    score_lines,
    score_table,
    summary,
    tier_of,
    trouble_in_words,
)

if TYPE_CHECKING:
    from goodfit.course.batch import Result
    from goodfit.course.course import Course
    from goodfit.notebooks.assignment import Assignment


def grade(
    assignments: SetsArgument,
    course: CourseOption = HERE,
    student: Annotated[
        list[str] | None, typer.Option("--student", "-s", help="Only this student (repeatable).")
    ] = None,
    jobs: JobsOption = 0,
    sandbox: SandboxOption = None,
    force: Annotated[bool, typer.Option(help="Grade again what is unchanged.")] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(
            help="Let the workers of this Dask scheduler grade, as many at a time as they take (--jobs: fewer)."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Grade what is in submitted/ into the gradebook.

    Several submissions at a time. What is unchanged is skipped, and what was stopped goes on. With several sets, JSON
    is keyed by their names.
    """
    names = list(dict.fromkeys(assignments))
    asked = untouched.asked(course, [*(student or []), "--sandbox", str(sandbox)])
    if not (force or scheduler or as_json) and all(known := [untouched.find(course, name, asked) for name in names]):
        for one in known:
            _show_again(one)
        raise typer.Exit(SOME_TROUBLE if any(one["troubles"] for one in known) else DONE)
    first = None if scheduler else _first_to_grade(course, names, student, force)
    with _early_server(course, first, sandbox), trouble_in_words():
        with untouched.Watch() as start:  # what all sets need: modules, the configuration
            here = open_course(course)
            found = [here.assignment(name) for name in names]
        scores: dict[str, Any] = {}
        trouble = False
        for assignment in found:
            with untouched.Watch() as watch:
                steps, results = _grade(
                    here, assignment, student, jobs, tier_of(here, sandbox), force, scheduler, quiet=as_json
                )
                shown = score_lines(here, assignment.name, results)
            scores[assignment.name] = {r.student: summary(r.bundle.verdict) for r in results}
            if not as_json:
                out.print(score_table(shown))
            troubles = [_trouble(r) for r in results if r.trouble or r.bundle.verdict.needs_human]
            _show_troubles(troubles)
            trouble |= bool(troubles)
            if here.gradebook_file() and not any(scheduler or r.fresh or r.trouble for r in results):
                also = [*here.config_places(), *(here.autograded(assignment.name, r.student) for r in results)]
                shown |= {"steps": steps, "troubles": troubles}
                untouched.save(course, assignment.name, asked, [start, watch], also, shown)
        if as_json:
            print_json(scores)
        raise typer.Exit(SOME_TROUBLE if trouble else DONE)


def _first_to_grade(course: Path, names: list[str], students: list[str] | None, force: bool) -> str | None:
    """The first set that has somebody to grade. A guess, by the folders' usual names: nbgrader's are not read yet."""
    for name in names:
        here = glob.escape(name)
        handed_in = {path.parts[-3] for path in course.glob(f"submitted/*/{here}/{here}.ipynb")}
        kept = set() if force else {path.stem for path in course.glob(f".goodfit/{here}/*.json")}
        if (handed_in & set(students or handed_in)) - kept:
            return name
    return None


def _early_server(course: Path, name: str | None, sandbox: Sandbox | None) -> AbstractContextManager[None]:
    """Let the fork server import what a set needs, while nbgrader is imported here; nothing where that is not clear."""
    if (
        name
        and sandbox in (None, Sandbox.AUTO, Sandbox.FORK)
        and (course / "source" / name / f"{name}.ipynb").is_file()
    ):
        from goodfit.grading import kernels
        from goodfit.notebooks.assignment import Assignment, AssignmentError

        with contextlib.suppress(AssignmentError, OSError):
            imports = Assignment(name, course / "source" / name, course / "graders" / name).imports()
            return kernels.started_early(imports)
    return contextlib.nullcontext()


def _show_again(known: dict[str, Any]) -> None:
    """Print what the last run printed."""
    with progress(len(known["steps"]), known["title"], quiet=False) as step:
        for text in known["steps"]:
            step(text)
    out.print(score_table(known))
    _show_troubles(known["troubles"])


def _trouble(result: Result) -> str:
    """Who needs a human, and why."""
    verdict = result.bundle.verdict
    broke = "a check of ours broke: " + result.bundle.log.strip()[-300:]
    return f"{result.student}: {result.trouble or (broke if verdict.broke else ' '.join(verdict.attention))}"


def _show_troubles(troubles: list[str]) -> None:
    for trouble in troubles:
        err.print(trouble, markup=False)


def _grade(
    course: Course,
    assignment: Assignment,
    students: list[str] | None,
    jobs: int,
    sandbox: str,
    force: bool,
    scheduler: str | None,
    quiet: bool,
) -> tuple[list[str], list[Result]]:
    """Grade a class with progress on the terminal; its lines, and the results sorted by student."""
    from goodfit.authoring.grader_files import require_sound_graders
    from goodfit.course import batch
    from goodfit.grading.pool import default_workers
    from goodfit.grading.verdict_view import points

    chosen = batch.chosen_students(course, assignment.name, students)
    require_sound_graders(assignment)
    steps, results = [], []
    workers = jobs or (0 if scheduler else default_workers())
    with progress(len(chosen), assignment.name, quiet) as step:
        for result in batch.grade_class(course, assignment, chosen, sandbox, workers, force, scheduler):
            results.append(result)
            verdict = result.bundle.verdict
            steps.append(f"{result.student}: {points(verdict.earned)}" + ("" if result.fresh else " (unchanged)"))
            step(steps[-1])
    return steps, sorted(results, key=lambda r: r.student)


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
    with _early_server(course, assignment or notebook.stem, sandbox), trouble_in_words():
        from goodfit.authoring.grader_files import require_sound_graders
        from goodfit.course.batch import grade_one

        here = open_course(course)
        found = here.assignment(assignment) if assignment else here.assignment_of(notebook)
        require_sound_graders(found)
        bundle = grade_one(here, found, notebook, tier_of(here, sandbox))
        if as_json:
            print(bundle.verdict.model_dump_json(indent=1))
        else:
            print_verdict(bundle.verdict)
        if log:
            err.print(bundle.log, markup=False, highlight=False)
        raise typer.Exit(SOME_TROUBLE if bundle.verdict.needs_human else DONE)
