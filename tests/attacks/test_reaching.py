"""Attacked: neighbours, the next student, the gradebook, the network. Nothing outside the own verdict changes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from attack_tools import RIGHT, WRONG, Grade, Submit, assert_worthless, told
from nbgrader.api import Gradebook

from goodfit.grading.pool import Graders

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
