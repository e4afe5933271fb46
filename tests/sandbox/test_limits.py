"""The sandbox, tried from inside: its own files, and what it may use of the machine."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sandboxes import SMALL, Inside

from goodfit.sandbox.fork.client import ForkServer
from goodfit.sandbox.launch import Tier
from goodfit.sandbox.limits import MIB, Limits
from goodfit.sandbox.memory import MemoryWatch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sandboxes are made of Linux namespaces")


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
    assert total <= SMALL.disk_bytes


def test_the_number_of_files_is_bounded(tier: Tier, inside: Callable[..., Inside]) -> None:
    """In all places together, links and folders too: each takes memory of Linux that no other limit counts."""
    code = """
import os
made, errors = 0, []
for folder in (".", "/tmp", "/dev/shm", "/var/tmp"):
    try:
        while made < 2000:
            open(f"{folder}/f{made}", "w").close()
            os.symlink("x", f"{folder}/l{made}")
            os.mkdir(f"{folder}/d{made}")
            made += 3
    except OSError as error: errors.append(error.errno)
result = [made, errors]
"""
    with inside(tier, code, SMALL.model_copy(update={"disk_files": 600})) as box:
        made, errors = box.result()
    assert 500 < made <= 600
    assert errors == [28] * 4


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
