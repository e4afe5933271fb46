"""A batch that is killed goes on where it was, and ends as if nothing had happened."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbgrader.api import Gradebook

from goodfit.authoring.demo_class import answer_cases, odd_cases
from goodfit.authoring.demo_course import hand_in
from goodfit.course import batch
from goodfit.course.course import Course
from goodfit.sandbox.fork.client import ADDRESS_VARIABLE

SAMPLE = {"reference", "empty", "half-finished", "not-a-notebook", "deleted-graded-cells", "wrong-first_value"}


KILLED_WHILE_WRITING_CELLS = """
import os, signal, sys
from nbgrader.api import Gradebook
from goodfit.cli.app import app

what, left = sys.argv[1], int(sys.argv[2])
write = getattr(Gradebook, f"update_or_create_{what}_cell")

def write_or_die(*arguments, **more):
    global left
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return write(*arguments, **more)

setattr(Gradebook, f"update_or_create_{what}_cell", write_or_die)
sys.argv = ["goodfit", "grade", "tiny"]
app()
"""


WAITS_WRITING_PAGES = """
import os, sys, time
from goodfit.course import batch
from goodfit.cli.app import app

def wait(course, assignment, student):
    os.write(1, f"{student}\\n".encode())
    time.sleep(3600)

batch._page = wait
sys.argv = ["goodfit", "feedback", "tiny", "--jobs", "2"]
app()
"""


def goodfit(course: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the real command in a course folder."""
    command = ["goodfit", *arguments]
    return subprocess.Popen(command, cwd=course, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(course: Path, *arguments: str) -> None:
    process = goodfit(course, *arguments)
    said, _ = process.communicate(timeout=200)
    somebody_must_look = arguments[0] == "grade" and (course / "submitted" / "not-a-notebook").is_dir()
    assert process.returncode == int(somebody_must_look), said


def hand_in_cases(course: Path) -> None:
    assignment = Course(course).assignment("tiny")
    for case in [*answer_cases(assignment), *odd_cases(assignment).values()]:
        if case.kind in SAMPLE:
            hand_in(course, "tiny", case)


def gradebook(course: Path) -> dict[str, object]:
    """What the gradebook says, without the random ids of its rows."""
    found: dict[str, object] = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for submission in book.assignment_submissions("tiny"):
            (notebook,) = submission.notebooks
            found[submission.student.id] = (
                str(submission.timestamp),
                sorted((g.name, g.auto_score, g.manual_score, g.needs_manual_grade) for g in notebook.grades),
                sorted((c.name, c.auto_comment) for c in notebook.comments),
            )
        found["students"] = sorted(student.id for student in book.students)
    return found


def files(course: Path, folder: str) -> dict[str, str]:
    """Content of the autograded notebooks or the feedback pages, without what differs from run to run by nature."""
    found = {}
    for path in sorted((course / folder).glob("*/tiny/**/*")):
        if path.is_file():
            text = path.read_bytes().decode("latin-1").replace(str(course), "")
            if path.suffix == ".html":
                text = re.sub(r'id="[^"]*[0-9a-f]{8}[^"]*"', "", text)
                text = re.sub(r"\(Score: .*?\)", lambda m: m[0], text)
            if path.suffix == ".ipynb":
                text = json.dumps(without_times(nbformat.reads(text, as_version=4)), sort_keys=True)
            found[str(path.relative_to(course))] = text
    return found


def without_times(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "traceback" in output:  # names of temporary files of the kernel
                output["traceback"] = [re.sub(r"ipykernel_\d+/\d+", "", line) for line in output["traceback"]]
    return notebook


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("seed", "kills"), [(1, 3), *(pytest.param(seed, 10, marks=pytest.mark.all) for seed in (2, 3))]
)
def test_kills_change_nothing(course: Path, seed: int, kills: int) -> None:
    """Killed with SIGKILL at random points, a batch ends with the same gradebook, notebooks and feedback."""
    undisturbed = course.parent / "undisturbed"
    hand_in_cases(course)
    shutil.copytree(course, undisturbed)
    commands = {"grade": ["grade", "tiny", "--jobs", "2"], "feedback": ["feedback", "tiny"]}
    seconds = {}
    for name, words in commands.items():
        started = time.monotonic()
        finish(undisturbed, *words)
        seconds[name] = time.monotonic() - started

    moments, killed, force = random.Random(seed), 0, False
    for _ in range(10 * kills):
        name = "feedback" if killed % 3 == 2 else "grade"
        process = goodfit(course, *commands[name], *(["--force"] if force and name == "grade" else []))
        try:
            process.wait(moments.uniform(0.1, seconds[name]))
            force = True  # it came to its end: without force, the next one would find nothing to do
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed, force = killed + 1, False
        process.communicate(timeout=60)  # all that it started ends with it
        if killed == kills:
            break
    assert killed == kills, "the batch ends before it can be killed"
    finish(course, "grade", "tiny", "--jobs", "2")
    finish(course, "feedback", "tiny")

    assert gradebook(course) == gradebook(undisturbed)
    assert files(course, "autograded") == files(undisturbed, "autograded")
    assert files(course, "feedback") == files(undisturbed, "feedback")


def grade_and_kill(course: Path, kill: Callable[[list[psutil.Process]], psutil.Process | None], pause: float) -> str:
    """Grade a class with a fork server of its own, while one process after another below it is killed.

    Args:
        kill: chooses among what runs now; None where there is nothing for it yet.
        pause: seconds between two kills.
    """
    own = {name: value for name, value in os.environ.items() if name != ADDRESS_VARIABLE}
    command = [sys.executable, "-c", "from goodfit.cli.app import app; app()", "grade", "tiny", "--jobs", "2"]
    with subprocess.Popen(
        command, cwd=course, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=own
    ) as batch_:
        begun = time.monotonic()
        while batch_.poll() is None and time.monotonic() - begun < 300:
            with contextlib.suppress(psutil.NoSuchProcess):
                found = psutil.Process(batch_.pid).children(recursive=True)
                if chosen := kill(found):
                    chosen.kill()
                    time.sleep(pause)
            time.sleep(0.02)
        said = batch_.communicate(timeout=200)[0]
    assert batch_.returncode == 1, said  # one of the class is no notebook, and somebody must look
    return said


def is_fork_server(process: psutil.Process) -> bool:
    """The server, or what was forked of it."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return "goodfit.sandbox.fork.server" in process.cmdline()
    return False


@pytest.mark.timeout(600)
def test_a_fork_server_that_is_killed_is_started_again(course: Path) -> None:
    """As for lack of memory: what it was at is graded once more, nobody loses a point, and the class goes on."""
    undisturbed = course.parent / "undisturbed"
    hand_in_cases(course)
    shutil.copytree(course, undisturbed)
    finish(undisturbed, "grade", "tiny", "--jobs", "2")
    left = 2

    def kill(found: list[psutil.Process]) -> psutil.Process | None:
        nonlocal left
        servers = [one for one in found if is_fork_server(one)]
        if not left or len(servers) < 2:  # nothing is made of it yet
            return None
        left -= 1
        return servers[0]

    grade_and_kill(course, kill, pause=1)
    assert left == 0
    assert gradebook(course) == gradebook(undisturbed)
    assert files(course, "autograded") == files(undisturbed, "autograded")


def test_what_writes_pages_ends_with_a_killed_run(graded: Any) -> None:
    """Else its processes would wait for ever, and keep every later run out of the assignment."""
    for path in (graded.folder / ".goodfit" / "tiny").glob("*.feedback"):
        path.unlink()
    command = [sys.executable, "-c", WAITS_WRITING_PAGES]
    with subprocess.Popen(command, cwd=graded.folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert {process.stdout.readline() for _ in "ab"} == {"ada\n", "bo\n"}
        process.kill()
        assert process.communicate(timeout=60)[0] == ""
    assert graded.goodfit("feedback", "tiny")[0] == 0


def test_what_writes_pages_and_is_ended_by_the_system_is_a_sentence(
    graded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for lack of memory; the next run writes what is missing."""
    with monkeypatch.context() as patch:
        patch.setattr(batch, "_page", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        code, said = graded.goodfit("feedback", "tiny", "--jobs", "2")
    assert "was ended, perhaps for lack of memory. Try again with --jobs 1." in said
    assert code == 1
    code, said = graded.goodfit("feedback", "tiny", "--jobs", "2")
    assert (code, "feedback of 2 students" in said) == (0, True)


@pytest.mark.parametrize(
    ("what", "cells"),
    [
        ("grade", 1),
        ("source", 3),
        *(pytest.param(*rare, marks=pytest.mark.all) for rare in (("solution", 1), ("source", 0))),
    ],
)
def test_an_assignment_half_in_the_gradebook_is_mended(course: Path, what: str, cells: int) -> None:
    """nbgrader writes an assignment cell by cell: killed in the midst of that, the next run grades as ever."""
    hand_in_cases(course)
    for student in SAMPLE - {"reference"}:
        shutil.rmtree(course / "submitted" / student)
    killed = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING_CELLS, what, str(cells)], cwd=course)
    assert killed.returncode == -signal.SIGKILL
    finish(course, "grade", "tiny")
    assert sum(score or 0 for _, score, *_ in gradebook(course)["reference"][1]) == 5  # type: ignore[index]


def test_grading_leaves_the_release_alone(course: Path) -> None:
    """A source that was changed after the release goes to the gradebook; what students were handed out stays."""
    hand_in_cases(course)
    finish(course, "release", "tiny")
    source, release = (course / folder / "tiny" / "tiny.ipynb" for folder in ("source", "release"))
    handed_out = release.read_bytes()
    source.write_text(source.read_text().replace("# A tiny problem set", "# A small problem set"))
    finish(course, "grade", "tiny")
    assert release.read_bytes() == handed_out
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        assert "small" in book.find_source_cell("title", "tiny", "tiny").source


def test_unchanged_submissions_are_not_graded_again(course: Path) -> None:
    """A second run grades only what changed since the first."""
    hand_in_cases(course)
    kept = sorted(SAMPLE)
    finish(course, "grade", "tiny")
    before = {s: (course / ".goodfit" / "tiny" / f"{s}.json").stat().st_mtime_ns for s in kept}
    shutil.copy(
        course / "submitted/reference/tiny/tiny.ipynb", course / "submitted/empty/tiny/tiny.ipynb"
    )  # a resubmission
    finish(course, "grade", "tiny")
    after = {s: (course / ".goodfit" / "tiny" / f"{s}.json").stat().st_mtime_ns for s in kept}
    assert [s for s in kept if before[s] != after[s]] == ["empty"]
    scores = gradebook(course)
    assert scores["empty"][1] == scores["reference"][1]  # type: ignore[index]


@pytest.mark.all
def test_one_and_eight_processes_give_the_same_verdicts(course: Path) -> None:
    """How many submissions are graded at a time changes nothing in their verdicts."""
    hand_in_cases(course)
    finish(course, "grade", "tiny", "--jobs", "1")
    first = files(course, "autograded")
    finish(course, "grade", "tiny", "--jobs", "8", "--force")
    assert files(course, "autograded") == first
