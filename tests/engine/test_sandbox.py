"""The sandbox, tried from inside: every test starts the real thing and attacks it. As root and as an ordinary user."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from goodfit.grading.kernels import KERNEL
from goodfit.sandbox import proof, tiers
from goodfit.sandbox.confine import INLINE
from goodfit.sandbox.errors import ConfinementFailed, ForkServerDied, SandboxError, SandboxUnavailable
from goodfit.sandbox.fork.client import ForkServer
from goodfit.sandbox.launch import Tier, spawn, spawn_job
from goodfit.sandbox.limits import MIB, Limits
from goodfit.sandbox.memory import MemoryWatch
from goodfit.sandbox.process import SandboxProcess
from goodfit.sandbox.provisioners import kernel_manager
from goodfit.sandbox.request import Request

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sandboxes are made of Linux namespaces")

TARGETS = str(Path(__file__).parents[1] / "support" / "sandbox_targets")
SMALL = Limits(disk_bytes=16 * MIB, file_bytes=8 * MIB, processes=48, cpu_seconds=20)
CONFINED = (Tier.FORK, Tier.BUBBLEWRAP)


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    libraries = [
        "numpy",
        "py_landlock",
        "pyseccomp",
        "goodfit.sandbox.tiers",
        "goodfit.inside.agent",
        "ipykernel.kernelapp",
        "ipykernel.ipkernel",
        "ipykernel.zmqshell",
        "ipykernel.debugger",
    ]
    with ForkServer.start(["sandbox_targets"], import_path=[TARGETS], libraries=libraries) as running:
        yield running


@pytest.fixture(params=CONFINED, ids=str)
def tier(request: pytest.FixtureRequest) -> Tier:
    return request.param  # type: ignore[no-any-return]


class Inside:
    """A sandbox that runs one piece of code and stays."""

    def __init__(self, process: SandboxProcess, sock: socket.socket) -> None:
        self.process, self.sock = process, sock

    def answer(self, seconds: float = 20) -> dict[str, Any]:
        self.sock.settimeout(seconds)
        data = b""
        while not data.strip(b" ").endswith(b"\n"):
            try:
                chunk = self.sock.recv(1 << 16)
            except ConnectionError:
                chunk = b""
            if not chunk:
                return {"dead": self.process.wait(5), "log": self.process.log_tail()}
            data += chunk
            if b"\n" in data:
                data = data[: data.index(b"\n") + 1]
        return json.loads(data)  # type: ignore[no-any-return]

    def result(self) -> Any:
        answer = self.answer()
        assert "result" in answer, answer
        return answer["result"]

    def __enter__(self) -> Inside:
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()
        self.process.close()


@pytest.fixture
def inside(server: ForkServer) -> Callable[..., Inside]:
    def start(tier: Tier, code: str, limits: Limits = SMALL, **options: Any) -> Inside:
        ours, theirs = socket.socketpair()
        with theirs:
            options.setdefault("import_path", (TARGETS,) if tier is Tier.BUBBLEWRAP else ())
            process = spawn_job(tier, "sandbox_targets:execute", theirs, limits, server=server, **options)
        ours.sendall(code.encode())
        ours.shutdown(socket.SHUT_WR)
        return Inside(process, ours)

    return start


# ---- the proof


def test_the_probe_finds_nothing_open(tier: Tier, server: ForkServer) -> None:
    report = tiers.try_tier(tier, server if tier is Tier.FORK else None)
    assert report.usable, report
    assert {"namespaces", "limits", "no capabilities"} <= set(report.layers)


def test_the_probe_finds_what_is_open(server: ForkServer, tmp_path: Path) -> None:
    """Run without walls, the same probe finds nearly everything: a proof that it can fail."""
    canary = tmp_path / "canary"
    canary.write_text("secret")
    ours, theirs = socket.socketpair()
    with theirs:
        wanted = Request(kind="job", target="goodfit.sandbox.tiers:answer_probe", confined=False)
        process = server.spawn(wanted, theirs)
    with process, ours:
        ours.sendall(json.dumps({"canary": str(canary), "outside": [str(tmp_path)]}).encode())
        data = b""
        while chunk := ours.recv(1 << 20):
            data += chunk
        wrong = " ".join(proof.verify(json.loads(data), SMALL, process))
    for sign in (
        "file of the grader's",
        f"can see {tmp_path}",
        "RLIMIT_NPROC",
        "RLIMIT_DATA",
        "processes",
        "work dir has room",
        "mounted writable",
    ):
        assert sign in wrong
    if os.geteuid() == 0:
        assert "runs as uid [0]" in wrong
        assert "Capabilities are left" in wrong


def test_walls_hold_without_landlock_and_seccomp(tmp_path: Path) -> None:
    """They are further layers: the namespaces alone keep everything out."""
    (tmp_path / "py_landlock.py").write_text("")
    (tmp_path / "pyseccomp.py").write_text("def ERRNO(number): raise RuntimeError('no libseccomp')\n")
    libraries = ["py_landlock", "pyseccomp", "goodfit.sandbox.tiers"]
    with ForkServer.start(import_path=[str(tmp_path)], libraries=libraries) as bare:
        report = tiers.try_tier(Tier.FORK, bare)
    assert report.usable, report
    assert not {"landlock", "seccomp"} & set(report.layers)
    assert len(report.missing) >= 2


# ---- what is out of reach


def test_nothing_outside_can_be_read(tier: Tier, inside: Callable[..., Inside], tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text("secret")
    os.chmod(tmp_path, 0o755)
    code = f"""
import os
found = []
for top in ("/tmp", "/root", "/home", "/work", "/opt", "/mnt", "/run", "/var", {str(tmp_path)!r}):
    for folder, folders, files in os.walk(top):
        folders[:] = [f for f in folders if f not in ("site-packages", "lib", "python3.11", "include", "share", "bin")]
        found += [os.path.join(folder, name) for name in files]
result = [os.path.exists({str(canary)!r}), found]
"""
    with inside(tier, code) as box:
        exists, found = box.result()
    assert not exists
    assert "secret" not in found
    assert not [path for path in found if "canary" in path or "/graders/ps" in path or "gradebook" in path]


def test_of_goodfit_itself_two_rooms_can_be_seen(tier: Tier, inside: Callable[..., Inside]) -> None:
    """Even where the virtual environment lies in the course folder, as `make` puts it."""
    home = Path(__file__).resolve().parents[2]
    code = f"""
import os
result = []
for folder, folders, files in os.walk({str(home)!r}):
    folders[:] = [name for name in folders if name not in (".venv", "venv")]
    result += [os.path.relpath(os.path.join(folder, name), {str(home)!r}) for name in files]
"""
    with inside(tier, code) as box:
        seen = box.result()
    rooms = ("goodfit/__init__.py", "goodfit/inside/", "goodfit/sandbox/", "tests/support/sandbox_targets/")
    allowed = (*rooms, "goodfit/__pycache__/")  # written in there, where the checkout lies in /tmp
    assert [name for name in seen if not name.startswith(allowed)] == []


def test_hidden_paths_are_covered_below_shown_ones(tier: Tier, inside: Callable[..., Inside], tmp_path: Path) -> None:
    for name in ("open", "closed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    (tmp_path / "key.txt").write_text("key")
    os.chmod(tmp_path, 0o755)
    code = f"""
import os
base = {str(tmp_path)!r}
result = [open(base + "/open/file").read(), os.listdir(base + "/closed"), open(base + "/key.txt").read()]
"""
    with inside(tier, code, ro=(str(tmp_path),), hidden=(str(tmp_path / "closed"), str(tmp_path / "key.txt"))) as box:
        assert box.result() == ["open", [], ""]


def test_no_network(tier: Tier, inside: Callable[..., Inside]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        code = f"""
import socket
result = []
for address in (("127.0.0.1", {listening.getsockname()[1]}), ("192.0.2.1", 80)):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            s = socket.socket(socket.AF_INET, kind); s.settimeout(1); s.connect(address); result.append(address)
        except OSError: pass
for family in (socket.AF_NETLINK, socket.AF_VSOCK, socket.AF_PACKET):
    try: socket.socket(family, socket.SOCK_RAW); result.append(int(family))
    except OSError: pass
"""
        with inside(tier, code) as box:
            assert box.result() == []


def test_nothing_outside_can_be_written(tier: Tier, inside: Callable[..., Inside], tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o777)
    code = f"""
import os, sys
result = []
places = ["/", "/usr", "/usr/bin", "/etc", "/dev", os.path.dirname(os.__file__), sys.prefix + "/lib"]
for folder in [*places, sys.base_prefix + "/lib", {str(tmp_path)!r}]:
    try:
        open(folder + "/mine", "w").close(); result.append(folder)
    except OSError: pass
open("/tmp/mine", "w").write("x"); open("mine", "w").write("x"); open("/dev/null", "w").write("x")
"""
    with inside(tier, code) as box:
        assert box.result() == []
    assert not (tmp_path / "mine").exists()
    assert not Path("/tmp/mine").exists()


def test_the_servers_memory_and_descriptors_hold_nothing(
    tier: Tier, inside: Callable[..., Inside], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller's environment (database passwords) does not get in, and no descriptor but the job's own is open."""
    monkeypatch.setenv("PGPASSWORD", "hunter2")
    code = """
import os
fds = {}
for n in os.listdir("/proc/self/fd"):
    try: fds[n] = os.readlink("/proc/self/fd/" + n)
    except OSError: pass
result = [fds, "PGPASSWORD" in os.environ, []]
for pid in filter(str.isdigit, os.listdir("/proc")):
    for name in ("environ", "mem", "maps"):
        try:
            with open(f"/proc/{pid}/{name}", "rb") as file:
                if b"hunter2" in file.read(100000): result[2].append(name)
        except (OSError, ValueError): pass
"""
    with inside(tier, code) as box:
        fds, in_environment, seen = box.result()
    job = [path for path in fds.values() if path.startswith("socket:")]
    rest = set(fds.values()) - set(job)
    assert len(job) == 1
    assert rest <= {"/dev/null", "/home/.log", "/dev/urandom"}
    assert not in_environment
    assert seen == []


# ---- its own files


def test_submission_is_copied_without_links(tier: Tier, inside: Callable[..., Inside], tmp_path: Path) -> None:
    staging = tmp_path / "staging"
    (staging / "data").mkdir(parents=True)
    (staging / "data" / "a.csv").write_text("1,2")
    (staging / "secret").symlink_to("/etc/passwd")
    os.mkfifo(staging / "pipe")
    os.chmod(tmp_path, 0o700)
    code = """
import os
open("data/a.csv", "a").write("changed")
result = [sorted(n for n in os.listdir(".") if not n.startswith(".")), os.getcwd(), open("data/a.csv").read()]
"""
    with inside(tier, code, staging=str(staging)) as box:
        assert box.result() == [["data"], "/home/student", "1,2changed"]
        assert sorted(box.process.left_out) == ["pipe", "secret"]
    assert (staging / "data" / "a.csv").read_text() == "1,2"


def test_writable_folder_is_the_hosts(tier: Tier, inside: Callable[..., Inside], tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "old").write_text("old")
    with inside(
        tier,
        "open('new', 'w').write('new'); open('old', 'a').write('+'); result = 1",
        rw=(str(shared),),
        cwd=str(shared),
    ) as box:
        assert box.result() == 1
    assert (shared / "new").read_text() == "new"
    assert (shared / "old").read_text() == "old+"


def test_sandboxes_do_not_see_each_other(tier: Tier, inside: Callable[..., Inside]) -> None:
    write = "import os\nfor p in ('mine', '/tmp/mine', '/dev/shm/mine'): open(p, 'w').close()\nresult = os.getuid()"
    look = (
        "import os; result = [os.getuid(), [p for p in ('mine', '/tmp/mine', '/dev/shm/mine') if os.path.exists(p)], "
        "len([n for n in os.listdir('/proc') if n.isdigit()])]"
    )
    with inside(tier, write) as first:
        uid = first.result()
        with inside(tier, look) as second:
            other, found, processes = second.result()
            assert found == []
            assert processes <= 3
            assert second.process.real_uids().isdisjoint({0})
    if os.geteuid() == 0:
        assert uid != other


def test_random_numbers_differ_and_hashes_agree(tier: Tier, inside: Callable[..., Inside]) -> None:
    code = "import random, numpy; result = [random.random(), float(numpy.random.random()), hash('text')]"
    with inside(tier, code) as first, inside(tier, code) as second:
        one, two = first.result(), second.result()
    assert one[0] != two[0]
    assert one[1] != two[1]
    assert one[2] == two[2]


# ---- limits


def test_memory_bomb_is_a_memory_error(tier: Tier, inside: Callable[..., Inside]) -> None:
    limits = Limits(memory_bytes=1024 * MIB, disk_bytes=16 * MIB)
    with inside(tier, "x = bytearray(2 << 30)", limits) as box:
        assert box.answer()["error"] == "MemoryError"


def test_memory_of_all_processes_together_is_watched(tier: Tier, inside: Callable[..., Inside]) -> None:
    code = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        x = bytearray(os.urandom(1 << 20)) * 64; time.sleep(30); os._exit(0)
time.sleep(30)
"""
    limits = SMALL.model_copy(update={"total_memory_bytes": 192 * MIB})
    with inside(tier, code, limits) as box, MemoryWatch(box.process, limits, interval=0.05) as watch:
        assert box.process.wait(15) is not None
    assert watch.exceeded
    assert watch.peak_bytes > 192 * MIB


def test_memory_watch_counts_shared_pages_once(server: ForkServer, inside: Callable[..., Inside]) -> None:
    code = "import os, time\nfor _ in range(6):\n    if os.fork() == 0: time.sleep(30); os._exit(0)\nresult = 1"
    limits = SMALL.model_copy(update={"total_memory_bytes": 300 * MIB})
    with inside(Tier.FORK, code, limits) as box, MemoryWatch(box.process, limits, interval=0.05) as watch:
        assert box.result() == 1
        time.sleep(0.2)
    assert not watch.exceeded
    assert watch.peak_bytes > 0


def test_disk_is_bounded(tier: Tier, inside: Callable[..., Inside]) -> None:
    code = """
import os
result, total = [], 0
for folder in (".", "/tmp", "/dev/shm", "/var/tmp"):
    try:
        for n in range(1000):
            with open(f"{folder}/f{n}", "wb") as file:
                while file.tell() < 4 << 20:
                    total += file.write(bytes(1 << 16)); file.flush()
    except OSError as error: result.append(error.errno)
result.append(total)
"""
    with inside(tier, code) as box:
        *errors, total = box.result()
    assert errors == [28] * 4
    assert total <= SMALL.disk_bytes * 1.5


def test_one_file_is_bounded(tier: Tier, inside: Callable[..., Inside]) -> None:
    code = """
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try: open("big", "wb").write(bytes(10 << 20))
except OSError as error: result = error.errno
import os; result = [result, os.path.getsize("big")]
"""
    with inside(tier, code) as box:
        assert box.result() == [27, SMALL.file_bytes]


def test_fork_bomb_is_bounded_and_stays_at_home(tier: Tier, inside: Callable[..., Inside]) -> None:
    bomb = """
import os, time
result = 0
try:
    while result < 500:
        if os.fork() == 0: time.sleep(60); os._exit(0)
        result += 1
except BlockingIOError: pass
"""
    with inside(tier, bomb) as first:
        made = first.result()
        assert 0 < made < SMALL.processes
        with inside(
            tier, "import os\npid = os.fork()\nif pid == 0: os._exit(3)\nresult = os.waitpid(pid, 0)[1] >> 8"
        ) as second:
            assert second.result() == 3


def test_endless_loop_ends_with_its_processor_time(tier: Tier, inside: Callable[..., Inside]) -> None:
    with inside(tier, "while True: pass", Limits(cpu_seconds=1, disk_bytes=16 * MIB)) as box:
        assert box.process.wait(15) in (-signal.SIGXCPU, -signal.SIGKILL)


# ---- life and death


def descendants(process: SandboxProcess) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def gone(processes: list[psutil.Process], seconds: float = 5) -> bool:
    return not psutil.wait_procs(processes, timeout=seconds)[1]


BACKGROUND = """
import subprocess, sys, os, time
subprocess.Popen(["/bin/sh", "-c", "sleep 300 & sleep 300"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: time.sleep(300)
    os._exit(0)
time.sleep(0.1)
result = os.getpid()
"""


def test_background_processes_die_with_it(tier: Tier, inside: Callable[..., Inside]) -> None:
    with inside(tier, BACKGROUND + "\nstay = False") as box:
        assert box.result() > 1
        seen = descendants(box.process)
        assert box.process.wait(10) == 0
        assert gone(seen)


def test_kill_ends_everything(tier: Tier, inside: Callable[..., Inside]) -> None:
    with inside(tier, BACKGROUND) as box:
        box.result()
        seen = descendants(box.process)
        assert len(seen) >= 4
        box.process.kill()
        assert box.process.wait(5) == -signal.SIGKILL
        assert gone(seen)


def test_it_dies_with_its_owner(tier: Tier, inside: Callable[..., Inside]) -> None:
    """A worker that is killed leaves no sandbox behind: the control connection is its lease."""
    with inside(tier, BACKGROUND) as box:
        box.result()
        seen = descendants(box.process)
        box.process._control.shutdown(socket.SHUT_RDWR)
        assert gone(seen)


def test_exit_codes_and_last_words(tier: Tier, inside: Callable[..., Inside]) -> None:
    with inside(tier, "import os; os.write(2, b'last words\\x1b[2J'); os._exit(42)") as box:
        assert box.process.wait(10) == 42
        assert "last words" in box.process.log_tail()
        assert "\x1b" not in box.process.log_tail()
    with inside(tier, "import os; os.kill(os.getpid(), 11)") as box:
        assert box.process.wait(10) == -11


def test_server_survives_its_children(server: ForkServer, inside: Callable[..., Inside]) -> None:
    for code in ("import os; os.abort()", "import os; os.kill(1, 9)", "raise SystemExit(9)"):
        with inside(Tier.FORK, code) as box:
            box.process.wait(0.5)
    with inside(Tier.FORK, "result = 7") as box:
        assert box.result() == 7
    assert server.alive()
    assert server.pid is not None
    assert psutil.Process(server.pid).num_threads() == 1


def test_sandboxes_die_with_the_server() -> None:
    with ForkServer.start(["sandbox_targets"], import_path=[TARGETS], libraries=[]) as own:
        ours, theirs = socket.socketpair()
        with theirs:
            process = spawn_job(Tier.FORK, "sandbox_targets:execute", theirs, SMALL, server=own)
        ours.sendall(BACKGROUND.encode())
        ours.shutdown(socket.SHUT_WR)
        box = Inside(process, ours)
        box.result()
        seen = descendants(process)
        assert own.pid is not None
        os.kill(own.pid, signal.SIGKILL)
        assert gone(seen)
        assert process.wait(5) == -signal.SIGKILL
        with pytest.raises(ForkServerDied, match="does not answer"):
            spawn(Tier.FORK, Request(kind="job", target="sandbox_targets:execute"), ours, server=own)
        box.__exit__()


def test_trusted_job_keeps_its_rights(server: ForkServer, tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    wanted = Request(kind="job", target="sandbox_targets:execute", confined=False, cwd=str(tmp_path), env={"A": "b"})
    with theirs:
        process = server.spawn(wanted, theirs)
    ours.sendall(
        b"# without walls\nimport os; result = [os.getuid(), os.getcwd(), os.environ['A'], 'PGPASSWORD' in os.environ]"
    )
    ours.shutdown(socket.SHUT_WR)
    with Inside(process, ours) as box:
        assert box.result() == [os.getuid(), str(tmp_path), "b", False]


def test_trusted_job_knows_its_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Home, name and folder for temporary files, where the sockets of kernels are made; not in a sandbox."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("USER", "grader")
    names = "('HOME', 'USER', 'TMPDIR', 'MPLBACKEND')"
    code = f"import os, tempfile; result = [*map(os.environ.get, {names}), tempfile.gettempdir()]".encode()
    found = []
    with ForkServer.start(["sandbox_targets"], import_path=[TARGETS], libraries=[]) as own:
        for confined in (False, True):
            ours, theirs = socket.socketpair()
            with theirs:
                process = own.spawn(Request(kind="job", target="sandbox_targets:execute", confined=confined), theirs)
            ours.sendall(b"# without walls\n" + code)
            ours.shutdown(socket.SHUT_WR)
            with Inside(process, ours) as box:
                found.append(box.result())
    assert found[0] == [os.environ.get("HOME"), "grader", str(tmp_path), "agg", str(tmp_path)]
    assert found[1] == ["/home/student", "student", "/tmp", INLINE, "/tmp"]


def test_a_broken_pipe_is_an_error_and_no_death(tier: Tier, inside: Callable[..., Inside]) -> None:
    """As in every Python: writing to what nobody reads raises BrokenPipeError."""
    code = """
import os
reader, writer = os.pipe()
os.close(reader)
try:
    os.write(writer, b"x")
except BrokenPipeError:
    result = "BrokenPipeError"
"""
    assert inside(tier, code).result() == "BrokenPipeError"


def test_the_host_is_not_named(tier: Tier, inside: Callable[..., Inside]) -> None:
    assert inside(tier, "import socket; result = socket.gethostname()").result() == "student"


# ---- errors are said in words


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"staging": "/nowhere/at/all"}, "nowhere"),
        ({"ro": ("/nowhere/at/all",)}, "does not exist"),
        ({"ro": ("relative",)}, "does not exist or is not an absolute path"),
        ({"cwd": "/nowhere"}, "nowhere"),
    ],
)
def test_failures_to_confine_are_reported(
    tier: Tier, inside: Callable[..., Inside], options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ConfinementFailed, match=words):
        inside(tier, "result = 1", **options)


def test_too_large_a_submission_is_reported(tier: Tier, inside: Callable[..., Inside], tmp_path: Path) -> None:
    for n in range(4):
        (tmp_path / str(n)).write_bytes(bytes(6 * MIB))
    with pytest.raises(ConfinementFailed, match="do not fit"):
        inside(tier, "result = 1", staging=str(tmp_path))


def test_unknown_tiers_and_targets() -> None:
    with pytest.raises(SandboxUnavailable, match="Choose fork"):
        tiers.choose("docker")
    with pytest.raises(ForkServerDied, match="importing"):
        ForkServer.start(["no_such_module"], libraries=[])
    with pytest.raises(ValueError, match="extra"):
        Limits(memory=1)  # type: ignore[call-arg]
    assert issubclass(ConfinementFailed, SandboxError)


def test_a_preload_that_starts_a_thread_is_refused(tmp_path: Path) -> None:
    (tmp_path / "threaded.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    )
    with pytest.raises(ForkServerDied, match="thread"):
        ForkServer.start(["threaded"], import_path=[str(tmp_path)], libraries=[])


# ---- as a Jupyter kernel


Talk = Callable[[str], Awaitable[tuple[str, str]]]


async def with_kernel(
    tier: Tier,
    server: ForkServer,
    body: Callable[[Any, Any, Talk], Awaitable[None]],
    start: dict[str, Any] | None = None,
    **settings: Any,
) -> None:
    manager = kernel_manager(tier, KERNEL, SMALL, server=server, **settings)
    await manager.start_kernel(**(start or {}))
    client = manager.client()
    client.start_channels()

    async def talk(code: str) -> tuple[str, str]:
        text: list[str] = []

        def collect(message: dict[str, Any]) -> None:
            if message["msg_type"] == "stream":
                text.append(message["content"]["text"])

        reply = await client.execute_interactive(code, timeout=20, output_hook=collect)
        return reply["content"]["status"], "".join(text)

    try:
        await client.wait_for_ready(timeout=30)
        await body(manager, client, talk)
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


def test_kernel_runs_restarts_and_goes(tier: Tier, server: ForkServer, tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("data")
    folders: list[str] = []

    async def body(manager: Any, client: Any, talk: Talk) -> None:
        folders.append(os.path.dirname(manager.connection_file))
        assert await talk("x = 1; print(open('data.txt').read(), __import__('os').getcwd())") == (
            "ok",
            "data /home/student\n",
        )
        assert (await talk("!echo from a shell"))[1].strip() == "from a shell"
        assert (await talk("1/0"))[0] == "error"
        first = manager.provisioner.sandbox
        await manager.restart_kernel(now=True)
        await client.wait_for_ready(timeout=30)
        assert first.returncode is not None
        assert (await talk("print(x)"))[0] == "error"

    asyncio.run(with_kernel(tier, server, body, staging=str(tmp_path)))
    assert not os.path.exists(folders[0])


def test_kernel_is_interrupted_by_message(tier: Tier, server: ForkServer) -> None:
    async def body(manager: Any, client: Any, talk: Talk) -> None:
        running = asyncio.ensure_future(talk("import time\nwhile True: time.sleep(0.01)"))
        await asyncio.sleep(0.3)
        await manager.interrupt_kernel()
        assert (await running)[0] == "error"
        assert await talk("print('alive')") == ("ok", "alive\n")

    asyncio.run(with_kernel(tier, server, body))


def test_dead_kernel_is_noticed_and_cleaned(tier: Tier, server: ForkServer) -> None:
    async def body(manager: Any, client: Any, talk: Talk) -> None:
        client.execute("import os; os._exit(5)")
        for _ in range(500):
            if not await manager.is_alive():
                break
            await asyncio.sleep(0.01)
        assert not await manager.is_alive()
        assert manager.provisioner.sandbox.returncode == 5

    asyncio.run(with_kernel(tier, server, body))


def test_kernel_cannot_fill_its_socket_folder(server: ForkServer) -> None:
    """The one folder of the host that a kernel writes to takes sockets only (by Landlock)."""

    async def body(manager: Any, client: Any, talk: Talk) -> None:
        if "landlock" not in manager.provisioner.sandbox.layers:
            pytest.skip("this kernel has no Landlock")
        status, text = await talk(
            "try: open('/run/goodfit/sockets/file', 'w')\nexcept PermissionError: print('refused')"
        )
        assert (status, text) == ("ok", "refused\n")

    asyncio.run(with_kernel(Tier.FORK, server, body))


def test_kernel_in_nbgraders_folder_gives_it_back(tier: Tier, server: ForkServer, tmp_path: Path) -> None:
    folder = tmp_path / "autograded"
    folder.mkdir()
    (folder / "given.txt").write_text("given")

    async def body(manager: Any, client: Any, talk: Talk) -> None:
        assert (await talk("open('made.txt', 'w').write(open('given.txt').read())"))[0] == "ok"

    asyncio.run(with_kernel(tier, server, body, start={"cwd": str(folder)}, share_cwd=True))
    assert (folder / "made.txt").read_text() == "given"
    assert {path.stat().st_uid for path in (folder, folder / "made.txt", folder / "given.txt")} == {os.geteuid()}
