"""``goodfit release``, ``feedback``, ``backup``, ``restore``: what an instructor does besides grading."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from goodfit.cli.options import HERE, AnySetsArgument, CourseOption, JobsOption, JsonOption, SetsArgument
from goodfit.cli.terminal import (
    DONE,
    SOME_TROUBLE,
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
