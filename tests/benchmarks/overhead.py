"""Seconds per submission: Goodfit against stock nbgrader, on the same notebooks in the same run.

    .venv/bin/python tests/benchmarks/overhead.py [ASSIGNMENT] [--submissions N]

The student's own computing is what the cells of the notebook take in a kernel that has nothing else to do, imports
included. What a command needs beyond it, per submission, is its overhead; start-up is part of it, as for a TA.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from goodfit.authoring.answers import reference
from goodfit.course.course import Course

REPOSITORY = Path(__file__).resolve().parents[2]
STOCK = "c = get_config()\nc.Autograde.create_student = True\n"


def own_computing(course: Path, name: str) -> float:
    """Seconds that the notebook's cells take by themselves."""
    notebook = nbformat.read(course / "source" / name / f"{name}.ipynb", as_version=4)
    resources = {"metadata": {"path": str(course / "source" / name)}}
    NotebookClient(notebook, record_timing=True, kernel_name="python3", resources=resources).execute()
    total = 0.0
    for cell in notebook.cells:
        times = cell.metadata.get("execution", {})
        if "iopub.status.busy" in times:
            start, end = (datetime.fromisoformat(times[f"iopub.status.{s}"]) for s in ("busy", "idle"))
            total += (end - start).total_seconds()
    return total


def timed(course: Path, *command: str) -> float:
    """Wall time of a command in the course folder."""
    started = time.monotonic()
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - started
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    return seconds


def main() -> None:
    """Run the commands one after the other and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignment", nargs="?", default="ps8_regularization")
    parser.add_argument("--submissions", type=int, default=6)
    options = parser.parse_args()
    name, n = options.assignment, options.submissions
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        shutil.copytree(REPOSITORY / "source" / name, course / "source" / name)
        wired = (REPOSITORY / "nbgrader_config.py").read_text()
        config = course / "nbgrader_config.py"
        config.write_text(wired)
        assignment = Course(course).assignment(name)
        for i in range(n):
            submitted = course / "submitted" / f"student-{i}" / name
            submitted.mkdir(parents=True)
            (submitted / f"{name}.ipynb").write_bytes(reference().notebook(assignment))
        own = own_computing(course, name)
        timed(course, "nbgrader", "generate_assignment", name)
        found = {}
        for label, text, command in (
            ("stock nbgrader autograde", STOCK, ["nbgrader", "autograde", name]),
            ("nbgrader autograde with Goodfit", wired, ["nbgrader", "autograde", name]),
            ("goodfit grade --jobs 1", wired, ["goodfit", "grade", name, "--force", "--jobs", "1"]),
            ("goodfit grade --jobs 2", wired, ["goodfit", "grade", name, "--force", "--jobs", "2"]),
        ):
            config.write_text(text)
            shutil.rmtree(course / "autograded", ignore_errors=True)
            found[label] = timed(course, *command) / n
    print(f"{name}, {n} submissions; the student's own computing: {own:.2f} s each")
    print(f"{'':34}{'s each':>8}{'beyond own':>12}{'ratio to stock':>16}")
    stock = found["stock nbgrader autograde"]
    for label, seconds in found.items():
        print(f"{label:34}{seconds:8.2f}{seconds - own:12.2f}{seconds / stock:16.2f}")


if __name__ == "__main__":
    main()
