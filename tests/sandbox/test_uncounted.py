"""The sandbox, tried from inside: what Linux counts for no process, or for all of a user's together."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sandboxes import SMALL, Inside

from goodfit.sandbox import usage
from goodfit.sandbox.launch import Tier
from goodfit.sandbox.limits import MIB
from goodfit.sandbox.memory import RECORD_LOCKS, SOCKET_NAMES, MemoryWatch
from goodfit.sandbox.view import TERMINALS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sandboxes are made of Linux namespaces")

TRIES = """
import array, ctypes, errno, fcntl, mmap, os, resource, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
result = {}
def tried(name, call):
    ctypes.set_errno(0)
    try: answer = call()
    except OSError as error: result[name] = errno.errorcode[error.errno]
    else: result[name] = errno.errorcode.get(ctypes.get_errno(), "?") if answer == -1 else "worked"
def pass_on():
    a, b = socket.socketpair()
    a.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0]))])
def zeros(*flags):
    with open("/dev/zero", "r+b") as file:
        return mmap.mmap(file.fileno(), 4096, *flags) and None
one = ctypes.byref(ctypes.c_ulong(0))
tried("descriptors in flight", pass_on)
tried("semaphores", lambda: libc.semget(0, 32000, 0o600))
tried("queues", lambda: libc.msgget(0, 0o600))
tried("segments", lambda: libc.shmget(0, 4096, 0o600))
tried("queues with names", lambda: libc.mq_open(b"/queue", os.O_CREAT | os.O_RDWR, 0o600, None))
tried("asynchronous I/O", lambda: libc.syscall({"x86_64": 206}.get(os.uname().machine, 0), 64000, one))
tried("io_uring", lambda: libc.syscall(425, 8, ctypes.create_string_buffer(256)))
tried("watches of files", libc.inotify_init)
tried("files in memory", lambda: os.memfd_create("name"))
tried("keys", lambda: libc.syscall({"x86_64": 250}.get(os.uname().machine, 219), 1, b"name"))
tried("Landlock rules", lambda: libc.syscall(444, ctypes.create_string_buffer(64), 8, 0))
tried("filters of calls", lambda: libc.syscall({"x86_64": 317}.get(os.uname().machine, 277), 1, 0, None))
tried("shared memory", lambda: mmap.mmap(-1, 4096))
tried("mapped zeros", zeros)
tried("mapped zeros, read-only", lambda: zeros(mmap.MAP_SHARED, mmap.PROT_READ))
tried("huge pages", lambda: mmap.mmap(-1, 2 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40000))
tried("larger pipes", lambda: fcntl.fcntl(os.pipe()[1], 1031, 1 << 20))
with open("file", "w+b") as file:
    lock = bytes(array.array("h", [1, 0, 0, 0]).tobytes()) + bytes(24)
    tried("locks of nobody", lambda: fcntl.fcntl(file.fileno(), 37, lock))
    tried("locks", lambda: fcntl.lockf(file, fcntl.LOCK_EX) and None)
    tried("registers with a second half", lambda: libc.syscall({"x86_64": 72}.get(os.uname().machine, 25),
          os.pipe()[1], ctypes.c_ulong((1 << 32) | 1031), ctypes.c_ulong(1 << 20)))
tried("private memory", lambda: mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) and None)
left, right = socket.socketpair()
before = left.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
left.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20)
result["buffers"] = left.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) - before
result["zeros"] = open("/dev/zero", "rb").read(3) == bytes(3)
result["signals"] = resource.getrlimit(resource.RLIMIT_SIGPENDING)[1] <= 256
"""

ANSWERS = {
    "descriptors in flight": "EPERM",
    "semaphores": "ENOSYS",
    "queues": "ENOSYS",
    "segments": "ENOSYS",
    "queues with names": "ENOSYS",
    "asynchronous I/O": "ENOSYS",
    "io_uring": "EPERM",
    "watches of files": "ENOSYS",
    "files in memory": "ENOSYS",
    "keys": "EPERM",
    "Landlock rules": "ENOSYS",
    "filters of calls": "ENOSYS",
    "shared memory": "EPERM",
    "mapped zeros": "ENODEV",
    "mapped zeros, read-only": "ENODEV",
    "huge pages": "ENOMEM",
    "larger pipes": "EPERM",
    "locks of nobody": "EINVAL",
    "locks": "worked",
    "registers with a second half": "EPERM",
    "private memory": "worked",
    "buffers": 0,
    "zeros": True,
    "signals": True,
}


def test_what_no_limit_would_count_is_refused(tier: Tier, inside: Callable[..., Inside]) -> None:
    """And what notebooks need works: locks, private memory, /dev/zero."""
    with inside(tier, TRIES) as box:
        if "seccomp" not in box.process.layers:
            pytest.skip("no filter of system calls here")
        assert box.result() == ANSWERS


def test_one_sandbox_has_one_share_of_the_processor(tier: Tier, inside: Callable[..., Inside]) -> None:
    """A session of its own would be another autogroup. Programs that ask for one, and terminals, run all the same."""
    code = """
import os, pty, subprocess, sys
def session(): return int(open("/proc/self/stat").read().rsplit(")", 1)[1].split()[3])
show = "print(int(open('/proc/self/stat').read().rsplit(')', 1)[1].split()[3]))"
apart = subprocess.run([sys.executable, "-c", show], start_new_session=True, capture_output=True, check=True).stdout
pid, terminal = pty.fork()
if pid == 0: os.execv("/bin/sh", ["sh", "-c", "test -t 1 && echo on a terminal"])
before = os.getpriority(0, 0)
os.nice(2); os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
result = [int(apart) == session() != 0, os.getpriority(0, 0) - before, os.sched_getscheduler(0)]
result += [os.getpgid(0) == os.getpid(), os.read(terminal, 100).decode().strip()]
"""
    with inside(tier, code) as box:
        assert box.result() == [True, 0, os.SCHED_OTHER, True, "on a terminal"]


SPIN = """
import os
core, many = {min(os.sched_getaffinity(0))}, %d
os.sched_setaffinity(0, core)
for _ in range(many):
    if os.fork() == 0:
        os.setsid()
        while True: pass
result = many
"""


def test_many_processes_leave_a_neighbour_its_share(tier: Tier, inside: Callable[..., Inside]) -> None:
    """Thirty that spin, each of which asked for a session of its own, beside one: nearer to a half than to a 31st."""
    if Path("/proc/sys/kernel/sched_autogroup_enabled").read_text().strip() != "1":
        pytest.skip("this Linux shares its cores by process")
    with inside(tier, SPIN % 30) as crowd, inside(tier, SPIN % 1) as alone:
        if "seccomp" not in crowd.process.layers:
            pytest.skip("no filter of system calls here")
        assert (crowd.result(), alone.result()) == (30, 1)
        before = [_ran(box.process.pid) for box in (crowd, alone)]
        time.sleep(0.8)
        many, one = (_ran(box.process.pid) - ran for box, ran in zip((crowd, alone), before, strict=True))
    assert one > many / 5


def _ran(root: int) -> float:
    """Seconds of processor time of a sandbox's processes until now."""
    return sum(thread.ran for pid in usage.family(root) for thread in usage.processor(pid).values())


def test_terminals_are_few(tier: Tier, inside: Callable[..., Inside]) -> None:
    code = """
import os
result = 0
try:
    while result < 200: os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY); result += 1
except OSError: pass
"""
    with inside(tier, code) as box:
        assert box.result() == TERMINALS


HOARDS = {
    "too many sockets": "import socket; kept = [socket.socketpair() for _ in range(100)]",
    "too many open files": """
import os
kept = [os.dup(0) for _ in range(1000)]
for _ in range(8): os.fork() or time.sleep(9)""",
    "too many locks of files": f"""
import fcntl
kept = []
for n in range({RECORD_LOCKS // 1000 + 1}):
    kept.append(open(str(n), "w+b"))
    for place in range(0, 2000, 2): fcntl.lockf(kept[-1], fcntl.LOCK_EX, 1, place)
""",
    "too much memory": """
import ctypes, mmap
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
# its tables are all that it takes
place = libc.mmap(None, ctypes.c_size_t(1 << 37), mmap.PROT_READ, 0x4022, -1, ctypes.c_long(0))
kept = sum(ctypes.string_at(place + n, 1)[0] for n in range(0, 1 << 37, 1 << 21))
""",
}


TOOK = "with the processes that it started it took "


@pytest.mark.parametrize("reason", HOARDS)
def test_what_a_sandbox_hoards_is_counted(tier: Tier, inside: Callable[..., Inside], reason: str) -> None:
    limits = SMALL.model_copy(update={"sockets": 150, "total_open_files": 4096, "total_memory_bytes": 200 * MIB})
    code = f"import time\n{HOARDS[reason]}\ntime.sleep(60)"
    with inside(tier, code, limits) as box, MemoryWatch(box.process, limits, interval=0.05) as watch:
        assert box.process.wait(15) is not None
    assert (watch.exceeded, watch.reason) == (True, TOOK + reason)


def test_names_in_the_hosts_folder_are_counted(tier: Tier, inside: Callable[..., Inside], tmp_path: Path) -> None:
    """A kernel's sockets lie on the host's disk: there is room for those of a kernel, and not for a disk full."""
    folder = tmp_path / "k"
    folder.mkdir()
    code = f"""
import socket, time
for n in range({2 * SOCKET_NAMES}): socket.socket(socket.AF_UNIX).bind(f"/run/goodfit/sockets/{{n}}")
time.sleep(60)
"""
    with (
        inside(tier, code, run_dir=str(folder)) as box,
        MemoryWatch(box.process, SMALL, interval=0.05) as watch,
    ):
        assert box.process.wait(15) is not None
    assert watch.reason == TOOK + "too many names of sockets"


def test_a_kernel_that_stops_itself_is_ended(tier: Tier, inside: Callable[..., Inside]) -> None:
    """Nothing in it would ever tell that it is to be waited for no more."""
    code = "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"
    with inside(tier, code) as box, MemoryWatch(box.process, SMALL, interval=0.05) as watch:
        assert box.process.wait(15) is not None
    assert watch.reason == "it stopped itself"


def test_who_is_stopped_by_an_honest_kernel_may_be(tier: Tier, inside: Callable[..., Inside]) -> None:
    """A program that it started, with which it does as it likes."""
    code = """
import signal, subprocess, time
program = subprocess.Popen(["sleep", "60"])
program.send_signal(signal.SIGSTOP)
time.sleep(0.5)
program.kill()
result = program.wait()
"""
    with inside(tier, code) as box, MemoryWatch(box.process, SMALL, interval=0.02) as watch:
        assert box.result() == -9
    assert not watch.exceeded


def test_an_honest_sandbox_is_far_from_these_limits(tier: Tier, inside: Callable[..., Inside]) -> None:
    """Threads, processes, a queue between them, a temporary database: what notebooks do."""
    code = """
import multiprocessing, socket, sqlite3
kept = socket.socketpair()
with multiprocessing.get_context("fork").Pool(4) as pool: squares = pool.map(abs, range(-9, 0))
with sqlite3.connect("data.sqlite") as database: database.execute("create table t (x)")
result = squares[0]
"""
    with inside(tier, code) as box, MemoryWatch(box.process, SMALL, interval=0.02) as watch:
        assert box.result() == 9
        pids = usage.family(box.process.pid)
        assert 0 < max(map(usage.sockets, pids[1:])) < SMALL.sockets / 10
        assert sum(usage.memory(pid).open_files for pid in pids) < SMALL.total_open_files / 10
    assert not watch.exceeded


PARK = """
import array, json, resource, socket, sys
from goodfit.sandbox import request
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
left, right = socket.socketpair()
left.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0] * 200))])
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
ours, theirs = request.control_pair()
request.send(ours, {"says": "hello"}, (0,))
message, fds = request.receive(theirs)
print(json.dumps([message, len(fds)]))
"""


def test_descriptors_in_flight_elsewhere_do_not_stop_ours() -> None:
    """Linux counts those of all processes of a user together, against the limit of the one that sends."""
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] <= 200:
        pytest.skip("the hard limit leaves no room")
    run = subprocess.run(
        [sys.executable, "-c", PARK], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2]
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == [{"says": "hello"}, 1]


def test_usage_is_that_of_the_process() -> None:
    """Against what this process knows of itself."""
    pid = os.getpid()
    before = usage.sockets(pid)
    with socket.socket() as one, socket.socket() as two:
        assert usage.sockets(pid) >= before + 2, (one, two)
    assert usage.memory(pid).own > 5 * MIB
    assert sum(thread.ran for thread in usage.processor(pid).values()) > 0
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with child:
        assert child.pid in usage.family(pid)
    assert child.pid not in usage.family(pid)
