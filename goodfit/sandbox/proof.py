"""Evidence that a process is confined: collected inside by trying to get out, judged outside.

`probe` runs in the kernel before any of the student's code, so its answers are honest; it uses the standard library
only. `verify` turns them into sentences about what does not hold; no sentence means proven.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import socket
from collections.abc import Callable
from typing import Any

MISSING = -1
"""Stands for a number that could not be read."""


def probe(canary: str = "", outside: tuple[str, ...] | list[str] = ()) -> dict[str, Any]:
    """Look around and try the walls.

    Args:
        canary: a file that exists outside of the sandbox and must not be readable here.
        outside: further paths that must not be here, or be empty (the gradebook, the graders, other submissions).
    """
    status = _status()
    return {
        "uid": list(os.getresuid()),
        "gid": list(os.getresgid()),
        "groups": os.getgroups(),
        "uid_map": [[int(n) for n in line.split()] for line in _lines("/proc/self/uid_map")],
        "capabilities": {
            name: int(status.get(name, "1"), 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
        },
        "no_new_privs": int(status.get("NoNewPrivs", "0")),
        "seccomp": int(status.get("Seccomp", "0")),
        "threads": int(status.get("Threads", "0")),
        "processes": sum(name.isdigit() for name in os.listdir("/proc")),
        "interfaces": sorted(line.split(":")[0].strip() for line in _lines("/proc/self/net/dev") if ":" in line),
        "network": {
            "inet": _internet(socket.AF_INET, ("192.0.2.1", 9)),
            "inet6": _internet(socket.AF_INET6, ("2001:db8::1", 9)),
        },
        "written": [path for path in _places() if _can_write(path)],
        "canary": _readable(canary) if canary else False,
        "visible": [path for path in outside if _shows(path)],
        "mounts": [[fields[4], fields[5].split(",")[0]] for fields in map(str.split, _lines("/proc/self/mountinfo"))],
        "limits": {
            name: resource.getrlimit(getattr(resource, name))[1]
            for name in ("RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_CPU", "RLIMIT_CORE")
        },
        "disk_bytes": _disk(os.environ.get("HOME", "/")),
        "home": os.environ.get("HOME", ""),
        "cwd": os.getcwd(),
        "escapes": _escaped(_escapes()),
        "environment": sorted(os.environ),
    }


def verify(report: dict[str, Any], limits: Any, process: Any, *, need_seccomp: bool = False) -> list[str]:
    """What is not confined, in sentences; an empty list means proven.

    Args:
        report: what `probe` returned.
        limits: the `Limits` asked for.
        process: the `SandboxProcess`, still running; the uids of its processes are looked up from outside, because
            inside a user namespace they are names that could stand for anything.
        need_seccomp: whether a missing system-call filter is a fault.
    """
    wrong = []
    uids, real = set(report["uid"]), process.real_uids()
    expected_uid = process.uid if process.uid is not None else os.geteuid()
    if uids != {expected_uid} or expected_uid == 0:
        wrong.append(f"It runs as uid {sorted(uids)} instead of {expected_uid}.")
    if real != {expected_uid}:
        wrong.append(f"Seen from outside its processes run as {sorted(real) or 'nobody'} instead of {expected_uid}.")
    if set(report["groups"]) - {report["gid"][0]} and process.uid is not None:
        wrong.append(f"It belongs to further groups: {report['groups']}.")
    if any(report["capabilities"].values()):
        wrong.append(
            "Capabilities are left: "
            + ", ".join(f"{name} {value:x}" for name, value in report["capabilities"].items() if value)
            + "."
        )
    if report["no_new_privs"] != 1:
        wrong.append("Programs it starts may gain rights (no_new_privs is off).")
    if need_seccomp and report["seccomp"] != 2:
        wrong.append("No system-call filter is in force.")
    if report["processes"] > 8:
        wrong.append(f"It sees {report['processes']} processes: not a pid namespace of its own.")
    if set(report["interfaces"]) - {"lo"}:
        wrong.append(f"It has network interfaces: {', '.join(report['interfaces'])}.")
    wrong += [
        f"It could reach the network ({family}: {answer})."
        for family, answer in report["network"].items()
        if answer == "reached"
    ]
    allowed = {report["home"], *OWN_PLACES, *process.writable}
    mounts = [place for place, _ in report["mounts"]]
    for path in report["written"]:
        if max((place for place in mounts if _below(path, place)), key=len, default="/") not in allowed:
            wrong.append(f"It could write to {path}.")
    if report["canary"]:
        wrong.append("It could read a file of the grader's.")
    wrong += [f"It can see {path}." for path in report["visible"]]
    wrong += [
        f"{place} is mounted writable." for place, mode in report["mounts"] if mode == "rw" and place not in allowed
    ]
    expected = {
        "RLIMIT_DATA": limits.memory_bytes,
        "RLIMIT_FSIZE": limits.file_bytes,
        "RLIMIT_NOFILE": limits.open_files,
        "RLIMIT_NPROC": limits.processes,
        "RLIMIT_CPU": limits.cpu_seconds + 5,
        "RLIMIT_CORE": 1,
    }
    for name, most in expected.items():
        value = report["limits"][name]
        if value == resource.RLIM_INFINITY or value > most:
            wrong.append(f"{name} is {value} instead of at most {most}.")
    if not 0 < report["disk_bytes"] <= limits.disk_bytes + (1 << 20):
        wrong.append(f"Its work dir has room for {report['disk_bytes']} bytes instead of {limits.disk_bytes}.")
    wrong += [f"It could call {name}." for name in report["escapes"]]
    return wrong


OWN_PLACES = (
    "/home",
    "/tmp",
    "/var/tmp",
    "/proc",
    "/run/goodfit/sockets",
    "/dev/shm",
    "/dev/pts",
    "/dev/mqueue",
    "/dev/console",
    "/dev/tty",
    *(f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom")),
)
"""Mounts that may be writable: the sandbox's own."""


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return []


def _status() -> dict[str, str]:
    return {name: value.strip() for name, _, value in (line.partition(":") for line in _lines("/proc/self/status"))}


def _internet(family: int, address: tuple[str, int]) -> str:
    """How an attempt to reach a documentation address ends. UDP: no packet has to arrive for a route to be proven."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe_socket:
            probe_socket.settimeout(1)
            probe_socket.connect(address)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    return "reached"


def _places() -> list[str]:
    import sys

    return list(
        dict.fromkeys(
            [
                "/",
                "/usr",
                "/etc",
                "/root",
                "/run",
                "/var",
                "/opt",
                "/mnt",
                "/sys",
                "/home",
                sys.prefix,
                sys.base_prefix,
                os.path.join(sys.prefix, "lib"),
                os.path.dirname(os.__file__),
                os.path.dirname(__file__),
            ]
        )
    )


def _shows(path: str) -> bool:
    """Whether there is something to see: a folder that was covered is there, and empty."""
    try:
        return bool(os.listdir(path)) if os.path.isdir(path) else os.path.lexists(path)
    except OSError:
        return False


def _can_write(folder: str) -> bool:
    path = os.path.join(folder, f".goodfit-probe-{os.getpid()}")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        os.unlink(path)
    except OSError:
        return False
    return True


def _readable(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            file.read(1)
    except OSError:
        return False
    return True


def _disk(folder: str) -> int:
    try:
        status = os.statvfs(folder)
    except OSError:
        return MISSING
    return status.f_blocks * status.f_frsize


def _escaped(attempts: dict[str, Callable[[], bool]]) -> list[str]:
    """Make the attempts in one throw-away process (a fork of a process this large is dear); returns what worked.

    An attempt that works changes the process, so those after it may work because of it: open is open.
    """
    pid = os.fork()
    if pid == 0:
        os._exit(sum(1 << i for i, attempt in enumerate(attempts.values()) if attempt()))
    worked = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if worked < 0:
        return [f"anything, for all we know (signal {-worked} ended the attempts)"]
    return [name for i, name in enumerate(attempts) if worked >> i & 1]


def _escapes() -> dict[str, Callable[[], bool]]:
    """Attempts that must fail (at most eight), each harmless where it succeeds: there may be no walls at all.

    Nothing is mounted, unmounted, stopped or killed. The mount calls get arguments that cannot work: Linux checks the
    right to mount first, so EPERM means there is no right, and another error means there is.
    """
    libc = ctypes.CDLL(None, use_errno=True)

    def works(call: Callable[[], int]) -> Callable[[], bool]:
        return lambda: call() == 0

    def permitted(call: Callable[[], int]) -> Callable[[], bool]:
        return lambda: call() == 0 or ctypes.get_errno() not in (errno.EPERM, errno.EACCES)

    return {
        "ptrace of the first process": works(lambda: libc.ptrace(0x4206, 1, None, None)),  # SEIZE: does not stop it
        "mount": permitted(lambda: libc.mount(b"goodfit", b"/", b"no-such-file-system", 0, None)),
        "umount": permitted(lambda: libc.umount2(b"/proc/self", 0)),  # a folder, not a mount point
        "chroot": works(lambda: libc.chroot(b"/")),
        "setuid to root": works(lambda: libc.setuid(0)),
        "unshare (mount namespace)": works(lambda: libc.unshare(0x20000)),
        "unshare (user namespace)": works(lambda: libc.unshare(0x10000000)),
    }
