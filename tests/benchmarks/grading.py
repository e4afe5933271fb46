"""Wall time, processor time and memory per submission: Goodfit, stock nbgrader, Otter-Grader, and the floor below all.

    .venv/bin/python tests/benchmarks/grading.py [--sets light ps2_data_splitting …] [--submissions 8] [--rounds 3]
                                                 [--otter build/otter/bin/otter]

Every contender grades the same class (the reference answer, so many times) in every round, one after the other; the
table shows medians over the rounds. Two lines of JSON follow for each set: ratios, and everything that was measured.

- *light*: the tests' own set, two functions and a small Keras model. Otter grades it too, with tests that ask the
  same, if its command is given (an environment of its own: `python -m venv build/otter`, then install otter-grader,
  ipykernel, numpy and tensorflow-cpu there). Stock nbgrader runs the cells only: it has no hidden checks here.
- *floor*: the student's cells alone, each class member in a fork of one warm process, so many at a time as there are
  cores. Nobody who runs the notebook can be faster; what hidden checks ask of the student's functions is not in it.

It ends with exit code 1 when an honest answer does not get its score.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_notebook, new_raw_cell
from nbgrader.api import Gradebook

from goodfit.authoring.answers import reference
from goodfit.authoring.grader_files import collect_checks
from goodfit.course.course import Course
from goodfit.notebooks.assignment import Assignment, grade_id

REPOSITORY = Path(__file__).resolve().parents[2]
LIGHT = REPOSITORY / "tests" / "course"
STOCK = "c = get_config()\nc.Autograde.create_student = True\n"
IMMEDIATE = STOCK + "c.Execute.shutdown_kernel = 'immediate'\n"
CORES = len(os.sched_getaffinity(0))
SAMPLE_SECONDS = 0.2  # between two looks at the memory of all processes


@dataclass
class Measured:
    """One contender in one round, per submission: seconds of wall time and of processors; MB of all its processes."""

    wall: float
    cpu: float
    memory: float


def measured(command: list[str], folder: Path, submissions: int) -> Measured:
    """Run a command, which must succeed."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        with watched(process.pid) as peak:
            code = process.wait()
        wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        if code:
            said.seek(0)
            sys.exit(f"{' '.join(command)} ended with {code}:\n{said.read().decode(errors='replace')[-3000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(wall / submissions, cpu / submissions, peak[0])


@contextlib.contextmanager
def watched(pid: int) -> Iterator[list[float]]:
    """The most memory that a process and all below it had at a time, in MB; shared pages are counted once."""
    peak, over = [0.0], threading.Event()

    def look() -> None:
        while not over.wait(SAMPLE_SECONDS):
            with contextlib.suppress(psutil.Error):
                whole = psutil.Process(pid)
                total = 0
                for one in [whole, *whole.children(recursive=True)]:
                    with contextlib.suppress(psutil.Error):
                        total += one.memory_full_info().pss
                peak[0] = max(peak[0], total / 1e6)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


class Class:
    """A class in a course folder of its own, everybody with the reference answer."""

    def __init__(self, folder: Path, name: str, submissions: int) -> None:
        root = LIGHT if name == "light" else REPOSITORY
        self.folder, self.name, self.submissions = folder, "tiny" if name == "light" else name, submissions
        self.wired = f"load_subconfig({str(REPOSITORY / 'nbgrader_config.py')!r})\nc = get_config()\n" + (
            f"c.Goodfit.graders_directory = {str(root / 'graders')!r}\nc.Autograde.create_student = True\n"
        )
        shutil.copytree(root / "source" / self.name, folder / "source" / self.name)
        self.configure(self.wired)
        self.assignment = Assignment.find(self.name, folder / "source", root / "graders")
        self.notebook = reference().notebook(self.assignment)
        for i in range(submissions):
            place = folder / "submitted" / f"student-{i}" / self.name
            shutil.copytree(folder / "source" / self.name, place, ignore=shutil.ignore_patterns("*.ipynb"))
            (place / f"{self.name}.ipynb").write_bytes(self.notebook)
        subprocess.run(["nbgrader", "generate_assignment", self.name], cwd=folder, check=True, capture_output=True)

    def configure(self, text: str) -> None:
        (self.folder / "nbgrader_config.py").write_text(text)

    def graded(self, config: str, *command: str) -> Measured:
        """Let a command grade everybody anew."""
        self.configure(config)
        shutil.rmtree(self.folder / "autograded", ignore_errors=True)
        return measured(list(command), self.folder, self.submissions)

    def require_scores(self) -> None:
        """End with an error unless everybody has all points of the hidden checks."""
        full = sum(mark.points for mark in collect_checks(self.assignment).values())
        with Gradebook(Course(self.folder).directories.db_url) as book:
            scores = {s.student.id: s.score for s in book.assignment_submissions(self.name)}
        if set(scores.values()) != {full} or len(scores) != self.submissions:
            sys.exit(f"{self.name}: not everybody has {full} points: {scores}")

    def floor(self) -> Measured:
        """The student's cells in forks of a warm process, as many at a time as there are cores."""
        script = self.folder / "cells.py"
        cells = [c.source for c in nbformat.reads(self.notebook.decode(), 4).cells if c.cell_type == "code"]
        script.write_text(FLOOR.format(cells=cells, n=self.submissions, imports=sorted(self.assignment.imports())))
        return measured([sys.executable, str(script)], self.folder / "source" / self.name, self.submissions)


FLOOR = """\
import concurrent.futures, importlib, multiprocessing, os
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", MPLBACKEND="agg", KERAS_BACKEND="tensorflow", OMP_NUM_THREADS="1",
                  TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1")
for name in {imports}:
    try:
        importlib.import_module(name)
    except ImportError:
        pass

def run(_):
    space = {{"__name__": "__main__", "In": [""], "display": print, "get_ipython": lambda: None}}
    for source in {cells}:
        exec("\\n".join(line for line in source.splitlines() if not line.startswith("%")), space)

if __name__ == "__main__":
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    forks = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count(), forks, max_tasks_per_child=None) as pool:
        list(pool.map(run, range({n})))
"""

# --- Otter ------------------------------------------------------------------------------------------------------

ADD = """a = np.linspace(0.0, 1.0, 11)
assert add(20, 22) == 42
assert np.allclose(add(a, 2 * a), 3 * a)"""
MEAN = """v = np.random.default_rng(3).normal(size=37)
assert np.isclose(mean(v), v.mean())"""
MODEL = """got = train(7).predict(points["x"], verbose=0).argmax(axis=1)
assert (got == points["y"]).mean() > 0.9"""
QUESTIONS = {"add": (3, ADD), "mean": (2, MEAN), "model": (2, MODEL)}
"""Of the light set: points, and a hidden test that asks what the hidden checks ask."""


def for_otter(folder: Path, otter: str) -> tuple[Path, Path]:
    """The light set as an assignment of Otter's: the autograder that `otter assign` makes, and a submission."""
    assignment = Assignment.find("tiny", LIGHT / "source", LIGHT / "graders")
    whole = nbformat.reads(reference().notebook(assignment).decode(), 4).cells
    source = {
        grade_id(c): re.sub(r"(?m)^ *### (BEGIN|END) SOLUTION\n?", "", c.source) for c in whole
    }  # Otter has its own
    cells = [
        new_raw_cell("# ASSIGNMENT CONFIG\nname: tiny\nfiles:\n  - data/points.npz"),
        new_code_cell(source["setup"]),
    ]
    for name, (points, test) in QUESTIONS.items():
        cells += [
            new_raw_cell(f"# BEGIN QUESTION\nname: {name}\npoints: {points}"),
            new_raw_cell("# BEGIN SOLUTION"),
            new_code_cell(source[f"{name}-answer"]),
            new_raw_cell("# END SOLUTION"),
            new_raw_cell("# BEGIN TESTS"),
            new_code_cell(f"# HIDDEN\n{test}"),
            new_raw_cell("# END TESTS"),
            new_raw_cell("# END QUESTION"),
        ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    folder.mkdir()
    shutil.copytree(LIGHT / "source" / "tiny" / "data", folder / "data")
    nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / "tiny.ipynb")
    subprocess.run([otter, "assign", "tiny.ipynb", "dist"], cwd=folder, check=True, capture_output=True)
    (autograder,) = (folder / "dist" / "autograder").glob("*.zip")
    return autograder, folder / "dist" / "autograder" / "tiny.ipynb"


def graded_by_otter(otter: str, autograder: Path, submission: Path, submissions: int) -> Measured:
    """`otter run` for everybody, one after the other: it takes one notebook."""
    script = f"for i in $(seq {submissions}); do {otter} run -a {autograder} {submission} --no-logo || exit 1; done"
    with tempfile.TemporaryDirectory() as folder:
        found = measured(["bash", "-c", script], Path(folder), submissions)
        results = json.loads((Path(folder) / "results.json").read_text())
    scores = [test["score"] for test in results["tests"] if "score" in test]
    if sum(scores) != sum(points for points, _ in QUESTIONS.values()):
        sys.exit(f"Otter does not give full points: {results}")
    return found


# --- the run ----------------------------------------------------------------------------------------------------


def contenders(group: Class, otter: str | None, folder: Path) -> dict[str, Callable[[], Measured]]:
    """What grades the class, each by a function that lets it do so once."""

    def ours(jobs: int) -> Measured:
        found = group.graded(group.wired, "goodfit", "grade", group.name, "--force", "--jobs", str(jobs))
        group.require_scores()
        return found

    found: dict[str, Callable[[], Measured]] = {
        "nbgrader": lambda: group.graded(STOCK, "nbgrader", "autograde", group.name),
        "nbgrader immediate": lambda: group.graded(IMMEDIATE, "nbgrader", "autograde", group.name),
        "goodfit 1 job": lambda: ours(1),
        f"goodfit {CORES} jobs": lambda: ours(CORES),
        "floor": group.floor,
    }
    if otter:
        command = str(Path(otter).absolute())
        autograder, submission = for_otter(folder, command)
        found["otter run"] = lambda: graded_by_otter(command, autograder, submission, group.submissions)
    return found


def main() -> None:
    """Run all contenders, round by round, and print a table and JSON for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", default=["light", "ps2_data_splitting", "ps8_regularization"])
    parser.add_argument("--submissions", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--otter", help="the command of an environment with otter-grader")
    options = parser.parse_args()
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for name in options.sets:
        with tempfile.TemporaryDirectory() as folder:
            group = Class(Path(folder) / "course", name, options.submissions)
            every = contenders(group, options.otter if name == "light" else None, Path(folder) / "otter")
            rounds = [{label: run() for label, run in every.items()} for _ in range(options.rounds)]
        print_table(name, options.submissions, rounds, f"goodfit {CORES} jobs")


def print_table(name: str, submissions: int, rounds: list[dict[str, Measured]], ours: str) -> None:
    """Medians over the rounds, and the same as JSON."""
    median = {
        label: Measured(*(statistics.median(getattr(r[label], f) for r in rounds) for f in ("wall", "cpu", "memory")))
        for label in rounds[0]
    }
    print(f"{name}: {submissions} submissions, median of {len(rounds)} rounds, {CORES} cores")
    print(f"{'':22}{'wall s':>9}{'cpu s':>9}{'peak MB':>9}{'to nbgrader':>13}{'to floor':>10}")
    for label, m in median.items():
        to_stock, to_floor = median["nbgrader"].wall / m.wall, m.wall / median["floor"].wall
        print(f"{label:22}{m.wall:9.2f}{m.cpu:9.2f}{m.memory:9.0f}{to_stock:12.2f}x{to_floor:10.2f}")
    mine, floor = median[ours], median["floor"]
    otter = median.get("otter run")
    ratios = {
        "set": name,
        "ratio_vs_nbgrader": median["nbgrader"].wall / mine.wall,
        "ratio_vs_otter": otter and otter.wall / mine.wall,
        "ratio_to_floor": mine.wall / floor.wall,
        "overhead_cpu_s": mine.cpu - floor.cpu,
        "peak_memory_mb": mine.memory,
    }
    print(json.dumps({k: round(v, 3) if isinstance(v, float) else v for k, v in ratios.items()}))
    print(json.dumps({"set": name, "rounds": [{label: asdict(m) for label, m in r.items()} for r in rounds]}))


if __name__ == "__main__":
    main()
