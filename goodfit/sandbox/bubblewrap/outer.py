"""The helper of bubblewrap outside of the sandbox: prepares what bubblewrap shows, runs it, reports its end.

As root it first takes a uid of the sandbox's own, because uid 0 in a user namespace is still root outside. That uid
must reach the interpreter, which may lie in somebody's home: in a private mount namespace the closed folders on the way
are covered by open ones that hold the needed paths and nothing else.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import stat
import sys
import tarfile
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, NoReturn

from goodfit.sandbox import confine, layers, request, uids, view
from goodfit.sandbox import syscalls as linux
from goodfit.sandbox.errors import ConfinementFailed, SandboxError
from goodfit.sandbox.limits import Limits
from goodfit.sandbox.request import Request

OWN = "/dev/pts"
"""Where mounts of our own stand before bubblewrap shows them: nothing that a sandbox sees lies below it outside."""
BESIDE = 16  # files and folders that lie there before the submission's
SIDE_SHARE = 8
"""/tmp and /dev/shm each get this part of disk_bytes where bubblewrap mounts them, one by one."""


def main() -> None:
    """Serve one request that arrives on the control socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    _adopt_orphans()
    lease: uids.Lease | None = None
    try:
        message, fds = request.receive(control)
        if message is None:
            return
        wanted = Request.model_validate(message)
        lease = uids.take_uid() if os.geteuid() == 0 else None
        code = _run(sys.argv[2], wanted, lease.uid if lease else None, control, fds)
        with contextlib.suppress(OSError):
            request.send(control, {"exit": code})
    except SandboxError as error:
        request.send(control, {"error": error.what, "where": error.where, "remedy": error.remedy})
    except Exception as error:
        request.send(control, {"error": f"{type(error).__name__}: {error}", "where": "bubblewrap", "remedy": ""})
    finally:
        if lease is not None:
            lease.release()


def _adopt_orphans() -> None:
    """Become the parent of what bubblewrap leaves behind, to know when all of it has ended."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def _run(program: str, wanted: Request, uid: int | None, control: socket.socket, fds: list[int]) -> int:
    inside, gid = (uid, uid) if uid is not None else (os.geteuid(), os.getegid())
    setup, theirs = request.control_pair()
    left_out: list[str] = []
    with tempfile.TemporaryFile() as staging, tempfile.TemporaryFile() as errors:
        if wanted.staging is not None:
            _pack(wanted, staging, left_out)
        for path in wanted.rw:
            view.give(path, inside, gid)
        if wanted.run_dir:
            os.chown(wanted.run_dir, inside, gid)
        shown = _Shown(wanted)
        mounts = partial(_own_mounts, wanted.limits, uid)
        limited = uid is not None or _works(mounts)
        settings = {
            "setup": theirs.fileno(),
            "staging": staging.fileno(),
            "extra": fds[0] if fds else None,
            "request": wanted.model_dump(mode="json"),
        }
        plan = _memory_file(json.dumps(settings))
        command = [
            program,
            *_arguments(wanted, shown, inside, gid, limited),
            "--",
            sys.executable,
            "-P",
            "-m",
            "goodfit.sandbox.bubblewrap.inner",
            str(plan),
        ]
        pid = os.fork()
        if pid == 0:
            kept = [theirs.fileno(), staging.fileno(), plan, *fds, *shown.fds]
            _become_bubblewrap(command, shown, uid, mounts if limited else None, errors, kept)
        theirs.close()
        for fd in [*fds, plan, *shown.fds]:
            os.close(fd)
        handle = os.pidfd_open(pid)
        try:
            return _attend(pid, handle, control, setup, uid, left_out, errors)
        finally:
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                while True:
                    os.wait()


def _attend(
    pid: int,
    handle: int,
    control: socket.socket,
    setup: socket.socket,
    uid: int | None,
    left_out: list[str],
    errors: IO[bytes],
) -> int:
    """Pass on "ready", then wait for the end, or end it when the caller goes away."""
    poll = select.poll()
    for what in (handle, control.fileno(), setup.fileno()):
        poll.register(what, select.POLLIN)
    ready, log = False, -1
    while True:
        events = {fd for fd, _ in poll.poll()}
        if setup.fileno() in events:
            message, fds = request.receive(setup)
            if message is not None and "log" in message:
                (log,) = fds
                continue
            poll.unregister(setup)
            if message is not None:
                ready = "ready" in message
                message |= {"pid": os.getpid(), "uid": uid, "left_out": left_out}
                request.send(control, message, (handle, log) if ready else ())
                if not ready:
                    raise SystemExit
            if log >= 0:
                os.close(log)
            setup.close()
            events.discard(-1)
        elif control.fileno() in events:
            return -signal.SIGKILL  # the caller is gone; `_run` kills
        elif handle in events:
            _, status = os.waitpid(pid, 0)
            code = os.waitstatus_to_exitcode(status)
            if not ready:
                errors.seek(0)
                words = errors.read()[-1500:].decode("utf-8", "replace").strip()
                raise ConfinementFailed(
                    f"bubblewrap ended with code {code}: {words}", where="bubblewrap", remedy=confine.NAMESPACE_REMEDY
                )
            return code if code >= 0 else confine.STALE - code


class _Shown:
    """What is bound into the sandbox: real paths, read-only or writable, and links to them."""

    def __init__(self, wanted: Request) -> None:
        self.links: dict[str, str] = {}
        self.fds: list[int] = []
        missing = [path for path in (*wanted.ro, *wanted.rw) if not os.path.isabs(path) or not os.path.exists(path)]
        if missing:
            raise ConfinementFailed(
                "A folder to be shown does not exist or is not an absolute path", where=", ".join(missing)
            )
        self.rw = [self._real(path) for path in wanted.rw]
        self.sockets = [os.path.realpath(wanted.run_dir)] if wanted.run_dir else []
        real = sorted(
            {self._real(path) for path in (*view.visible_paths(wanted), *view.own_paths()) if os.path.exists(path)}
            - set(self.rw)
        )
        self.ro = [path for path in real if not any(path != other and path.startswith(other + "/") for other in real)]
        if "/" in (*self.ro, *self.rw):
            raise ConfinementFailed("The whole file system would be visible inside the sandbox", where="view")

    def _real(self, path: str) -> str:
        path = os.path.normpath(path)
        target = os.path.realpath(path)
        if target != path:
            self.links[path] = target
        return target

    def data(self, text: str) -> int:
        """A descriptor to read `text` from."""
        fd = _memory_file(text)
        self.fds.append(fd)
        return fd


def _memory_file(text: str) -> int:
    fd = os.memfd_create("goodfit")
    os.write(fd, text.encode())
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _writable(wanted: Request, limited: bool) -> list[str]:
    """Where the sandbox writes: on mounts of our own, or on those of bubblewrap, which cannot count files."""
    if limited:
        flags = ["--dev-bind", f"{OWN}/terminals", "/dev/pts"]
        for name, place in (("shm", "/dev/shm"), ("tmp", "/tmp"), ("home", "/home")):
            flags += ["--bind", f"{OWN}/{name}", place]
        return flags
    disk = wanted.limits.disk_bytes
    side = str(max(1 << 20, disk // SIDE_SHARE))
    flags = ["--size", side, "--tmpfs", "/dev/shm", "--size", side, "--tmpfs", "/tmp"]
    return [*flags, "--size", str(disk), "--tmpfs", "/home", "--dir", request.WORK_DIR]


def _arguments(wanted: Request, shown: _Shown, uid: int, gid: int, limited: bool) -> list[str]:
    flags = [
        "--unshare-all",
        "--unshare-user",
        "--disable-userns",
        "--die-with-parent",
        "--new-session",
        "--cap-drop",
        "ALL",
        "--clearenv",
        "--uid",
        str(uid),
        "--gid",
        str(gid),
        "--hostname",
        "student",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--dev-bind",
        view.ZEROS,
        "/dev/zero",
        *_writable(wanted, limited),
        "--dir",
        "/var",
        "--symlink",
        "/tmp",
        "/var/tmp",
    ]
    for path in shown.ro:
        flags += ["--ro-bind", path, path]
    for path in shown.rw:
        flags += ["--bind", path, path]
    for path in shown.sockets:
        flags += ["--bind", path, request.SOCKET_DIR]
    below = tuple(path + "/" for path in (*shown.ro, *shown.rw))
    for link, target in sorted(shown.links.items()):
        if not link.startswith(below):
            flags += ["--symlink", target, link]
    for path, text in view.etc_files(wanted, uid, gid).items():
        flags += ["--ro-bind-data", str(shown.data(text)), path]
    for path in dict.fromkeys(wanted.hidden):
        real = os.path.realpath(path)
        if real.startswith(below) and os.path.lexists(real):
            flags += (
                ["--size", "4096", "--tmpfs", real, "--remount-ro", real]
                if os.path.isdir(real)
                else ["--ro-bind-data", str(shown.data("")), real]
            )
    for name, value in {
        **confine.base_environment(),
        **wanted.env,
        "PYTHONPATH": os.pathsep.join([*wanted.import_path, view.PACKAGE_HOME]),
    }.items():
        flags += ["--setenv", name, value]
    return [*flags, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", wanted.cwd or request.WORK_DIR]


def _become_bubblewrap(
    command: list[str],
    shown: _Shown,
    uid: int | None,
    mounts: Callable[[], None] | None,
    errors: IO[bytes],
    keep: list[int],
) -> NoReturn:
    try:
        linux.die_with_parent()
        os.dup2(errors.fileno(), 1)
        os.dup2(errors.fileno(), 2)
        if uid is not None:
            make_reachable([*shown.ro, *shown.rw, *shown.sockets, command[0], *view.interpreter_paths()])
        if mounts is not None:
            mounts()
        if uid is not None:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
        linux.die_with_parent()  # once more: a change of rights takes it back
        for fd in keep:
            os.set_inheritable(fd, True)
        os.execve(command[0], command, {"PATH": "/usr/bin:/bin"})
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}".encode())
        os._exit(confine.SETUP_FAILED)


def _own_mounts(limits: Limits, uid: int | None) -> None:
    """Mount at :data:`OWN` what bubblewrap's own has no limit for: files, by their number, and terminals.

    Args:
        limits: of the sandbox.
        uid: who is to own them, as root and in a mount namespace of one's own; None: as an ordinary user, in namespaces
            that are made here and that bubblewrap will inherit.
    """
    if uid is None:
        mine = os.geteuid(), os.getegid()
        linux.set_dumpable(True)  # or /proc/self/uid_map belongs to root
        linux.unshare(linux.CLONE_NEWUSER | linux.CLONE_NEWNS)
        layers.write_id_maps(*mine)
    before = os.umask(0)
    view.mount_disk(OWN, limits)
    work = f"{OWN}{request.WORK_DIR}"
    for folder, mode in ((f"{OWN}/home", 0o755), (f"{OWN}/tmp", 0o1777), (f"{OWN}/shm", 0o1777), (work, 0o700)):
        os.mkdir(folder, mode)
    log = f"{OWN}{request.LOG_FILE}"
    os.close(os.open(log, os.O_WRONLY | os.O_CREAT, 0o600))
    os.umask(before)
    if uid is not None:
        os.chown(work, uid, uid)
        os.chown(log, uid, uid)
    os.mkdir(f"{OWN}/terminals")
    view.mount_terminals(f"{OWN}/terminals")


def _works(attempt: Callable[[], None]) -> bool:
    """Whether something works, tried in a process of its own.

    A Linux may give a user namespace without rights in it (AppArmor does), in which bubblewrap would fail as well.
    """
    if (pid := os.fork()) == 0:
        try:
            attempt()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1] == 0


def make_reachable(paths: list[str]) -> None:
    """In a mount namespace of its own, make `paths` reachable for every uid, and nothing else that was not."""
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
    closed: dict[str, list[str]] = {}
    for path in dict.fromkeys(paths):
        for folder in reversed(Path(path).parents):
            if not folder.stat().st_mode & stat.S_IXOTH:
                closed.setdefault(str(folder), []).append(path)
                break
    for folder_name, needed in closed.items():
        opened = [(path, os.open(path, os.O_PATH)) for path in sorted(needed)]
        linux.mount("tmpfs", folder_name, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=1m,mode=755")
        for path, fd in opened:
            if stat.S_ISDIR(os.fstat(fd).st_mode):
                os.makedirs(path, 0o755, exist_ok=True)
            else:
                os.makedirs(os.path.dirname(path), 0o755, exist_ok=True)
                if not os.path.lexists(path):
                    Path(path).touch()
            linux.mount(f"/proc/self/fd/{fd}", path, None, linux.MS_BIND | linux.MS_REC)
            os.close(fd)


def _pack(wanted: Request, target: IO[bytes], left_out: list[str]) -> None:
    """Pack the staged files for the inside to unpack: the sandbox's uid may not be able to read them here."""
    assert wanted.staging is not None
    root = os.open(wanted.staging, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    total = count = 0
    with tarfile.open(fileobj=target, mode="w") as archive:
        for folder, folders, files, at in os.fwalk(".", dir_fd=root, follow_symlinks=False):
            for name in sorted((*folders, *files)):
                status = os.stat(name, dir_fd=at, follow_symlinks=False)
                count += 1
                if count >= wanted.limits.disk_files - BESIDE:
                    raise ConfinementFailed(
                        "The submission's files do not fit into the sandbox: they are too many",
                        where=wanted.staging,
                        remedy="Raise disk_files, or have the student hand in less.",
                    )
                member = tarfile.TarInfo(os.path.normpath(os.path.join(folder, name)))
                if stat.S_ISDIR(status.st_mode):
                    member.type, member.mode = tarfile.DIRTYPE, 0o755
                    archive.addfile(member)
                elif stat.S_ISREG(status.st_mode):
                    with open(os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at), "rb") as reader:
                        member.size = os.fstat(reader.fileno()).st_size
                        member.mode = 0o644 | (status.st_mode & 0o111)
                        total += member.size
                        if total > wanted.limits.disk_bytes:
                            raise ConfinementFailed(
                                "The submission's files do not fit into the sandbox",
                                where=wanted.staging,
                                remedy="Raise disk_bytes, or have the student hand in less.",
                            )
                        archive.addfile(member, reader)
                else:
                    left_out.append(member.name)
    os.close(root)
    target.flush()
    target.seek(0)


if __name__ == "__main__":
    main()
