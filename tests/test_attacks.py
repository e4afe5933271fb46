"""Students who attack the grader: wrong answers with a trick earn nothing, and nothing outside their verdict changes.

Everything here is the real thing: the real engine, real kernels, the real sandbox. What the attacking code finds or
reaches it prints, and what it printed is read from the executed notebook.
"""

from __future__ import annotations

import contextlib
import hashlib
import html.parser
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import numpy as np
import psutil
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from goodfit.check import CheckFailed
from goodfit.course import batch
from goodfit.course.course import Course
from goodfit.grading import model
from goodfit.grading.job import Bundle, graded_places
from goodfit.grading.keras_file import RefusedModel, vet
from goodfit.grading.kernels import Kernels
from goodfit.grading.pool import Graders
from goodfit.grading.session import Session
from goodfit.grading.student import CouldNotRun, Student
from goodfit.grading.verdict import Outcome
from goodfit.inside import model_reader, wire
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.restore import restore
from goodfit.sandbox.limits import MIB, Limits

Submit = Callable[..., bytes]
Grade = Callable[..., Bundle]

WRONG = {"add-answer": "def add(a, b):\n    return 0", "mean-answer": "def mean(values):\n    return 0.5"}
QUICK = {"cell_seconds": 4, "check_seconds": 2}
RIGHT = 5.0  # points of the reference answer without its model


def printed(bundle: Bundle) -> str:
    """All that the student's cells have printed."""
    cells = nbformat.reads(bundle.notebook, as_version=4).cells
    return "".join(o.get("text", "") for c in cells for o in c.get("outputs", []) if o.get("name") == "stdout")


def told(bundle: Bundle) -> dict[str, Any]:
    """What the attacking code reports: the last line it printed, JSON behind ``REPORT``."""
    assert "REPORT " in printed(bundle), bundle.notebook
    return json.loads(printed(bundle).rsplit("REPORT ", 1)[1].splitlines()[0])  # type: ignore[no-any-return]


def assert_worthless(bundle: Bundle) -> None:
    """Nothing earned, nothing passed, and no fault of ours."""
    assert not bundle.verdict.needs_human, bundle.log
    assert (bundle.verdict.earned, bundle.verdict.points) == (0, 7)
    assert Outcome.PASSED not in {check.outcome for check in bundle.verdict.checks}
    for cell in nbformat.reads(bundle.notebook, as_version=4).cells:
        results = [o.data["text/plain"] for o in cell.get("outputs", []) if o.output_type == "execute_result"]
        graded = cell.metadata.get("nbgrader", {}).get("grade_id") in ("add", "mean", "model")
        assert results == (["0.0"] if graded else [])


def cases(table: dict[str, Any], *rare: str) -> list[Any]:
    """A table as parameters of a test; the rare ones, which are much like others, run with ``--all`` only."""
    return [pytest.param(c, id=name, marks=[pytest.mark.all] if name in rare else []) for name, c in table.items()]


# ---- the kernel rewired

REWIRED = {
    "an AST transformer strips asserts": """
        import ast
        class Strip(ast.NodeTransformer):
            def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
        get_ipython().ast_transformers.append(Strip())""",
    "an input transformer strips asserts": """
        get_ipython().input_transformers_post.append(lambda lines: [l for l in lines if "assert" not in l])""",
    "the text/plain formatter returns a number": """
        formatter = get_ipython().display_formatter.formatters["text/plain"]
        for kind in (object, int, float, str, np.ndarray, type(None)):
            formatter.for_type(kind, lambda value, printer, cycle: printer.text("7"))
        7""",
    "an object equals everything": """
        class Same:
            __eq__ = __ge__ = __le__ = lambda self, other: True
            __ne__ = __gt__ = __lt__ = lambda self, other: False
            __hash__ = __bool__ = lambda self: 1
        add = mean = train = lambda *args: Same()""",
    "a number equals everything": """
        class Same(int):
            __eq__ = __ge__ = __le__ = lambda self, other: True
            __ne__ = __gt__ = __lt__ = lambda self, other: False
            __sub__ = __rsub__ = __abs__ = lambda self, *other: 0
            __hash__ = int.__hash__
        class Close(float):
            __eq__ = __ge__ = __le__ = lambda self, other: True
            __hash__ = float.__hash__
        add, mean = (lambda *args: Same(0)), (lambda *args: Close(0.5))""",
    "an array equals everything": """
        class Same(np.ndarray):
            def __array_function__(self, *args, **kwargs): return True
            def __array_ufunc__(self, *args, **kwargs): return True
            __eq__ = lambda self, other: True
        add = mean = lambda *args: np.zeros(()).view(Same)""",
    "an object hands out hostile arrays": """
        class Same:
            __eq__ = lambda self, other: True
            __hash__ = object.__hash__
        class Hostile:
            def __array__(self, *args, **kwargs): return np.array([Same()], dtype=object)
            def __reduce__(self): return eval, ("print('REPORT unpickled')",)
        add = mean = lambda *args: Hostile()""",
    "structured and object arrays": """
        add = lambda *args: np.array([(1, 2)], dtype=[("a", "O"), ("b", "i4")])
        mean = lambda *args: np.array([lambda: 1, None], dtype=object)""",
    "the agent gives other answers": """
        from goodfit.inside import agent
        agent.StudentKernel._do_call = lambda self, content, buffers: {"passed": True, "earned": 7, "points": 7}
        get_ipython().kernel._do_value = lambda content, buffers: True""",
    "the agent raises": """
        from goodfit.inside import agent
        def broken(*args): raise SystemExit(0)
        agent.StudentKernel._do_call = agent._failure = broken""",
    "the wire format is replaced": """
        from goodfit.inside import wire
        wire.encode = lambda value: ({"t": "array", "b": 7, "shape": [-1], "dtype": "O"}, [b"x"] * 3)""",
    "the wire format raises": """
        from goodfit.inside import wire
        def broken(*args, **kwargs): raise wire.WireError("\\ud800")
        wire.encode = wire.decode = broken""",
    "NumPy's and pytest's comparisons are replaced": """
        import math, pytest, numpy.testing
        np.allclose = np.isclose = np.array_equal = math.isclose = lambda *args, **kwargs: True
        numpy.testing.assert_allclose = numpy.testing.assert_array_equal = lambda *args, **kwargs: None
        pytest.approx = lambda *args, **kwargs: type("Same", (), {"__eq__": lambda self, other: True})()""",
    "the grader's own modules in the kernel are replaced": """
        import sys, goodfit.check as check
        for module in [m for name, m in sys.modules.items() if name.startswith("goodfit")]:
            for name in ("fail", "equal", "close", "meets", "_judge"):
                setattr(module, name, lambda *args, **kwargs: None)
        check.CheckFailed.__init__ = lambda self, *args, **kwargs: None""",
}


@pytest.mark.parametrize("code", REWIRED.values(), ids=REWIRED)
def test_rewiring_the_kernel_earns_nothing(submit: Submit, grade: Grade, code: str) -> None:
    """Attacked: the process that runs the submission, everything that can be replaced in it."""
    lines = "\n".join(line.removeprefix(" " * 8) for line in code.splitlines())
    bundle = grade(submit(WRONG, after={"add-visible": lines, "add": lines, "mean-answer": lines}), **QUICK)
    assert_worthless(bundle)
    assert "REPORT" not in printed(bundle)


# ---- the file


def everywhere(change: Callable[[NotebookNode], Any]) -> Callable[[NotebookNode], None]:
    def edit(notebook: NotebookNode) -> None:
        for cell in notebook.cells:
            change(cell)

    return edit


def nbgrader_of(cell: NotebookNode) -> dict[str, Any]:
    return cell.metadata.get("nbgrader", {})  # type: ignore[no-any-return]


def swap_ids(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        ids = {"add": "mean", "mean": "add", "model": "title", "setup": "model"}
        meta = nbgrader_of(cell)
        meta["grade_id"] = ids.get(meta["grade_id"], meta["grade_id"])


def unknown_ids(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if nbgrader_of(cell).get("grade"):
            cell.metadata.nbgrader.grade_id = "extra-credit"


def kernelspec(notebook: NotebookNode) -> None:
    notebook.metadata = NotebookNode(
        kernelspec={"name": "bash", "display_name": "Bash", "language": "bash"},
        language_info={"name": "html", "pygments_lexer": "html"},
        widgets={"application/vnd.jupyter.widget-state+json": {"state": {}}},
        title="<script>alert(1)</script>",
    )


def duplicate(notebook: NotebookNode) -> None:
    for n in (1, 2):
        for cell in [c for c in notebook.cells if nbgrader_of(c).get("grade") and c.id.count("-copy") < n]:
            copy = nbformat.from_dict({**cell, "id": f"{cell.id}-copy{n}", "source": "7", "outputs": []})
            notebook.cells.insert(0, copy)
            notebook.cells.append(copy)


def delete(notebook: NotebookNode) -> None:
    notebook.cells = [c for c in notebook.cells if not nbgrader_of(c).get("locked")]


def reverse(notebook: NotebookNode) -> None:
    notebook.cells.reverse()


def foretell(notebook: NotebookNode) -> None:
    """Outputs as nbgrader reads points from, in a notebook that claims to be executed."""
    result = nbformat.v4.new_output("execute_result", data={"text/plain": "7.0"}, execution_count=1)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [result], 1


FILES = {
    "tags that skip cells": everywhere(lambda c: c.metadata.update(tags=["skip-execution", "raises-exception", ""])),
    "more points": everywhere(lambda c: nbgrader_of(c).update(points=1000)),
    "negative points": everywhere(lambda c: nbgrader_of(c).update(points=-1000)),
    "other grade ids": unknown_ids,
    "swapped grade ids": swap_ids,
    "grade ids that are no text": everywhere(lambda c: nbgrader_of(c).update(grade_id=["add", {"mean": 1}])),
    "code as markdown": everywhere(lambda c: c.update(cell_type="markdown")),
    "other locks": everywhere(lambda c: nbgrader_of(c).update(locked=False, solution=True, grade=False, task=True)),
    "another kernel": kernelspec,
    "graded cells three times": duplicate,
    "locked cells deleted": delete,
    "cells in reverse": reverse,
    "outputs with points": foretell,
}


@pytest.mark.parametrize("edit", FILES.values(), ids=FILES)
def test_the_files_own_claims_mean_nothing(submit: Submit, grade: Grade, edit: Callable[[NotebookNode], Any]) -> None:
    """Attacked: metadata, tags, points, ids, cell types, kernelspec, number and order of cells, stored outputs."""
    assert_worthless(grade(submit(WRONG, edit=edit)))


@pytest.mark.parametrize("name", ["other locks", "graded cells three times", "cells in reverse"])
def test_a_right_answer_in_an_odd_file_keeps_its_points(submit: Submit, grade: Grade, name: str) -> None:
    """Not even against the student: what is settled from the instructor's source costs an honest answer nothing."""
    bundle = grade(submit(edit=FILES[name]))
    assert not bundle.verdict.needs_human, bundle.log
    assert bundle.verdict.earned == RIGHT


# ---- reading


def unspoken(secret: bytes) -> bytes:
    """A pattern that finds the secret and is not found by itself."""
    return b"".join(b"[\\x%02x]" % byte for byte in secret)


SEARCH = """
import os, re, sys, json, sqlite3
def search(roots, names, patterns, others):
    found = []
    bad_name, secret = re.compile(names), [re.compile(p.encode()) for p in patterns]
    for root in roots:
        for folder, folders, files in os.walk(root):
            if folder.startswith(("/proc", "/sys", "/dev/pts", "/dev/fd")): folders[:] = []; continue
            found += [os.path.join(folder, n) for n in folders + files if bad_name.search(n)]
            library = folder.startswith(("/usr", "/dev", sys.prefix, sys.base_prefix)) and folder != "/dev/shm"
            for file in [] if library else files:
                try:
                    with open(os.path.join(folder, file), "rb") as opened: content = opened.read(4 << 20)
                except OSError: continue
                found += [f"{folder}/{file}: {n}" for n, p in enumerate(secret) if p.search(content)]
    for path in others:
        for way in (path, "../../.." + path, "/proc/self/root" + path, "/proc/1/root" + path, "/proc/self/cwd/" + path):
            try: found.append(f"{way}: {os.listdir(way) if os.path.isdir(way) else len(open(way, 'rb').read())}")
            except OSError: pass
    for process in [p for p in os.listdir("/proc") if p.isdigit()]:
        for part in ("environ", "cmdline", "mem", "maps", "fd", "cwd", "root"):
            try:
                path = f"/proc/{process}/{part}"
                text = repr(os.listdir(path)).encode() if part in ("fd", "cwd", "root") else open(path, "rb").read(1 << 20)
                found += [f"{path}: {n}" for n, p in enumerate(secret) if p.search(text)]
            except (OSError, ValueError): pass
    for name, module in list(sys.modules.items()):
        if name.startswith(("goodfit", "nbgrader", "__main__")):
            for key, value in list(vars(module).items()):
                if key not in ("In", "_ih", "_i", "_ii", "_iii", "search", "report") and not key.startswith("_i"):
                    found += [f"{name}.{key}: {n}" for n, p in enumerate(secret) if p.search(repr(value).encode())]
    return found
"""


def test_nothing_hidden_can_be_read(
    submit: Submit, grade: Grade, tiny: Assignment, repository: Path, course: Path
) -> None:
    """Attacked: hidden tests, thresholds, hidden rows, gradebook, other submissions: all files, processes, modules."""
    Course(course).ensure_gradebook()
    other = course / "submitted" / "marlene-dumas" / "tiny"
    other.mkdir(parents=True)
    (other / "tiny.ipynb").write_bytes(submit())
    hidden = np.load(tiny.graders_dir / "data" / "points.npz")["x"].tobytes()
    secrets = [b'check.close(student.call("add"', b"value = 0.913", hidden[64:80], b"marlene-dumas"]
    patterns = [unspoken(secret).decode() for secret in secrets]
    names = (
        "^" + unspoken(b"test_tiny").decode() + "|" + unspoken(b"thresholds.toml").decode() + "|gradebook[.]db|marlene-"
    )
    places = [course, tiny.graders_dir, *(repository / n for n in ("gradebook.db", "source", "tests", "docs"))]
    code = SEARCH + f"report = search(ROOTS, {names!r}, {patterns!r}, OTHERS)\nprint('REPORT', json.dumps(report))"
    inside = code.replace("ROOTS", "['/']").replace("OTHERS", repr([str(p) for p in places]))
    bundle = grade(submit(WRONG, after={"setup": inside}), cell_seconds=60)
    assert_worthless(bundle)
    assert [place for place in told(bundle) if "nbgrader/tests/apps" not in place] == []  # nbgrader's own examples
    # the same search does find all of it where there are no walls
    outside = code.replace("ROOTS", repr([str(course)])).replace("OTHERS", repr([str(course)]))
    done = subprocess.run([sys.executable, "-c", outside], capture_output=True, text=True, check=True)
    for part in ("test_tiny.py: 0", "thresholds.toml: 1", "gradebook.db", "marlene-dumas", f"{course}: ["):
        assert part in done.stdout


# ---- writing


REACH = """
import os, socket, json
def reach(tries):
    done = []
    for name, attempt in tries.items():
        try: attempt()
        except BaseException: continue
        done.append(name)
    print("REPORT", json.dumps(done))
def tcp(*address):
    with socket.socket() as s: s.settimeout(1); s.connect(address)
def udp(*address):
    with socket.socket(type=socket.SOCK_DGRAM) as s: s.sendto(b"hello", address)
def unix(address, kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_UNIX, kind) as s: s.settimeout(1); s.connect(address)
"""


@pytest.fixture
def listening() -> Iterator[SimpleNamespace]:
    """Servers of the host, one of each kind, which everybody on the host may talk to; and who talked to them."""
    heard: list[str] = []
    folder = tempfile.mkdtemp(prefix="gf-")
    os.chmod(folder, 0o777)
    addresses = {"tcp": ("127.0.0.1", 0), "path": f"{folder}/s", "abstract": f"\0goodfit-test-{os.getpid()}"}
    servers = {}
    for name, address in addresses.items():
        server = socket.socket(socket.AF_INET if name == "tcp" else socket.AF_UNIX)
        server.bind(address)
        server.listen()
        servers[name] = server
    os.chmod(addresses["path"], 0o777)  # type: ignore[arg-type]
    datagrams = socket.socket(type=socket.SOCK_DGRAM)
    datagrams.bind(("127.0.0.1", 0))

    def calls() -> list[str]:
        for name, server in [*servers.items(), ("udp", datagrams)]:
            server.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                server.recv(10) if name == "udp" else server.accept()[0].close()
                heard.append(name)
        return heard

    yield SimpleNamespace(
        tcp=servers["tcp"].getsockname(),
        udp=datagrams.getsockname(),
        path=addresses["path"],
        abstract=addresses["abstract"],
        calls=calls,
    )
    for server in (*servers.values(), datagrams):
        server.close()


def test_nobody_can_be_reached(submit: Submit, grade: Grade, graders: Graders, listening: SimpleNamespace) -> None:
    """Attacked: the network (TCP, UDP, DNS), unix sockets by path and by abstract name, the fork server."""
    tries = f"""
reach({{
    "internet": lambda: tcp("192.0.2.1", 80),
    "tcp": lambda: tcp(*{listening.tcp!r}),
    "udp": lambda: udp(*{listening.udp!r}),
    "far udp": lambda: udp("192.0.2.1", 53),
    "dns": lambda: socket.getaddrinfo("example.org", 80),
    "path": lambda: unix({listening.path!r}),
    "abstract": lambda: unix({listening.abstract!r}),
    "fork server": lambda: unix({graders.server!r}, socket.SOCK_SEQPACKET),
    "docker": lambda: unix("/var/run/docker.sock"),
    "curl": lambda: 1 / (os.system("curl -s -m 2 http://{listening.tcp[0]}:{listening.tcp[1]}") == 0),
    "works": lambda: None,
}})"""
    bundle = grade(submit(WRONG, after={"setup": REACH + tries}))
    assert_worthless(bundle)
    assert told(bundle) == ["works"]
    assert listening.calls() == []


PLACES = [
    "~/.ipython/profile_default/startup/00.py", "~/.ipython/profile_default/history.sqlite", "~/.keras/keras.json",
    "~/.bashrc", "~/mark.py", "/tmp/mark.py", "/var/tmp/mark.py", "/dev/shm/mark.py", "/run/goodfit/sockets/mark",
    "/run/mark", "/etc/mark", "/root/.ipython/profile_default/startup/00.py", "/root/.keras/keras.json",
]  # fmt: skip
MARK = f"""
import os, sys, json, site, glob
places = {PLACES!r} + [os.path.join(site.getsitepackages()[0], n) for n in ("mark.py", "mark.pth", "sitecustomize.py")]
places += [os.path.join(os.path.dirname(m.__file__), "mark.py") for n, m in list(sys.modules.items())
           if n in ("numpy", "keras", "goodfit", "IPython") and getattr(m, "__file__", None)]
def leave():
    left = []
    for place in map(os.path.expanduser, places):
        try:
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "w") as file: file.write("mark = 'left by an earlier student'")
            left.append(place)
        except OSError: pass
    import numpy, builtins
    numpy.mark = builtins.mark = os.environ["MARK"] = "left"
    numpy.mean = lambda *args: 42
    return left
def look():
    found = []
    for place in map(os.path.expanduser, places):
        try:
            with open(place) as file: found += [place] * ("earlier student" in file.read())
        except OSError: pass
    import numpy, builtins
    return found + [n for n, m in (("numpy", numpy), ("builtins", builtins)) if hasattr(m, "mark")] + (
        ["environment"] if "MARK" in os.environ else [])
"""


def test_the_next_student_finds_nothing(submit: Submit, grade: Grade) -> None:
    """Attacked: home, startup files, /tmp, /dev/shm, site-packages, loaded modules, to reach who is graded next."""
    first = grade(submit(WRONG, after={"setup": MARK + "print('REPORT', json.dumps([leave(), look()]))"}))
    assert_worthless(first)
    left, seen = told(first)
    assert len(left) >= 8, "the first student can write at home"
    assert {*left, "numpy", "builtins", "environment"} <= set(seen)
    assert all(place.startswith(("/home/student/", "/tmp/", "/var/tmp/", "/dev/shm/")) for place in left)
    second = grade(submit(after={"setup": MARK + "print('REPORT', json.dumps(look()))"}))
    assert (told(second), second.verdict.earned) == ([], RIGHT)
    assert not [place for place in PLACES if "student" in place and os.path.exists(os.path.expanduser(place))]


def test_neighbours_find_nothing(submit: Submit, grade: Grade) -> None:
    """Attacked: those who are graded at the same time: files, processes, signals, sockets."""
    code = """
import time
leave()
import socket
with socket.socket(socket.AF_UNIX) as s:
    s.bind("\\0goodfit-neighbour"); s.listen()
    pids, end = set(), time.monotonic() + 1.5
    while time.monotonic() < end:
        pids |= {int(p) for p in os.listdir("/proc") if p.isdigit()}
        time.sleep(0.05)
    try: os.kill(-1, 0); killable = True
    except OSError: killable = False
print("REPORT", json.dumps([len(pids), sorted(p for p in os.listdir("/tmp") if "mark" in p), glob.glob("/home/*")]))
"""
    with ThreadPoolExecutor(2) as pool:
        bundles = list(pool.map(lambda _: grade(submit(after={"setup": MARK + code})), range(2)))
    for bundle in bundles:
        assert bundle.verdict.earned == RIGHT
        processes, files, homes = told(bundle)
        assert processes <= 3, "its own, and the first of its namespace"
        assert (files, homes) == (["mark.py"], ["/home/student"])


def test_no_process_outlives_its_kernel(submit: Submit, grade: Grade) -> None:
    """Attacked: the machine after the verdict, by daemons that double-fork, change session and ignore signals."""
    mark = f"86{os.getpid()}"
    code = f"""
import os, signal, subprocess, ctypes
def daemon():
    if os.fork(): return
    os.setsid()
    if os.fork(): os._exit(0)
    for n in range(1, 65):
        try: signal.signal(n, signal.SIG_IGN)
        except (OSError, ValueError): pass
    ctypes.CDLL(None).prctl(15, b"gf-{mark}", 0, 0, 0)
    open("/tmp/alive", "w").close()
    while True: open("/tmp/still", "a").write("x"[:0])
daemon()
subprocess.Popen(["sleep", "{mark}"], start_new_session=True)
import time
while not os.path.exists("/tmp/alive"): time.sleep(0.01)
print("REPORT", 1)
"""
    seen = []

    def survivors() -> list[int]:
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.name() == f"gf-{mark}" or process.cmdline() == ["sleep", mark]:
                    found.append(process.pid)
        return found

    def watch() -> None:
        while not done.is_set():
            seen.extend(survivors())
            done.wait(0.05)

    done = threading.Event()
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        bundle = grade(submit(WRONG, after={"setup": code}))
    finally:
        done.set()
        watcher.join()
    assert_worthless(bundle)
    assert told(bundle) == 1  # type: ignore[comparison-overlap]
    assert seen, "they were seen from outside while they lived"
    assert survivors() == []


def digest(folder: Path) -> dict[str, str]:
    """Content of every file below a folder."""
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and "__pycache__" not in p.parts]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture
def grade_class(course: Path, graders: Graders, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Grades everybody of the course as `goodfit grade` does, with the warm server of the tests."""

    @contextlib.contextmanager
    def serving(tier: str) -> Iterator[tuple[Any, str | None]]:
        yield graders.tier, graders.server

    monkeypatch.setattr(batch, "serving", serving)

    def run(**notebooks: bytes) -> dict[str, Any]:
        opened = Course(course)
        for name, notebook in notebooks.items():
            folder = opened.submitted("tiny", name)
            folder.mkdir(parents=True)
            (folder / "tiny.ipynb").write_bytes(notebook)
        assignment = opened.assignment("tiny")
        results = batch.grade_class(opened, assignment, opened.students("tiny"), "fork", workers=2)
        return {result.student: result for result in results}

    return run


def scores(course: Path) -> dict[str, dict[str, float | None]]:
    """Automatic scores in the gradebook, by student and cell."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return {
            s.student.id: {g.name: g.auto_score for n in s.notebooks for g in n.grades}
            for s in book.assignment_submissions("tiny")
        }


def test_gradebook_and_other_students_stay_as_they_are(
    submit: Submit, course: Path, grade_class: Callable[..., dict[str, Any]]
) -> None:
    """Attacked: an UPDATE on the gradebook, and every file of the course, while a class is graded."""
    victim = {"add": 3.0, "mean": 2.0, "model": 0.0, "why": None}
    grade_class(victim=submit())
    assert scores(course)["victim"].items() >= {k: v for k, v in victim.items() if k != "why"}.items()
    kept = ("source", "graders", "submitted/victim", "autograded/victim", ".goodfit/tiny/victim.json")
    before = {name: digest(course / name) for name in kept}
    code = f"""
import sqlite3, os, glob, shutil
course, did = {str(course)!r}, []
for path in (course + "/gradebook.db", "gradebook.db", "../../gradebook.db", "file:" + course + "/gradebook.db?mode=rwc"):
    try:
        with sqlite3.connect(path, uri=path.startswith("file:")) as book:
            book.execute("UPDATE grade SET auto_score = 99, manual_score = 99")
            did.append(path)
    except sqlite3.Error: pass
for place in ("", "/source", "/graders/tiny", "/submitted/victim/tiny", "/autograded/victim/tiny", "/.goodfit/tiny"):
    try: open(course + place + "/mark", "w").close(); did.append(place)
    except OSError: pass
    shutil.rmtree(course + place, ignore_errors=True)
print("REPORT", did)
"""
    results = grade_class(attacker=submit(WRONG, after={"setup": code}))
    assert set(results) == {"attacker", "victim"}
    assert not any(result.trouble for result in results.values())
    assert_worthless(results["attacker"].bundle)
    assert told(results["attacker"].bundle) == []
    assert scores(course)["victim"].items() >= {k: v for k, v in victim.items() if k != "why"}.items()
    assert {v for k, v in scores(course)["attacker"].items() if k != "why"} == {0.0}
    assert {name: digest(course / name) for name in kept} == before
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as book:
        assert book.execute("SELECT max(auto_score), max(manual_score) FROM grade").fetchone() == (3.0, None)


# ---- model files

EVIL = """
def train(seed):
    import keras, zipfile, json, io, os
    honest = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="softmax")])
    class Evil:
        def save(self, path): CODE
        def __call__(self, rows): return rows
    def rewrite(path, change):
        honest.save(path)
        with zipfile.ZipFile(path) as archive: parts = {n: archive.read(n) for n in archive.namelist()}
        config = json.loads(parts["config.json"])
        change(parts, config)
        parts.setdefault("config.json", b""); parts["config.json"] = parts["config.json"] and json.dumps(config).encode()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items(): archive.writestr(name, part)
    def dense(config): return config["config"]["layers"][1]
    smuggled = {"module": "keras.layers", "class_name": "Lambda", "registered_name": None, "config": {
        "name": "l", "function": {"class_name": "__lambda__", "config": {"code": "4w==", "defaults": None, "closure": None}}}}
    return Evil()
"""
MODELS = {
    "a pickle": "import pickle; open(path, 'wb').write(pickle.dumps(print))",
    "a pickle in the archive": "rewrite(path, lambda parts, config: parts.update({'evil.pkl': b'cos\\nsystem\\n.'}))",
    "a name that climbs": "rewrite(path, lambda parts, config: parts.update({'../../evil': b'x'}))",
    "a link": """
            honest.save(path); link = zipfile.ZipInfo("model.weights.h5"); link.external_attr = 0o120777 << 16
            with zipfile.ZipFile(path, "w") as a: a.writestr("config.json", "{}"); a.writestr(link, "/etc/passwd")""",
    "the file itself a link": "os.unlink(path); os.symlink('/proc/self/environ', path)",
    "a zip bomb": "rewrite(path, lambda parts, config: parts.update({'model.weights.h5': bytes(400 << 20)}))",
    "a Lambda layer": "rewrite(path, lambda parts, config: config['config']['layers'].append(smuggled))",
    "a Lambda as a seed": """rewrite(path, lambda parts, config:
            dense(config)["config"]["kernel_initializer"]["config"].update(seed=smuggled))""",
    "a Lambda as a nested loss": """
            inner = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)]); inner.compile("sgd", "mse")
            config = json.loads(keras.Sequential([keras.Input((2,)), inner]).to_json())
            config["config"]["layers"][1]["compile_config"]["loss"] = smuggled
            rewrite(path, lambda parts, old: (old.clear(), old.update(config)))""",
    "a class of the student's own": """rewrite(path, lambda parts, config:
            dense(config).update(module="evil", registered_name="Custom>Evil"))""",
    "a module of Python's": """rewrite(path, lambda parts, config:
            config.update(module="os", class_name="system", registered_name="system"))""",
    "a huge layer": "rewrite(path, lambda parts, config: dense(config)['config'].update(units=9_999_999))",
    "many huge layers": """rewrite(path, lambda parts, config: [config["config"]["layers"].append(
            {**dense(config), "config": {**dense(config)["config"], "name": f"d{n}", "units": 200_000}, "build_config": {}})
            for n in range(5)])""",
    "broken weights": "rewrite(path, lambda parts, config: parts.update({'model.weights.h5': b'\\x89HDF\\r\\n' * 99}))",
    "weights that are no numbers": """
            honest.set_weights([w * np.nan for w in honest.get_weights()]); honest.save(path)""",
    "three outputs too few": """rewrite(path, lambda parts, config: config["config"]["layers"].append(
            {"module": "keras.layers", "class_name": "Reshape", "registered_name": None,
             "config": {"name": "r", "target_shape": [2, 1]}}))""",
}


@pytest.mark.parametrize(
    "code", cases(MODELS, "a pickle in the archive", "a name that climbs", "a link", "a module of Python's")
)
def test_a_hostile_model_file_earns_nothing(submit: Submit, grade: Grade, code: str) -> None:
    """Attacked: whoever opens the model file, by what is in it."""
    evil = EVIL.replace("CODE", code)
    bundle = grade(submit({**WRONG, "model-answer": evil}), memory_bytes=1536 * MIB)
    assert_worthless(bundle)
    verdict = bundle.verdict.of_cell("model")[0]
    assert verdict.outcome in (Outcome.FAILED, Outcome.COULD_NOT_RUN)
    assert "model" in (verdict.rationale or "")


def archive(config: Any, **parts: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("config.json", config if isinstance(config, str | bytes) else json.dumps(config))
        out.writestr("model.weights.h5", b"x" * 1000)
        for name, part in parts.items():
            out.writestr(name, part)
    return file.getvalue()


def dense(**config: Any) -> dict[str, Any]:
    return {"module": "keras.layers", "class_name": "Dense", "config": config}


GOOD = archive(dense(units=2))
ARCHIVES = {
    "a pickle in the archive": archive(dense(), **{"evil.pkl": b"cos\nsystem\n."}),
    "a name that climbs": archive(dense(), **{"../../evil": b"x"}),
    "an absolute name": archive(dense(), **{"/etc/evil": b"x"}),
    "a module of Python's": archive({"module": "os", "class_name": "system", "config": {}}),
    "a class of the student's own": archive({**dense(), "module": "evil"}),
    "nothing": b"",
    "no archive": b"PK\x05\x06" + b"\0" * 17,
    "cut off": GOOD[: len(GOOD) // 2],
    "scrambled": GOOD[:60] + b"\xff" * 20 + GOOD[80:],
    "another compression": GOOD.replace(b"\x08\x00", b"\x0e\x00"),
    "no JSON": archive("{"),
    "no text": archive(b"\xff\xfe\x00"),
    "deep": archive("[" * 50_000),
    "nested": archive("[" * 100 + "]" * 100),
    "long": archive('"' + "x" * 3_000_000 + '"'),
    "long text": archive(dense(name="x" * 20_000)),
    "no layers": archive({}),
    "too many layers": archive([dense()] * 300),
    "huge number": archive(dense(units=10**30)),
    "no number": archive(dense(units=float("nan"))),
    "Lambda": archive({"module": "keras.layers", "class_name": "Lambda", "config": {}}),
    "legacy Lambda": archive({"class_name": "Lambda", "config": {}}),
    "TorchModuleWrapper": archive({"module": "keras.layers", "class_name": "TorchModuleWrapper", "config": {}}),
    "function": archive([dense(), {"module": "builtins", "class_name": "function", "config": "eval"}]),
    "hidden in a seed": archive(dense(seed={"module": "os", "class_name": "system", "config": {}})),
    "hidden in an id": archive(dense(shared_object_id=[{"class_name": "__lambda__", "config": {}}])),
    "hidden in a nested loss": archive([dense(), {**dense(), "compile_config": {"class_name": "__lambda__"}}]),
    "class name that is no text": archive({"module": ["keras.layers"], "class_name": {"Dense": 1}, "config": []}),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("content", ARCHIVES.values(), ids=ARCHIVES)
def test_a_hostile_archive_is_refused(content: bytes) -> None:
    """Attacked: the vetting of model files, byte by byte; it refuses with a reason and breaks nowhere."""
    with pytest.raises(RefusedModel):
        vet(content)


def test_an_honest_archive_is_not_refused() -> None:
    """The archives above are refused for what is wrong in them: without it, they pass."""
    assert [layer["class_name"] for layer in vet(GOOD).layers] == ["Dense"]
    vet(archive({**dense(units=2), "compile_config": {"loss": {"module": "mine", "class_name": "Mine"}}}))


READERS: dict[str, Callable[[Any], None]] = {
    "says nothing": lambda c: time.sleep(3),
    "hangs up": lambda c: c.close(),
    "no JSON": lambda c: c.send_bytes(b"{"),
    "a list": lambda c: c.send_bytes(b"[]"),
    "buffers announced": lambda c: c.send_bytes(b'{"buffers": 17}'),
    "half a message": lambda c: os.write(c.fileno(), b"\0\0\xff\xff{"),
    "too large a message": lambda c: os.write(c.fileno(), b"\x7f\xff\xff\xff"),
    "odd parameters": lambda c: model_reader.send(c, {"status": "ok", "parameters": {"a": 1}}),
    "a refusal with odd text": lambda c: model_reader.send(c, {"status": "refused", "text": ["\ud800"] * 999}),
    "predictions of another shape": lambda c: answers(c, np.zeros((7, 2))),
    "no columns": lambda c: answers(c, np.zeros((3, 0))),
    "no numbers": lambda c: answers(c, np.full((3, 2), np.nan)),
    "texts": lambda c: answers(c, np.array(["a", "b", "c"])),
    "no array": lambda c: answers(c, [1, 2, 3]),
}


def answers(connection: Any, value: Any) -> None:
    model_reader.send(connection, {"status": "ok", "parameters": 3})
    model_reader.receive(connection, MIB)
    tree, buffers = wire.encode(value)
    model_reader.send(connection, {"status": "ok", "value": tree}, buffers)


@pytest.mark.parametrize("say", READERS.values(), ids=READERS)
def test_a_captured_model_reader_cannot_stop_the_grader(
    tiny: Assignment, monkeypatch: pytest.MonkeyPatch, say: Callable[[Any], None]
) -> None:
    """Attacked: the grader, by a model reader that a file has taken over."""
    monkeypatch.setattr(model, "STALL", 1)

    def reader(sock: socket.socket) -> SimpleNamespace:
        connection = model.Connection(os.dup(sock.fileno()))

        def run() -> None:
            with contextlib.suppress(OSError, EOFError):
                model_reader.receive(connection, MIB)
                say(connection)
                connection.recv_bytes()

        threading.Thread(target=run, daemon=True).start()
        return SimpleNamespace(kill=connection.close)

    started = time.monotonic()
    with pytest.raises(CheckFailed):
        opened = model.Model(vet(GOOD), SimpleNamespace(spawn_reader=reader), "`model`", lambda: 1.0)  # type: ignore[arg-type]
        assert opened.parameters in (0, 3)
        opened.accuracy(np.zeros((3, 2)), np.zeros(3))
    assert time.monotonic() - started < 4


# ---- messages

FORGE = """
kernel = get_ipython().kernel
session, iopub, shell = kernel.session, kernel.iopub_socket, kernel.shell_stream.socket
def forge(socket, kind, content, ident=(b"x",), parent=None, header=None, buffers=()):
    parts = [session.pack(header if header is not None else session.msg_header(kind)),
             session.pack(parent if parent is not None else kernel.get_parent("shell")["header"]), b"{}",
             content if isinstance(content, bytes) else session.pack(content)]
    socket.send_multipart([*ident, b"<IDS|MSG>", session.sign(parts), *parts, *buffers])
def reply(kind, content, **more):
    ident = kernel._parent_ident["shell"]
    forge(shell, kind, content, ident=ident if isinstance(ident, list) else [ident], **more)
number = {"data": {"text/plain": "7.0"}, "metadata": {}, "execution_count": 1}
"""
FORGED = {
    "an early end": """
        reply("execute_reply", {"status": "ok", "execution_count": 1}); forge(iopub, "status", {"execution_state": "idle"})
        for n in range(9): forge(iopub, "execute_result", number)""",
    "a verdict": """
        reply("goodfit_reply", {"status": "ok", "value": 42, "earned": 7}); reply("goodfit_verdict", {"earned": 7})
        forge(iopub, "goodfit_reply", {"status": "ok", "value": 42})""",
    "no status": "reply('execute_reply', {})",
    "a reply that is a list": "reply('execute_reply', [1])",
    "a header that is a list": "reply('execute_reply', {'status': 'ok'}, header=[1])",
    "a parent that is a list": "reply('execute_reply', {'status': 'ok'}, parent=[1])",
    "no signature": "shell.send_multipart([*kernel._parent_ident['shell'], b'<IDS|MSG>', b'', b'{}', b'{}', b'{}', b'{}'])",
    "a wrong signature": "iopub.send_multipart([b'x', b'<IDS|MSG>', b'0' * 64, b'{}', b'{}', b'{}', b'{}'])",
    "no parts": "iopub.send_multipart([b'x', b'<IDS|MSG>']); shell.send_multipart([b'y', b'<IDS|MSG>'])",
    "no JSON": "forge(iopub, 'stream', b'\\xff{'); reply('execute_reply', b'[')",
    "deep JSON": "forge(iopub, 'stream', b'[' * 100_000); forge(iopub, 'stream', b'[' * 900 + b']' * 900)",
    "odd outputs": """
        for kind in ("stream", "display_data", "execute_result", "error", "clear_output", "comm_open", "x" * 9999):
            for content in ({}, [], None, 7, {"name": 7, "text": {}}, {"data": [], "metadata": 7}, {"traceback": "abc"},
                            {"ename": [], "evalue": {}, "traceback": [7]}, {"transient": {"display_id": []}, **number},
                            {"transient": [1]}, {"data": {"text/html": "<script>alert(1)</script>"}, "metadata": {}}):
                forge(iopub, kind, content)""",
    "outputs of other cells": """
        for n in range(20):
            forge(iopub, "display_data", {**number, "transient": {"display_id": "a"}})
            forge(iopub, "update_display_data", {**number, "transient": {"display_id": "a"}})""",
    "a giant message": "forge(iopub, 'stream', {'name': 'stdout', 'text': 'x' * (70 << 20)})",
    "a giant reply": "reply('execute_reply', {'status': 'ok', 'x': 'x' * (70 << 20)})",
    "many frames": "forge(iopub, 'stream', {'name': 'stdout', 'text': ''}, buffers=[b'x'] * 100_000)",
    "a flood": "for n in range(20_000): forge(iopub, 'stream', {'name': 'stdout', 'text': 'x' * 1000})",
    "another session": """
        key = session.key; session.key = b"another"; forge(iopub, "stream", {"name": "stdout", "text": "x"}); session.key = key""",
    "no more outputs": "iopub.close()",
    "no more replies": "shell.close()",
}


@pytest.mark.parametrize(
    "code",
    cases(
        FORGED, "a reply that is a list", "a header that is a list", "no signature", "another session", "many frames",
        "a giant reply",
    ),
)  # fmt: skip
def test_forged_messages_earn_nothing(submit: Submit, grade: Grade, code: str) -> None:
    """Attacked: the messages between kernel and grader, with the kernel's own sockets and key."""
    lines = "\n".join(line.removeprefix(" " * 8) for line in code.splitlines())
    bundle = grade(submit(WRONG, after={"mean": FORGE + lines}), cell_seconds=2, check_seconds=1)
    assert_worthless(bundle)
    assert len(bundle.notebook) < 5 * MIB
    kinds = [
        set(o.data)
        for c in nbformat.reads(bundle.notebook, as_version=4).cells
        for o in c.get("outputs", [])
        if "data" in o
    ]
    assert [kind for kind in kinds if kind not in ({"text/plain"}, {"text/plain", "text/html"})] == []
    assert sum("text/html" in kind for kind in kinds) == 3, "the verdict, and nothing of the student's"


ENDLESS = """
import json, os, socket, struct
info = json.load(open("/run/goodfit/kernel.json"))
path = f"{info['ip']}-{info['iopub_port']}"
iopub.close()
os.unlink(path)
with socket.socket(socket.AF_UNIX) as server:
    server.bind(path); server.listen()
    client, _ = server.accept()
client.sendall(b"\\xff" + bytes(8) + b"\\x7f\\x03\\x00" + b"NULL".ljust(20, b"\\0") + bytes(32))
client.recv(64)
client.sendall(b"\\x04\\x19\\x05READY\\x0bSocket-Type" + struct.pack(">I", 3) + b"PUB")
while True: client.sendall(b"\\x03" + struct.pack(">Q", 4 << 20) + bytes(4 << 20))
"""


def test_a_message_without_end_does_not_fill_the_graders_memory(submit: Submit, grade: Grade) -> None:
    """Attacked: the memory of the machine, by frames of one message that never ends, sent by hand."""
    bundle = grade(submit(WRONG, after={"mean": FORGE + ENDLESS}), cell_seconds=60)
    assert_worthless(bundle)
    assert "died" in " ".join(bundle.verdict.notices), "long before its time was up"


@pytest.fixture
def forging(tiny: Assignment, submit: Submit, graders: Graders, tmp_path: Path) -> Iterator[Callable[..., Student]]:
    """A student whose kernel gives one prepared reply after the other, whatever it is asked."""
    sessions = []

    def make(replies: str) -> Student:
        code = (
            FORGE
            + f"""
import json
replies = iter([{replies}])
async def answer(stream, ident, parent):
    forged = next(replies)
    buffers = forged.pop("buffers", ()) if isinstance(forged, dict) else ()
    forge(shell, "goodfit_reply", json.dumps(forged).encode(), ident=ident, parent=parent["header"], buffers=buffers)
kernel.shell_handlers["goodfit_request"] = answer
"""
        )
        restored = restore(submit(after={"setup": code}), tiny)
        session = Session(restored.notebook, graded_places(restored, tiny), kernels, tmp_path)
        sessions.append(session)
        session.advance_to(4)
        student = Student(session)
        student.begin(20)
        return student

    with Kernels(graders.tier, graders.server, Limits()) as kernels:
        yield make
        for session in sessions:
            session.close()


TREES = {
    "nothing": "None, 7, 'ok', [], {}, {'status': 7}, {'status': ['ok']}, {'status': 'ok'} and {'status': 'no'}",
    "raised oddly": """{'status': 'raised'}, {'status': 'raised', 'names': 7, 'text': [], 'line': {}},
        {'status': 'raised', 'names': [['x'] * 9999, {}, None, '\\ud800'], 'text': '\\ud800' * 9999},
        {'status': 'raised', 'names': [eval('[' * 60 + ']' * 60)]}""",
    "refused oddly": """{'status': 'refused'}, {'status': 'refused', 'kind': [], 'text': 7},
        {'status': 'refused', 'kind': 'not_plain', 'text': None}, {'status': 'refused', 'kind': 'too_large', 'text': {}}""",
    "no tree": """{'status': 'ok', 'value': [1]}, {'status': 'ok', 'value': {'t': 'eval', 'v': '1'}},
        {'status': 'ok', 'value': {'t': ['list'], 'v': []}}, {'status': 'ok', 'value': {'t': 'handle', 'v': 'remote-0'}},
        {'status': 'ok', 'value': {'t': 'rng', 'v': {}}}, {'status': 'ok', 'value': {'t': 'float', 'v': 'eval'}}""",
}


@pytest.mark.parametrize("replies", TREES.values(), ids=TREES)
def test_forged_answers_are_refused(forging: Callable[..., Student], replies: str) -> None:
    """Attacked: the grader that reads the agent's answers."""
    student = forging(replies)
    for _ in range(replies.count("'status'") - replies.count("and {") or 1):
        with pytest.raises((CheckFailed, CouldNotRun)) as refused:
            student.call("add", 1, 2)
        refused.value.rationale.encode()


def test_a_forged_model_is_refused(forging: Callable[..., Student]) -> None:
    """Attacked: the grader that takes the model file from the agent."""
    ok = "{'status': 'ok', 'value': None"
    student = forging(f"{ok}}}, {ok}, 'buffers': [b'x', b'y']}}, {ok}, 'buffers': [b'']}}, {{'status': 'raised'}}")
    for _ in range(4):
        with pytest.raises((CheckFailed, CouldNotRun)):
            student.model("model")


def array(dtype: Any = "<f8", shape: Any = (1,), b: Any = 0) -> dict[str, Any]:
    return {"t": "array", "b": b, "shape": list(shape) if isinstance(shape, tuple) else shape, "dtype": dtype}


def nested(depth: int) -> Any:
    tree: Any = 1
    for _ in range(depth):
        tree = {"t": "list", "v": [tree]}
    return tree


EIGHT = [bytes(8)]
HOSTILE_TREES: dict[str, tuple[Any, list[bytes]]] = {
    "deep": (nested(5_000), []),
    "wide": ({"t": "list", "v": [0] * 600_000}, []),
    "long text": ("x" * 2_000_001, []),
    "one buffer, many arrays": ({"t": "list", "v": [array(shape=(1 << 17,))] * 5_000}, [bytes(1 << 20)]),
    "one hash, many keys": ({"t": "dict", "v": [[n * (2**61 - 1), 0] for n in range(60_000)]}, []),
    "one hash, many members": ({"t": "set", "v": [float(n) * 0 or n * (2**61 - 1) for n in range(60_000)]}, []),
    "many empty texts": (array("U0", (10**12,)), [b""]),
    "objects": (array("O"), EIGHT),
    "records": (array("V8"), EIGHT),
    "fields": (array("i4,i4"), EIGHT),
    "dates": (array("M8[s]"), EIGHT),
    "unknown dtype": (array("evil"), EIGHT),
    "broken dtype": (array("(2,"), EIGHT),
    "dtype that is no text": (array([["a", "O"]]), EIGHT),
    "long dtype": (array("f8" + " " * 999), EIGHT),
    "too small": (array(shape=(2,)), EIGHT),
    "negative": (array(shape=(-1,)), EIGHT),
    "huge": (array(shape=(2**70,)), EIGHT),
    "huge and empty": (array(shape=(2**70, 0)), [b""]),
    "too many axes": (array(shape=(1,) * 40), EIGHT),
    "truth as size": (array(shape=(True,)), EIGHT),
    "shape that is no list": (array(shape="1"), EIGHT),
    "no buffer": (array(b=1), EIGHT),
    "buffer before the first": (array(b=-1), EIGHT),
    "characters that do not exist": (array("<U1"), [b"\xff\xff\xff\xff"]),
    "half characters": (array("<U1"), [b"\x00\xd8\x00\x00"]),
    "unhashable key": ({"t": "dict", "v": [[{"t": "list", "v": []}, 1]]}, []),
    "unhashable member": ({"t": "set", "v": [{"t": "dict", "v": []}]}, []),
    "no pairs": ({"t": "dict", "v": [1, 2]}, []),
    "long integer": ({"t": "int", "v": "f" * 3_000}, []),
    "no integer": ({"t": "int", "v": "print()"}, []),
    "no complex": ({"t": "complex", "v": ["1", 2]}, []),
    "Handle": ({"t": "handle", "v": "remote-0"}, []),
    "Generator": ({"t": "rng", "v": {"bit_generator": "evil"}}, []),
}


@pytest.mark.parametrize(("tree", "buffers"), HOSTILE_TREES.values(), ids=HOSTILE_TREES)
def test_hostile_trees_are_refused(tree: Any, buffers: list[bytes]) -> None:
    """Attacked: memory and time of the grader, and the arrays it makes, by the form of an answer."""
    started, before = time.monotonic(), psutil.Process().memory_info().rss
    with pytest.raises(wire.WireError):
        wire.decode(tree, buffers)
    assert time.monotonic() - started < 5
    assert psutil.Process().memory_info().rss - before < 300 * MIB


def test_truth_values_are_zero_or_one() -> None:
    """Attacked: arithmetic with truth values that are neither."""
    decoded = wire.decode(array("?", (3,)), [b"\x00\x02\xff"])
    assert (decoded.tolist(), decoded.sum(), decoded.view(np.uint8).max()) == ([False, True, True], 2, 1)


# ---- pages


MARKUP = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<iframe src='https://evil.example'></iframe>",
    "[link](javascript:alert(1))", "![image](javascript:alert(1))", "<a href=' java&#10;script:alert(1)'>x</a>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>", "<form action='/formgrader'><input name=score></form>",
    "<style>body{display:none}</style>", "<link rel=stylesheet href=//evil.example>", "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<object data=x></object><embed src=x>",
    "<div id=mean class='nbgrader_cell score' style='position:fixed;background:url(//evil.example)'>x</div>",
    "[x]: javascript:alert(1)\n\n[x]", "<javascript:alert(1)>", "```mermaid\n<img src=x onerror=alert(1)>\n```",
    "$$<script>alert(1)</script>$$", "\\begin{a}<img src=x onerror=alert(1)>\\end{a}", "# <b onclick=alert(1)>x</b>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<details open ontoggle=alert(1)>x</details>",
    "`<script>`</p><script>alert(1)</script>", "<!--><script>alert(1)</script>-->", "[d](data:text/html,<script>1</script>)",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "![](attachment:none.png)", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "| a | b |\n| --- | --- |\n| <img src=x onerror=alert(1)> | 2 |", "<sc<script>ript>alert(1)</sc</script>ript>",
]  # fmt: skip
LIVE = """
from IPython.display import *
from ipykernel.comm import Comm
def add(a, b):
    "<script>alert(1)</script>"
    raise ValueError("<script>alert(1)</script><img src=x onerror=alert(1)>")
def mean(values):
    return "<script>alert(1)</script>"
markup = MARKUP
for text in markup:
    display(HTML(text), Markdown(text), SVG("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"))
    display(Latex(text), Javascript("alert(1)"), IFrame("https://evil.example", 9, 9), JSON({"a": text}))
    display({"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/html": text, "image/png": text,
             "image/jpeg": "x' onerror='alert(1)", "text/plain": text, "evil/mime": text}, raw=True,
            metadata={"text/html": {"isolated": True}, "image/png": {"width": '1" onload="alert(1)'}, "filenames": {"image/png": "x"}})
    print(text, "\\x1b[31m" + text + "\\x1b]8;;javascript:alert(1)\\x07")
Comm(target_name="evil", data={"x": 1})
raise ValueError(markup[0] + markup[1])
"""
DEAD = {"href", "src", "action", "formaction", "data", "srcdoc", "style", "background", "poster", "xlink:href"}


class Page(html.parser.HTMLParser):
    """Tags and attributes of a page, as a parser finds them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.live: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            squeezed = re.sub(r"[\s\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or re.match(r"(javascript|vbscript|data:text|data:image/svg)", squeezed):
                self.live.append(f"<{tag} {name}={value}>")
            if "evil.example" in squeezed:
                self.live.append(f"<{tag} {name}={value}>")
            if name == "style" and re.search(r"position|url\(", squeezed):
                self.live.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        self.words += data


LIVE_TAGS = (
    "script", "style", "iframe", "form", "input", "object", "embed", "svg", "math", "meta", "base", "link", "button",
    "textarea", "noscript", "video", "audio",
)  # fmt: skip


def hand_in_markup(submit: Submit, edit: Callable[[NotebookNode], Any] | None = None) -> bytes:
    def write(notebook: NotebookNode) -> None:
        for text in MARKUP:
            for make in (nbformat.v4.new_markdown_cell, nbformat.v4.new_raw_cell):
                notebook.cells.insert(1, make(text, metadata={"raw_mimetype": "text/html"}))
        notebook.cells.append(nbformat.v4.new_markdown_cell("\n\n".join(MARKUP)))
        notebook.cells.append(nbformat.v4.new_markdown_cell("![x](attachment:x.svg)", attachments={"x.svg": {
            "image/svg+xml": "PHN2Zz48c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+PC9zdmc+"}}))  # fmt: skip
        for cell in notebook.cells:
            cell.metadata["tags"] = ['"><script>alert(1)</script>']

    live = LIVE.replace("MARKUP", repr(MARKUP))
    return submit({"why": "\n\n".join(MARKUP)}, after={"add-answer": live, "mean-answer": live}, edit=write)


def formgrader_page(course: Path, student: str) -> str:
    """The notebook as formgrader shows it to a TA: nbgrader's own exporter, template and resources."""
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    config.merge(Course(course).config)
    resources = {"assignment_id": "tiny", "notebook_id": "tiny", "submission_id": "0", "index": 0, "total": 1}
    names = {"base_url": "", "student": student, "last_name": "", "first_name": "", "notebook_path": "x"}
    notebook = course / "autograded" / student / "tiny" / "tiny.ipynb"
    page, _ = HTMLExporter(config=config).from_filename(str(notebook), resources={**resources, **names})
    return page  # type: ignore[no-any-return]


@pytest.mark.filterwarnings("ignore")
def test_nothing_of_a_student_is_live_on_a_page(
    submit: Submit, course: Path, grade_class: Callable[..., dict[str, Any]]
) -> None:
    """Attacked: the browsers of TAs (formgrader) and of students (feedback), by markdown, outputs, errors, metadata."""
    results = grade_class(honest=submit({"why": "It **moves**, *far*, with $x < y$."}), marker=hand_in_markup(submit))
    assert not [r.trouble for r in results.values() if r.trouble]
    opened = Course(course)
    for student in ("honest", "marker"):
        opened.write_feedback("tiny", student)
    pages = {
        "feedback": lambda s: (course / "feedback" / s / "tiny" / "tiny.html").read_text(),
        "formgrader": lambda s: formgrader_page(course, s),
    }
    for name, page in pages.items():
        honest, marker = Page(page("honest")), Page(page("marker"))
        assert marker.live == honest.live, name
        own = {tag: honest.tags.count(tag) for tag in LIVE_TAGS}
        assert {tag: marker.tags.count(tag) for tag in LIVE_TAGS} == own, name
        assert "alert(1)" in marker.words, "it is there to be read"
        # what is ours, and what is harmless, stays as it was meant
        assert "3 of 3 points" in honest.words
        assert "raised ValueError: <script>alert(1)</script>" in marker.words
        assert {"strong", "p", "div"} <= set(honest.tags)
        assert "<strong>moves</strong>" in page("honest")
        assert "border-left" in page("honest")


def test_feedback_tells_no_secret(
    submit: Submit, course: Path, tiny: Assignment, grade_class: Callable[..., dict[str, Any]]
) -> None:
    """Attacked: thresholds, expected values and hidden tests, through errors, rationales, tracebacks and outputs."""
    nosy = """
import sys, traceback, inspect
def add(a, b):
    print("GOT", np.asarray(a).shape, inspect.stack()[1:])
    traceback.print_stack(file=sys.stdout)
    raise ValueError(f"{inspect.currentframe().f_back.f_locals}")
"""
    mean = "def mean(values):\n    return float(np.median(values)) + 0.25"
    train = (
        "def train(seed):\n    import keras\n    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])"
    )
    notebook = submit({"add-answer": nosy, "mean-answer": mean, "model-answer": train}, model=True)
    bundle = grade_class(nosy=notebook)["nosy"].bundle
    assert not bundle.verdict.needs_human
    assert bundle.verdict.of_cell("model")[0].outcome is Outcome.FAILED
    Course(course).write_feedback("tiny", "nosy")
    hidden = np.random.default_rng(3).normal(size=37)
    secrets = ["0.913", f"{hidden.mean():.6g}", f"{hidden.mean():.3g}", "check.close", "check.meets", "student.call"]
    secrets += ["hidden(", str(tiny.graders_dir), str(course), "test_tiny.py", "thresholds.toml"]
    pages = [p for p in (course / "feedback" / "nosy").rglob("*") if p.is_file()]
    texts = [p.read_bytes().decode("utf-8", "replace") for p in pages] + [
        bundle.verdict.model_dump_json(exclude={"versions"})
    ]
    for cell in nbformat.reads(bundle.notebook, as_version=4).cells:
        texts.append(json.dumps(cell.get("outputs", [])))
    assert [secret for secret in secrets for text in texts if secret in text] == []
