"""Wall time, processor time and memory per submission: Goodfit, stock nbgrader, Otter-Grader, and the floor below all.

    .venv/bin/python tests/benchmarks/grading.py [--sets light ps2_data_splitting …] [--submissions 30] [--others 6]
                                                 [--rounds 3] [--otter build/otter/bin/otter] [--dask]

Every contender grades a class (the reference answer, so many times) in every round, one after the other; the table
shows medians over the rounds, start-up included. Those that grade one submission after the other (stock nbgrader,
Otter, one job) get --others of them, since each more costs them the same. Two lines of JSON follow for each set:
ratios, and everything that was measured. Processor time and memory are the whole machine's: let nothing else run.

- *light*: the tests' own set, two functions and a small Keras model. Otter grades it too, with tests that ask the
  same, if its command is given (an environment of its own: `python -m venv build/otter`, then install otter-grader,
  ipykernel, numpy and tensorflow-cpu there). Stock nbgrader runs the cells only: it has no hidden checks here.
- *floor*: the student's cells, their plots drawn, and what hidden checks ask of the student's functions (recorded in
  one grading before), each class member in a fork of one warm process, as many at a time as there are cores, neither
  confined nor judged. Nobody who runs the notebook and asks the same can be faster.
- *dask*: two workers with a core each, which are started before; they import what they need with the first submission.

It ends with exit code 1 when an honest answer does not get its score.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import os
import pickle
import re
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
from goodfit.grading.job import Job, grade
from goodfit.grading.kernels import serving
from goodfit.grading.session import Session
from goodfit.notebooks.assignment import Assignment, grade_id

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import dask_cluster

REPOSITORY = Path(__file__).resolve().parents[2]
LIGHT = REPOSITORY / "tests" / "course"
STOCK = "c = get_config()\nc.Autograde.create_student = True\n"
IMMEDIATE = STOCK + "c.Execute.shutdown_kernel = 'immediate'\n"
CORES = len(os.sched_getaffinity(0))
SAMPLE_SECONDS = 0.2  # between two looks at the memory


@dataclass
class Measured:
    """One contender in one round: seconds of wall time and of processors per submission; MB at most at a time."""

    wall: float
    cpu: float
    memory: float


def measured(command: list[str], folder: Path, submissions: int) -> Measured:
    """Run a command, which must succeed."""
    before, started = busy(), time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        with watched() as peak:
            code = process.wait()
        wall, cpu = time.monotonic() - started, busy() - before
        if code:
            said.seek(0)
            sys.exit(f"{' '.join(command)} ended with {code}:\n{said.read().decode(errors='replace')[-3000:]}")
    return Measured(wall / submissions, cpu / submissions, peak[0])


def busy() -> float:
    """Seconds that this machine's cores have worked. A process' own account lacks what a killed sandbox has used."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait - times.guest - times.guest_nice)


@contextlib.contextmanager
def watched() -> Iterator[list[float]]:
    """The most memory that was taken at a time since the beginning, in MB: what this machine had left before and then.

    To add up processes' own shares costs more processor time than the grading of a small submission.
    """
    before, peak, over = psutil.virtual_memory().available, [0.0], threading.Event()

    def look() -> None:
        while not over.wait(SAMPLE_SECONDS):
            peak[0] = max(peak[0], (before - psutil.virtual_memory().available) / 1e6)

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
        (folder / "kept").mkdir()
        subprocess.run(["nbgrader", "generate_assignment", self.name], cwd=folder, check=True, capture_output=True)

    def configure(self, text: str) -> None:
        """Write nbgrader_config.py."""
        (self.folder / "nbgrader_config.py").write_text(text)

    def graded(self, config: str, *command: str, only: int | None = None) -> Measured:
        """Let a command grade everybody anew, or the first few only."""
        self.configure(config)
        shutil.rmtree(self.folder / "autograded", ignore_errors=True)
        kept = self.folder / "kept"
        for i in range(self.submissions if only is None else only, self.submissions):
            (self.folder / "submitted" / f"student-{i}").rename(kept.joinpath(f"student-{i}"))
        try:
            return measured(list(command), self.folder, self.submissions if only is None else only)
        finally:
            for path in kept.iterdir():
                path.rename(self.folder / "submitted" / path.name)

    def require_scores(self) -> None:
        """End with an error unless everybody who was ever graded has all points of the hidden checks."""
        full = sum(mark.points for mark in collect_checks(self.assignment).values())
        with Gradebook(Course(self.folder).directories.db_url) as book:
            scores = {s.student.id: s.score for s in book.assignment_submissions(self.name)}
        if set(scores.values()) != {full}:
            sys.exit(f"{self.name}: not everybody has {full} points: {scores}")

    def floor(self) -> Measured:
        """What is asked of the student, in forks of a warm process, as many at a time as there are cores."""
        script, events = self.folder / "asked.py", self.folder / "asked.pickle"
        if not events.exists():
            events.write_bytes(pickle.dumps(asked(self.assignment, self.notebook)))
        imports = self.assignment.imports()
        script.write_text(
            FLOOR.format(
                events=str(events),
                n=self.submissions,
                imports=sorted(imports),
                plots="matplotlib" in imports,
                cores=CORES,
            )
        )
        return measured([sys.executable, str(script)], self.folder / "source" / self.name, self.submissions)


def asked(assignment: Assignment, notebook: bytes) -> list[tuple[object, ...]]:
    """What one grading makes the student's kernel do: ("cell", source) or ("request", content, buffers), in order."""
    found: list[tuple[object, ...]] = []
    run_cell, request = Session._run_cell, Session.request

    def noting_cell(self: Session, index: int) -> None:
        found.append(("cell", self.notebook.cells[index].source))
        run_cell(self, index)

    def noting_request(self: Session, op: str, seconds: float, buffers: list[bytes], **content: object) -> object:
        found.append(("request", {**content, "op": op}, buffers))
        return request(self, op, seconds, buffers, **content)  # type: ignore[arg-type]

    Session._run_cell, Session.request = noting_cell, noting_request  # type: ignore[method-assign, assignment]
    try:
        with serving("fork", assignment.imports()) as (tier, server):
            grade(
                Job(
                    assignment=assignment.name,
                    source_root=assignment.source_dir.parent,
                    graders_root=assignment.graders_dir.parent,
                    notebook=base64.b64encode(notebook),
                    tier=tier,
                ),
                server,
            )
    finally:
        Session._run_cell, Session.request = run_cell, request  # type: ignore[method-assign]
    return found


FLOOR = """\
import importlib, io, multiprocessing, os, pickle, sys, types
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", MPLBACKEND="agg", KERAS_BACKEND="tensorflow", OMP_NUM_THREADS="1",
                  OPENBLAS_NUM_THREADS="1", TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1")
for name in {imports}:
    try:
        importlib.import_module(name)
    except ImportError:
        pass
from goodfit.inside import wire
from goodfit.inside.agent import StudentKernel
from goodfit.sandbox.fork.training import lighten
if "tensorflow" in sys.modules:  # as in our kernels, so that the floor stays below them
    import keras
    lighten(sys.modules["tensorflow"], keras)
EVENTS = pickle.load(open({events!r}, "rb"))

def show(*_, **__):  # draw what a notebook would show, as it would
    if (plt := sys.modules.get("matplotlib.pyplot")) is not None:
        for number in plt.get_fignums():
            plt.figure(number).savefig(io.BytesIO(), format="png", bbox_inches="tight")
        plt.close("all")

if "matplotlib.pyplot" in sys.modules or {plots}:
    import matplotlib.pyplot
    matplotlib.pyplot.show = show

def run(_):
    space = {{"__name__": "__main__", "In": [""], "display": print, "get_ipython": lambda: None}}
    shell = types.SimpleNamespace(user_ns=space)
    hands = types.SimpleNamespace(shell=shell, _remote={{}}, _name=lambda name: space[name])
    for kind, what, *rest in EVENTS:
        if kind == "cell":
            exec("\\n".join(line for line in what.splitlines() if not line.startswith("%")), space)
            show()
            continue
        try:
            value = getattr(StudentKernel, "_do_" + what["op"])(hands, what, rest[0])
        except Exception:  # checks ask for what is to be refused, too
            continue
        if not isinstance(value, bytes):
            wire.encode(value)

if __name__ == "__main__":
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with multiprocessing.get_context("fork").Pool({cores}, maxtasksperchild=1) as pool:
        pool.map(run, range({n}), chunksize=1)
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


def contenders(group: Class, others: int, otter: str | None, folder: Path) -> dict[str, Callable[[], Measured]]:
    """What grades the class, each by a function that lets it do so once."""

    def ours(*options: str, only: int | None = None) -> Measured:
        found = group.graded(group.wired, "goodfit", "grade", group.name, "--force", *options, only=only)
        group.require_scores()
        return found

    def stock(config: str) -> Measured:
        return group.graded(config, "nbgrader", "autograde", group.name, only=others)

    found: dict[str, Callable[[], Measured]] = {
        "nbgrader": lambda: stock(STOCK),
        "nbgrader immediate": lambda: stock(IMMEDIATE),
        "goodfit 1 job": lambda: ours("--jobs", "1", only=others),
        f"goodfit {CORES} jobs": lambda: ours("--jobs", str(CORES)),
        "floor": group.floor,
    }
    if otter:
        command = str(Path(otter).absolute())
        autograder, submission = for_otter(folder / "otter", command)
        found["otter run"] = lambda: graded_by_otter(command, autograder, submission, others)
    return found


def main() -> None:
    """Run all contenders, round by round, and print a table and JSON for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", default=["light", "ps2_data_splitting", "ps8_regularization"])
    parser.add_argument("--submissions", type=int, default=30, help="in the class")
    parser.add_argument("--others", type=int, default=6, help="how many of them the slow ones grade")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--otter", help="the command of an environment with otter-grader")
    parser.add_argument("--dask", action="store_true", help="two Dask workers, too")
    options = parser.parse_args()
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for name in options.sets:
        with tempfile.TemporaryDirectory() as place:
            folder, others = Path(place), min(options.others, options.submissions)
            group = Class(folder / "course", name, options.submissions)
            every = contenders(group, others, options.otter if name == "light" else None, folder)
            if options.dask:
                every["dask 2 workers"] = lambda: by_dask(group)  # noqa: B023 - called in this round
            rounds = [{label: run() for label, run in every.items()} for _ in range(options.rounds)]
        print_table(name, options.submissions, others, rounds, f"goodfit {CORES} jobs")


def by_dask(group: Class) -> Measured:
    """Two workers, made for this run."""
    with tempfile.TemporaryDirectory() as folder, dask_cluster.running(Path(folder), 2, None) as running:
        found = group.graded(group.wired, "goodfit", "grade", group.name, "--force", "--scheduler", running.address)
    group.require_scores()
    return found


def print_table(name: str, submissions: int, others: int, rounds: list[dict[str, Measured]], ours: str) -> None:
    """Medians over the rounds, and the same as JSON."""
    median = {
        label: Measured(*(statistics.median(getattr(r[label], f) for r in rounds) for f in ("wall", "cpu", "memory")))
        for label in rounds[0]
    }
    print(f"{name}: {submissions} submissions ({others} for those one by one), {len(rounds)} rounds, {CORES} cores")
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
