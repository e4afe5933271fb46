"""A cgroup of a sandbox's own: what Linux counts there, and where one is made."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sandboxes import SMALL, Inside

from goodfit.sandbox import cgroup, usage
from goodfit.sandbox.cgroup import Group, parents
from goodfit.sandbox.launch import Tier
from goodfit.sandbox.limits import MIB

made = pytest.mark.skipif(not parents(), reason="only root makes cgroups, where /sys/fs/cgroup can be written")
INSIDE = f"""
import os, time
while open("/proc/self/cgroup").read().count("goodfit-") < {len(parents())}: time.sleep(0.01)
"""  # foreign code runs in a cgroup from its first line on; here it has begun before
HOLD = """
import ctypes, os, time
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
ready, tell = os.pipe()
for _ in range(6):
    if os.fork() == 0:
        for n in range(60_000):  # neighbours that are alike would become one
            libc.mmap(None, ctypes.c_size_t(4096), n % 2, 0x22, -1, ctypes.c_long(0))
        os.write(tell, b"x")
        time.sleep(60)
os.close(tell)
result = sum(len(os.read(ready, 1)) for _ in range(6))
"""


@made
def test_where_root_grades_there_is_one(tier: Tier, inside: Callable[..., Inside]) -> None:
    with inside(tier, "import time; time.sleep(60)") as box, Group(box.process, SMALL) as group:
        places = [next(folder.glob(f"*-{box.process.pid}")) for folder in parents()]
        for place in places:
            assert set(usage.family(box.process.pid)) == set(map(int, (place / "cgroup.procs").read_text().split()))
        box.process.kill()
        box.process.wait(5)
    assert set(group.controllers) == {name for names in parents().values() for name in names}
    assert not any(place.exists() for place in places)


@made
@pytest.mark.parametrize("counted", [True, False])
def test_what_linux_keeps_for_a_sandbox_is_counted(tier: Tier, inside: Callable[..., Inside], counted: bool) -> None:
    """Mappings that hold no page: no look at processes sees what they take, some 200 bytes each."""
    limits = SMALL.model_copy(update={"total_memory_bytes": 32 * MIB, "disk_bytes": 16 * MIB})
    code = INSIDE + HOLD if counted else HOLD
    with inside(tier, code, limits) as box, Group(box.process, limits) if counted else contextlib.nullcontext():
        ended_by_linux = box.answer().get("result") != 6
        box.process.kill()
        box.process.wait(5)
    assert ended_by_linux is counted


@made
def test_processes_are_counted(tier: Tier, inside: Callable[..., Inside]) -> None:
    """By Linux, and not by the user alone who has them."""
    code = f"""{INSIDE}
started = 0
try:
    for _ in range(60):
        if os.fork() == 0: time.sleep(60); os._exit(0)
        started += 1
except OSError as error:
    result = [started, error.errno]
"""
    few = SMALL.model_copy(update={"processes": 10})
    with inside(tier, code) as box, Group(box.process, few):
        started, number = box.result()
        box.process.kill()
        box.process.wait(5)
    assert 0 < started <= few.processes + cgroup.OWN_PROCESSES
    assert number == 11  # EAGAIN


@made
def test_what_a_killed_grader_left_is_removed_by_the_next(inside: Callable[..., Inside]) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = [folder / f"goodfit-{gone.pid}-1" for folder in parents()]
    for place in left:
        place.mkdir()
    with inside(Tier.FORK, "result = 1") as box, Group(box.process, SMALL):
        assert box.result() == 1
        box.process.kill()
        box.process.wait(5)
    assert not any(place.exists() for place in left)


def tree(top: Path, ours: str, files: dict[str, str]) -> None:
    """A cgroup file system: what a process is in, and files by path."""
    (top / "ours").write_text(ours)
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(cgroup, "MOUNTED", tmp_path)
    monkeypatch.setattr(cgroup, "OURS", tmp_path / "ours")
    return tmp_path


SCOPE = "user.slice/session-1.scope"
TWO = {"cgroup.controllers": "cpu io memory pids", "user.slice/cgroup.subtree_control": "memory pids"}
"""Version 2, as systemd has it: of a user's scopes memory and processes are counted."""


def test_version_1_is_made_inside_ours(mounted: Path) -> None:
    """So that what limits us limits it."""
    ours = "4:memory:/service/ours\n3:cpu,cpuacct:/\n2:freezer:/\n0::/\n"
    tree(mounted, ours, {"memory/service/ours/cgroup.procs": "", "cpu/cgroup.procs": ""})
    assert parents() == {mounted / "memory/service/ours": ["memory"], mounted / "cpu": ["cpu"]}


def test_version_2_is_made_beside_ours(mounted: Path) -> None:
    (mounted / SCOPE).mkdir(parents=True)
    tree(mounted, f"0::/{SCOPE}\n", TWO)
    assert parents() == {mounted / "user.slice": ["memory", "pids"]}
    for limit in ("memory.max", "pids.max", "memory.high"):
        (mounted / SCOPE / limit).write_text("max\n")
    (mounted / SCOPE / "cpu.max").write_text("max 100000\n")
    assert parents() == {mounted / "user.slice": ["memory", "pids"]}


@pytest.mark.parametrize(("limit", "text"), [("memory.max", "1000000"), ("cpu.max", "50000 100000"), ("pids.max", "9")])
def test_nothing_is_made_past_a_limit_of_ours(mounted: Path, limit: str, text: str) -> None:
    (mounted / SCOPE).mkdir(parents=True)
    tree(mounted, f"0::/{SCOPE}\n", TWO)
    (mounted / SCOPE / limit).write_text(text + "\n")
    assert parents() == {}


@pytest.mark.parametrize(
    ("ours", "files"),
    [
        ("0::/../elsewhere\n", TWO),
        ("0::/\n", {"cgroup.controllers": "memory", "cgroup.subtree_control": ""}),
        ("4:memory:/not/shown\n", {}),
        ("", {}),
    ],
    ids=["out of sight", "a container's own", "not mounted", "none"],
)
def test_where_there_is_no_place_none_is_made(mounted: Path, ours: str, files: dict[str, str]) -> None:
    tree(mounted, ours, files)
    assert parents() == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="of an ordinary user")
def test_an_ordinary_user_makes_none() -> None:
    """And grades without."""
    assert parents() == {}
