"""The sandbox, tried from inside: what it proves of itself, and what is out of reach."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sandboxes import SMALL, Inside

from goodfit.sandbox import proof, tiers, view
from goodfit.sandbox.fork.client import ForkServer
from goodfit.sandbox.launch import Tier
from goodfit.sandbox.request import Request

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sandboxes are made of Linux namespaces")


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


def test_a_machine_that_deals_out_cores_by_process_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There, many processes have many shares."""
    for text, told in (("1\n", 0), ("0\n", 1)):
        (tmp_path / "autogroups").write_text(text)
        monkeypatch.setattr(tiers, "AUTOGROUPS", str(tmp_path / "autogroups"))
        lacks = tiers._missing(("landlock", "seccomp", "no further namespaces"))
        assert sum("sched_autogroup_enabled" in lack for lack in lacks) == told


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


def test_only_what_would_be_seen_is_named_to_a_sandbox(tmp_path: Path) -> None:
    """A sandbox remembers what it was asked to be, so folders that do not exist inside are not named to it."""
    apart, within = tmp_path / "graders", Path(json.__file__).parent / "graders"
    link = tmp_path / "link"
    link.symlink_to(Path(json.__file__).parent)
    assert view.in_sight([apart, within, link]) == [str(within), str(link)]


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


def test_the_servers_environment_stays_closed(tier: Tier, inside: Callable[..., Inside]) -> None:
    """A fork's /proc/self/environ is that of the fork server: Linux does not open it on request."""
    code = """
import ctypes
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
try: result = open("/proc/self/environ").read()
except OSError as error: result = type(error).__name__
"""
    with inside(tier, code) as box:
        if "seccomp" not in box.process.layers:
            pytest.skip("no filter of system calls here")
        assert box.result() == "PermissionError"
