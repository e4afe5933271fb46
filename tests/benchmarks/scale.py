"""Seconds and memory of a class of small submissions, from ten students to a thousand, and a picture of them.

    .venv/bin/python tests/benchmarks/scale.py [--students 10 100 300 1000] [--picture docs/pictures/scale.png]

The tests' own set without its model, the reference answer for everybody: what a submission costs beyond the student's
own computing. Each class is graded anew by ``goodfit grade``, without feedback. Memory is what the whole machine has
less than before: let nothing else run. A table, a line of JSON; exit code 1 when somebody does not get the score.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import matplotlib as mpl
from nbgrader.api import Gradebook

from goodfit.authoring.answers import reference
from goodfit.authoring.grader_files import collect_checks
from goodfit.course.course import Course
from goodfit.notebooks.assignment import Assignment

mpl.use("agg")
from matplotlib import pyplot as plt

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]
from grading import watched  # noqa: E402 - a neighbour
from tiny_sets import copy_course  # noqa: E402 - a folder of the tests' own

DONE = re.compile(rb"^.*student-\d+: ", re.MULTILINE)


def course_of(students: int, folder: Path) -> Course:
    """A course folder in which everybody has handed in the reference answer."""
    copy_course(folder)
    (folder / "nbgrader_config.py").write_text(
        f"load_subconfig({str(REPOSITORY / 'nbgrader_config.py')!r})\nc = get_config()\n"
        f"c.Goodfit.graders_directory = {str(folder / 'graders')!r}\n"
    )
    assignment = Assignment.find("tiny", folder / "source", folder / "graders")
    notebook = reference().notebook(assignment)
    for i in range(students):
        place = folder / "submitted" / f"student-{i:04}" / "tiny"
        shutil.copytree(folder / "source" / "tiny", place, ignore=shutil.ignore_patterns("*.ipynb"))
        (place / "tiny.ipynb").write_bytes(notebook)
    return Course(folder)


def graded(students: int, folder: Path) -> dict[str, list[float]]:
    """Seconds since the start and MB then, whenever a submission was done; the last ones are those of the end."""
    course = course_of(students, folder)
    curve: dict[str, list[float]] = {"seconds": [], "memory": []}
    started = time.monotonic()
    command = [str(Path(sys.executable).with_name("goodfit")), "grade", "tiny", "--force"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        said: list[bytes] = []
        with watched() as peak:

            def read() -> None:
                for line in process.stdout or ():
                    said.append(line)
                    if DONE.match(line):
                        curve["seconds"].append(time.monotonic() - started)
                        curve["memory"].append(peak[0])

            reader = threading.Thread(target=read)
            reader.start()
            code = process.wait()
            reader.join()
        curve["seconds"].append(time.monotonic() - started)
        curve["memory"].append(peak[0])
    if code:
        sys.exit(f"goodfit grade ended with {code}:\n{b''.join(said[-30:]).decode(errors='replace')}")
    full = sum(mark.points for mark in collect_checks(course.assignment("tiny")).values())
    with Gradebook(course.directories.db_url) as book:
        scores = [s.score for s in book.assignment_submissions("tiny")]
    if scores != [full] * students:
        sys.exit(f"not everybody has {full} points: {scores}")
    return curve


def draw(curves: dict[int, dict[str, list[float]]], to: Path) -> None:
    """Seconds and memory against submissions done, a line for each class."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    for students, curve in curves.items():
        done = [*range(1, students + 1), students][-len(curve["seconds"]) :]
        left.plot(done, curve["seconds"], label=f"{students:,} students")
        right.plot(done, curve["memory"], label=f"{students:,} students")
    left.set(title="Seconds since the start", xlabel="submissions done", ylim=(0, None))
    right.set(title="Most memory so far, MB", xlabel="submissions done", ylim=(0, None))
    for ax in (left, right):
        ax.set_xlim(0, max(curves))
        ax.grid(alpha=0.25)
        ax.legend(frameon=False)
    figure.savefig(to, dpi=110)


def main() -> None:
    """Grade all classes, print the table, draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", nargs="+", type=int, default=[10, 100, 300, 1000])
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args()
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    curves: dict[int, dict[str, list[float]]] = {}
    print(f"{'students':>10}{'seconds':>10}{'a submission':>14}{'after the first':>17}{'peak MB':>10}", flush=True)
    rows = []
    for students in options.students:
        with tempfile.TemporaryDirectory() as folder:
            curve = curves[students] = graded(students, Path(folder) / "course")
        whole, first = curve["seconds"][-1], curve["seconds"][0]
        row = (students, whole, whole / students, (whole - first) / max(1, students - 1), curve["memory"][-1])
        rows.append([round(value, 3) for value in row])
        print(f"{row[0]:10}{row[1]:10.1f}{row[2]:14.3f}{row[3]:17.3f}{row[4]:10.0f}", flush=True)
    print(json.dumps({"students, seconds, a submission, after the first, peak MB": rows}))
    if options.picture:
        draw(curves, options.picture)


if __name__ == "__main__":
    main()
