"""The few Linux calls Python does not offer, each raising OSError with the call's name.

Only what the sandbox needs; numbers are those of the generic table, which x86-64, arm64 and riscv64
share for everything newer than Linux 5.0.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 4096, 16384, 1 << 18
MNT_DETACH = 2

MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV, MOUNT_ATTR_NOEXEC = 1, 2, 4, 8

_AT_FDCWD = -100
_AT_EMPTY_PATH, _AT_RECURSIVE = 0x1000, 0x8000
_OPEN_TREE_CLONE, _OPEN_TREE_CLOEXEC = 1, os.O_CLOEXEC
_MOVE_MOUNT_F_EMPTY_PATH = 4
_FSCONFIG_CMD_CREATE = 6

_SYS_OPEN_TREE, _SYS_MOVE_MOUNT, _SYS_FSOPEN, _SYS_FSCONFIG, _SYS_FSMOUNT, _SYS_MOUNT_SETATTR = (
    428,
    429,
    430,
    431,
    432,
    442,
)
_SYS_PIVOT_ROOT = 155 if platform.machine() == "x86_64" else 41

_MADV_COLLAPSE = 25

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 1, 4, 24, 38, 47


def _check(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def _syscall(name: str, number: int, *args: object) -> int:
    return _check(_libc.syscall(ctypes.c_long(number), *args), name)


def unshare(flags: int) -> None:
    """Leave the named namespaces (`CLONE_NEW...`) for fresh ones."""
    _check(_libc.unshare(flags), "unshare")


def mount(source: str | None, target: str, kind: str | None, flags: int = 0, data: str = "") -> None:
    """mount(2)."""
    result = _libc.mount(
        source.encode() if source else None,
        os.fsencode(target),
        kind.encode() if kind else None,
        ctypes.c_ulong(flags),
        data.encode() or None,
    )
    _check(result, f"mount {kind or 'flags'} on {target}")


def umount(target: str, flags: int) -> None:
    """umount2(2)."""
    _check(_libc.umount2(os.fsencode(target), flags), f"umount {target}")


def collapse(start: int, length: int) -> None:
    """madvise(2) with MADV_COLLAPSE, since Linux 6.1: put whole huge pages' worth of memory into huge pages."""
    _check(_libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(length), _MADV_COLLAPSE), "madvise")


def pivot_root(new_root: str, put_old: str) -> None:
    """pivot_root(2)."""
    _syscall("pivot_root", _SYS_PIVOT_ROOT, os.fsencode(new_root), os.fsencode(put_old))


def clone_tree(path: str, attributes: int) -> int:
    """A detached copy of the mounts at and below `path`, with `attributes` set on all; returns its descriptor."""
    fd = _syscall(
        f"open_tree {path}",
        _SYS_OPEN_TREE,
        ctypes.c_int(_AT_FDCWD),
        os.fsencode(path),
        ctypes.c_uint(_OPEN_TREE_CLONE | _OPEN_TREE_CLOEXEC | _AT_RECURSIVE),
    )
    set_mount_attributes(attributes, fd=fd, path="", recursive=True)
    return fd


class _MountAttr(ctypes.Structure):
    _fields_ = [
        ("attr_set", ctypes.c_uint64),
        ("attr_clr", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns_fd", ctypes.c_uint64),
    ]


def set_mount_attributes(attributes: int, *, path: str, fd: int = _AT_FDCWD, recursive: bool = False) -> None:
    """mount_setattr(2): add `MOUNT_ATTR_...` to the mount at `path` (or the mount `fd` itself when `path` is empty)."""
    attr = _MountAttr(attributes, 0, 0, 0)
    flags = (_AT_EMPTY_PATH if not path else 0) | (_AT_RECURSIVE if recursive else 0)
    _syscall(
        f"mount_setattr {path}",
        _SYS_MOUNT_SETATTR,
        ctypes.c_int(fd),
        os.fsencode(path),
        ctypes.c_uint(flags),
        ctypes.byref(attr),
        ctypes.c_size_t(ctypes.sizeof(attr)),
    )


def new_filesystem(kind: str, attributes: int) -> int:
    """A detached mount of a fresh file system of that kind; returns its descriptor."""
    context = _syscall(f"fsopen {kind}", _SYS_FSOPEN, kind.encode(), ctypes.c_uint(1))
    try:
        _syscall(
            f"fsconfig {kind}",
            _SYS_FSCONFIG,
            ctypes.c_int(context),
            ctypes.c_uint(_FSCONFIG_CMD_CREATE),
            None,
            None,
            ctypes.c_int(0),
        )
        return _syscall(
            f"fsmount {kind}", _SYS_FSMOUNT, ctypes.c_int(context), ctypes.c_uint(1), ctypes.c_uint(attributes)
        )
    finally:
        os.close(context)


def attach_mount(fd: int, target: str) -> None:
    """Put a detached mount at `target` and close its descriptor."""
    _syscall(
        f"move_mount to {target}",
        _SYS_MOVE_MOUNT,
        ctypes.c_int(fd),
        b"",
        ctypes.c_int(_AT_FDCWD),
        os.fsencode(target),
        ctypes.c_uint(_MOVE_MOUNT_F_EMPTY_PATH),
    )
    os.close(fd)


def _prctl(name: str, option: int, argument: int, third: int = 0) -> None:
    _check(_libc.prctl(option, ctypes.c_ulong(argument), ctypes.c_ulong(third), 0, 0), name)


def die_with_parent() -> None:
    """Be killed when the thread that forked this process ends. A change of uid resets it: call it again afterwards."""
    _prctl("prctl PDEATHSIG", _PR_SET_PDEATHSIG, signal.SIGKILL)


def set_dumpable(value: bool) -> None:
    """Whether processes of the same uid may look into this one (ptrace, /proc/PID/mem, core files)."""
    _prctl("prctl DUMPABLE", _PR_SET_DUMPABLE, int(value))


def no_new_privileges() -> None:
    """No execve may gain rights from now on: setuid programs have no effect."""
    _prctl("prctl NO_NEW_PRIVS", _PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up every capability in every set, for good."""
    _prctl("prctl CAP_AMBIENT", _PR_CAP_AMBIENT, 4)
    for capability in range(64):
        try:
            _prctl("prctl CAPBSET_DROP", _PR_CAPBSET_DROP, capability)
        except OSError:
            break  # EINVAL: past the last one this kernel knows; a lack of rights shows in the check of the caller
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _check(_libc.capset(header, nothing), "capset")


def landlock_abi() -> int:
    """Version of Landlock this kernel offers; 0 without."""
    return max(0, int(_libc.syscall(ctypes.c_long(444), None, ctypes.c_size_t(0), ctypes.c_uint(1))))
