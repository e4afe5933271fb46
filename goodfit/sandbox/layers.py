"""What is taken away from a process once it has its own root: limits, capabilities, system calls.

All of it works on the calling process without exec and binds what it starts later, so it is done while the process has
one thread. Landlock and seccomp are further layers: used where this kernel and these packages have them, and named
in the report; namespaces, uid, capabilities and limits are not optional.
"""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import socket
from pathlib import Path

from goodfit.sandbox import syscalls as linux
from goodfit.sandbox.errors import ConfinementFailed
from goodfit.sandbox.limits import Limits
from goodfit.sandbox.request import SOCKET_DIR

FORBIDDEN_CALLS = [
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "pidfd_getfd",
    "pidfd_open",
    "kcmp",
    "mount",
    "umount",
    "umount2",
    "pivot_root",
    "chroot",
    "unshare",
    "setns",
    "fsopen",
    "fsmount",
    "fsconfig",
    "fspick",
    "move_mount",
    "open_tree",
    "mount_setattr",
    "bpf",
    "perf_event_open",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    "open_by_handle_at",
    "name_to_handle_at",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "reboot",
    "swapon",
    "swapoff",
    "acct",
    "quotactl",
    "quotactl_fd",
    "syslog",
    "settimeofday",
    "clock_settime",
    "adjtimex",
    "clock_adjtime",
    "iopl",
    "ioperm",
    "personality",
    "modify_ldt",
    "vhangup",
    "nfsservctl",
    "lookup_dcookie",
]

UNCOUNTED_CALLS = [
    *("memfd_create", "memfd_secret", "vmsplice"),
    *("shmget", "shmat", "shmctl", "semget", "semop", "semtimedop", "semctl"),
    *("msgget", "msgsnd", "msgrcv", "msgctl", "mq_open"),
    *("io_setup", "io_submit", "inotify_init", "inotify_init1", "fanotify_init"),
    *("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "seccomp"),
]
"""Calls that take memory of Linux, or tables that the whole machine or all of a user's processes share, past every
limit of a sandbox. ENOSYS, as on a system built without them: libraries then do without."""

DESCRIPTORS_IN_FLIGHT = ["sendmsg", "sendmmsg"]
"""Calls that put descriptors on their way, which Linux counts for each user and not for each sandbox."""

AS_IF_DONE = ["setsid", "setpriority", "sched_setscheduler", "sched_setattr", "sync", "syncfs"]
"""Calls that do nothing and say that they worked. A session of its own has a share of the processor of its own (Linux'
autogroups); a thread of low priority could wait for a core, and so for more time, while the others sleep; writing out a
file system is the whole machine's work. Programs ask for these by habit."""

_INT = 0xFFFFFFFF  # Linux takes these arguments as int: what stands in the upper half of the register is nothing
_SOL_SOCKET, _SO_BUFFERS = 1, (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF, SO_SNDBUFFORCE, SO_RCVBUFFORCE
_TIOCSCTTY = 0x540E
_F_SETPIPE_SZ, _F_OFD_SETLK, _F_OFD_SETLKW = 1031, 37, 38
_PR_SET_DUMPABLE, _PR_SCHED_CORE = 4, 62
_MAP_TYPE, _MAP_SHARED, _MAP_ANONYMOUS, _MAP_HUGETLB = 0x0F, 0x01, 0x20, 0x40000
NO_CORE = 1
"""Bytes of a core file: 0 would still start the machine's crash handler (a core_pattern that is a pipe), 1 does not."""
PENDING_SIGNALS = 256
"""Signals that wait with their data, and POSIX timers, together (RLIMIT_SIGPENDING)."""

NEW_NAMESPACE_BITS = (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)


def set_limits(limits: Limits) -> None:
    """The rlimits. Hard limits, so that the process cannot raise them again."""
    for which, value in (
        (resource.RLIMIT_CORE, NO_CORE),
        (resource.RLIMIT_DATA, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_MEMLOCK, 64 << 10),
        (resource.RLIMIT_SIGPENDING, PENDING_SIGNALS),
        (resource.RLIMIT_RTPRIO, 0),
        (resource.RLIMIT_NICE, 0),
    ):
        hard = resource.getrlimit(which)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(which, (value, value))
    cpu_hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if cpu_hard == resource.RLIM_INFINITY or cpu_hard > limits.cpu_seconds + 5:
        resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))


def be_killed_first() -> None:
    """When the machine runs out of memory, Linux shall end this process, not the grader."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def drop_privileges(uid: int, gid: int) -> None:
    """Become the sandbox's uid for good, without groups, capabilities, or a way to get them back."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    linux.die_with_parent()  # a change of uid has reset it


def lock_user_namespaces(uid: int, gid: int, *, own_namespace: bool) -> bool:
    """See that no further user namespace can be made: inside one of those a process has every capability again.

    A process that is not in a namespace of its own yet enters one and forbids more there. Returns whether it worked
    (seccomp refuses the calls as well).
    """
    try:
        if not own_namespace:
            linux.set_dumpable(True)  # or /proc/self/uid_map belongs to root
            linux.unshare(linux.CLONE_NEWUSER)
            write_id_maps(uid, gid)
        Path("/proc/sys/user/max_user_namespaces").write_text("0", encoding="ascii")
    except OSError:
        return False
    return True


def write_id_maps(uid: int, gid: int) -> None:
    """In a new user namespace: the uid and gid are themselves, and nobody else exists."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        Path(f"/proc/self/{name}").write_text(text, encoding="ascii")


def strip_rights() -> None:
    """No capabilities, no new privileges, no looking in from processes of the same uid."""
    linux.drop_capabilities()
    linux.no_new_privileges()
    linux.set_dumpable(False)
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    left = [name for name in ("CapInh", "CapPrm", "CapEff", "CapAmb") if int(fields[name], 16)]
    if left or fields["NoNewPrivs"].strip() != "1" or os.geteuid() == 0:
        raise ConfinementFailed(
            f"Rights are left after dropping them: {', '.join(left) or 'uid 0 or NoNewPrivs'}", where="layers"
        )


def apply_landlock(writable: list[str]) -> bool:
    """File rules: read and run what the view shows, write only to `writable`, and make sockets only in their folder.

    The last part matters: that is a folder of the host, and must not become a way to fill its disk.
    Returns False where the kernel has no Landlock or the package is missing.
    """
    if linux.landlock_abi() < 1:
        return False
    try:
        from py_landlock import AccessFs, Landlock, LandlockError
    except ImportError:
        return False
    read = AccessFs.READ_FILE | AccessFs.READ_DIR | AccessFs.EXECUTE
    write = (
        AccessFs.WRITE_FILE
        | AccessFs.TRUNCATE
        | AccessFs.MAKE_REG
        | AccessFs.MAKE_DIR
        | AccessFs.MAKE_SYM
        | AccessFs.MAKE_SOCK
        | AccessFs.MAKE_FIFO
        | AccessFs.REMOVE_FILE
        | AccessFs.REMOVE_DIR
        | AccessFs.REFER
    )
    try:
        rules = Landlock(strict=False)
        rules.add_path_rule("/", access=read)  # the view is the allow-list; this only forbids writing
        if present := [path for path in writable if os.path.exists(path)]:
            rules.add_path_rule(*present, access=read | write)
        for device in ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"):
            rules.add_path_rule(device, access=AccessFs.READ_FILE | AccessFs.WRITE_FILE)
        if os.path.isdir("/dev/pts"):  # IPython runs `!command` on a terminal of the sandbox's own
            rules.add_path_rule("/dev/pts", access=AccessFs.READ_FILE | AccessFs.WRITE_FILE | AccessFs.IOCTL_DEV)
        if os.path.isdir(SOCKET_DIR):
            rules.add_path_rule(SOCKET_DIR, access=AccessFs.READ_DIR | AccessFs.MAKE_SOCK | AccessFs.REMOVE_FILE)
        rules.apply()
    except (LandlockError, OSError):
        return False
    return True


def apply_seccomp() -> bool:
    """Refuse the calls a notebook never needs and a way out might. Returns False where libseccomp is missing."""
    try:
        import pyseccomp as seccomp
    except (ImportError, RuntimeError, OSError):
        return False
    try:
        refuse, missing, done = (seccomp.ERRNO(number) for number in (errno.EPERM, errno.ENOSYS, 0))
        rules = seccomp.SyscallFilter(defaction=seccomp.ALLOW)
        for answer, names in (
            (refuse, [*FORBIDDEN_CALLS, *DESCRIPTORS_IN_FLIGHT]),
            (missing, UNCOUNTED_CALLS),
            (done, AS_IF_DONE),
        ):
            for name in names:
                with contextlib.suppress(ValueError, OSError, RuntimeError):  # a name this libseccomp does not know
                    rules.add_rule(answer, name)

        def number(place: int, value: int, mask: int = _INT) -> object:
            return seccomp.Arg(place, seccomp.MASKED_EQ, mask, value)

        # EOPNOTSUPP, not EACCES: libzmq aborts the process on any other answer to its netlink socket.
        for name in ("socket", "socketpair"):
            rules.add_rule(seccomp.ERRNO(errno.EOPNOTSUPP), name, seccomp.Arg(0, seccomp.NE, socket.AF_UNIX))
        for bit in NEW_NAMESPACE_BITS:
            rules.add_rule(refuse, "clone", number(0, bit, bit))
        rules.add_rule(missing, "clone3")  # its flags are in memory, out of reach: libc falls back to clone
        # sockets, pipes: their usual size, so that counting them says how much they hold
        for option in _SO_BUFFERS:
            rules.add_rule(done, "setsockopt", number(1, _SOL_SOCKET), number(2, option))
        rules.add_rule(refuse, "fcntl", number(1, _F_SETPIPE_SZ))
        for lock in (_F_OFD_SETLK, _F_OFD_SETLKW):  # belong to no process: nobody could count them
            rules.add_rule(seccomp.ERRNO(errno.EINVAL), "fcntl", number(1, lock))
        # shared memory without a file stays when no process shows it any more; huge pages are in no process's count
        shared = number(3, _MAP_SHARED | _MAP_ANONYMOUS, _MAP_TYPE | _MAP_ANONYMOUS)
        rules.add_rule(refuse, "mmap", shared)
        rules.add_rule(seccomp.ERRNO(errno.ENOMEM), "mmap", number(3, _MAP_HUGETLB, _MAP_HUGETLB))
        # libc's forkpty wants a session's terminal after its (skipped) setsid, or `!command` would not run
        rules.add_rule(done, "ioctl", number(1, _TIOCSCTTY))
        # would open /proc/self/environ, where that of the fork server stands
        rules.add_rule(refuse, "prctl", number(0, _PR_SET_DUMPABLE))
        # would keep the sibling of a core idle
        rules.add_rule(seccomp.ERRNO(errno.EINVAL), "prctl", number(0, _PR_SCHED_CORE))
        rules.load()
    except (OSError, RuntimeError, ValueError):
        return False
    return True
