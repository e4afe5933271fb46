"""What a sandbox sees: a fresh root with the interpreter, its libraries and the system's, and nothing else.

An allow-list. Nothing is hidden by name; what is not listed here does not exist inside. The root is a small tmpfs
that ends up read-only; everything bound into it is read-only, without setuid programs or devices, apart from one
size-limited tmpfs (home, /tmp and /dev/shm together), the folder of the kernel's sockets and folders asked for as `rw`.
"""

from __future__ import annotations

import json
import os
import shutil
import site
import stat
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from goodfit.sandbox import syscalls as linux
from goodfit.sandbox.errors import ConfinementFailed
from goodfit.sandbox.limits import Limits
from goodfit.sandbox.request import CONNECTION_FILE, LOG_FILE, SOCKET_DIR, WORK_DIR, Request

PACKAGE_HOME = str(Path(__file__).resolve().parents[2])
"""The folder that the package lies in: a checkout, or where packages are installed."""

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
ETC = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/mime.types",
    "/etc/fonts",
)
TERMINALS = 64
"""Pseudo-terminals of one sandbox; the machine has some thousands for all."""
DEVICES = ("/dev/null", "/dev/full", "/dev/random", "/dev/urandom")
ZEROS = "/dev/full"
"""Shown as /dev/zero: reads the same, but cannot be mapped, which would give shared memory that no limit counts."""
PREFIX_PARTS = ("bin", "lib", "lib32", "lib64", "libexec", "include", "share", "etc", "ssl", "pyvenv.cfg")

READ_ONLY = linux.MOUNT_ATTR_RDONLY | linux.MOUNT_ATTR_NOSUID | linux.MOUNT_ATTR_NODEV
WRITABLE = linux.MOUNT_ATTR_NOSUID | linux.MOUNT_ATTR_NODEV
DEVICE = linux.MOUNT_ATTR_NOSUID | linux.MOUNT_ATTR_NOEXEC


def interpreter_paths() -> list[str]:
    """Files and folders Python needs: parts of its prefixes (never a prefix itself: it may be the course folder) and
    the package folders outside of them."""
    found = [
        os.path.join(prefix, part)
        for prefix in dict.fromkeys((sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix))
        for part in PREFIX_PARTS
    ]
    found += [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    found += site.getsitepackages()
    if site.ENABLE_USER_SITE:
        found.append(site.getusersitepackages())
    # those of another environment, named in a .pth file; but no other folder of sys.path: a course may be one
    found += [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")]
    found.append(os.path.realpath(sys.executable))
    return [path for path in dict.fromkeys(found) if os.path.lexists(path)]


def own_paths() -> list[str]:
    """What a process that was not forked needs of Goodfit itself: these rooms, and nothing else of it."""
    package = Path(PACKAGE_HOME, "goodfit")
    return [str(package / name) for name in ("__init__.py", "inside", "sandbox")]


def visible_paths(request: Request) -> list[str]:
    """All paths shown read-only."""
    return [*_always_visible(), *request.ro, *request.import_path]


def in_sight(paths: Iterable[Path]) -> list[str]:
    """Those of the paths that lie in something that every sandbox shows, and so have to be covered.

    The others do not exist inside. Their names stay outside, too: what a sandbox is asked to be lies in its memory.
    """
    shown = [os.path.realpath(path) for path in (*_always_visible(), *own_paths())]
    return [str(path) for path in paths if any(_inside(os.path.realpath(path), folder) for folder in shown)]


def _always_visible() -> list[str]:
    return [*(path for path in (*SYSTEM, *ETC) if os.path.lexists(path)), *interpreter_paths()]


def etc_files(request: Request, uid: int, gid: int) -> dict[str, str]:
    """Small files that are written for the sandbox: path and text."""
    files = {
        "/etc/passwd": f"student:x:{uid}:{gid}:student:{WORK_DIR}:/bin/sh\n",
        "/etc/group": f"student:x:{gid}:\n",
        "/etc/hosts": "127.0.0.1 localhost\n",
        "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    }
    if (connection := request.inner_connection()) is not None:
        files[CONNECTION_FILE] = json.dumps(connection)
    return files


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


class View:
    """Builds the root. `collect` runs while the old root is there, `enter` replaces it, `fill` lays out the new one."""

    def __init__(self, request: Request, uid: int, gid: int) -> None:
        self.request, self.uid, self.gid = request, uid, gid
        self.trees: list[tuple[str, int]] = []
        self.links: dict[str, str] = {}
        self.staging: int | None = None
        self.proc = -1
        self.left_out: list[str] = []

    def build(self) -> int:
        """Do it all; returns a descriptor of the log file. The process has a new root afterwards."""
        self.collect()
        self.enter()
        return self.fill()

    def collect(self) -> None:
        """Take detached copies of everything that will be visible."""
        linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
        read_only = self._real(visible_paths(self.request))
        writable = self._real(list(self.request.rw))
        wanted = {path: READ_ONLY for path in read_only} | {path: WRITABLE for path in writable}
        for path in sorted(wanted):
            covered = [other for other in wanted if other != path and _inside(path, other)]
            if wanted[path] == READ_ONLY and any(wanted[other] == READ_ONLY for other in covered):
                continue
            if path in ("/", "/proc", "/dev", "/sys", "/run", "/home", "/tmp", "/etc"):
                raise ConfinementFailed(
                    f"{path} would be visible inside the sandbox",
                    where="view",
                    remedy="Name the folders that are needed, not one that holds everything.",
                )
            self.trees.append((path, linux.clone_tree(path, wanted[path])))
        if self.request.run_dir is not None:
            if not os.path.isdir(self.request.run_dir):
                raise ConfinementFailed(
                    "The folder for the kernel's sockets does not exist", where=self.request.run_dir
                )
            self.trees.append((SOCKET_DIR, linux.clone_tree(self.request.run_dir, WRITABLE | linux.MOUNT_ATTR_NOEXEC)))
        for path, shown in (*((path, path) for path in DEVICES), (ZEROS, "/dev/zero")):
            self.trees.append((shown, linux.clone_tree(path, DEVICE)))
        try:
            self.proc = linux.new_filesystem(
                "proc", linux.MOUNT_ATTR_NOSUID | linux.MOUNT_ATTR_NODEV | linux.MOUNT_ATTR_NOEXEC
            )
        except OSError as error:
            raise ConfinementFailed(
                f"A fresh /proc cannot be mounted: {error}",
                where="view",
                remedy="In a container, allow it an unmasked /proc (docker: --security-opt systempaths=unconfined).",
            ) from error
        if self.request.staging is not None:
            self.staging = os.open(self.request.staging, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)

    def _real(self, paths: list[str]) -> list[str]:
        """Real paths of these; a link on the way is remembered, to be made again in the new root."""
        real = []
        for path in paths:
            if not os.path.isabs(path) or not os.path.exists(path):
                if path in (*self.request.ro, *self.request.rw):
                    raise ConfinementFailed(
                        "A folder to be shown does not exist or is not an absolute path", where=path
                    )
                continue
            path = os.path.normpath(path)
            target = os.path.realpath(path)
            if target != path:
                self.links[path] = target
            real.append(target)
        return real

    def enter(self) -> None:
        """Make a small tmpfs the root and let go of the old one."""
        linux.mount("tmpfs", "/tmp", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=4m,nr_inodes=4096,mode=755")
        os.chdir("/tmp")
        linux.pivot_root(".", ".")
        linux.umount(".", linux.MNT_DETACH)
        os.chdir("/")

    def fill(self) -> int:
        """Lay out the new root; returns a descriptor of the log file."""
        os.umask(0o022)
        for folder in ("/home", "/tmp", "/proc", "/dev/shm", "/etc", "/run", "/var/tmp"):
            os.makedirs(folder, 0o755)
        mount_disk("/home", self.request.limits)
        for folder, target in (("/home/.tmp", "/tmp"), ("/home/.shm", "/dev/shm"), ("/home/.vartmp", "/var/tmp")):
            os.mkdir(folder)
            os.chmod(folder, 0o1777)
            linux.attach_mount(linux.clone_tree(folder, WRITABLE), target)
        os.mkdir(WORK_DIR, 0o700)
        os.chown(WORK_DIR, self.uid, self.gid)
        linux.attach_mount(self.proc, "/proc")
        for path, fd in sorted(self.trees):
            self._attach(path, fd)
        for link, target in sorted(self.links.items()):
            if not os.path.lexists(link):
                os.makedirs(os.path.dirname(link), 0o755, exist_ok=True)
                os.symlink(target, link)
        os.mkdir("/dev/pts")
        mount_terminals()
        for name, target in (
            ("ptmx", "pts/ptmx"),
            ("fd", "/proc/self/fd"),
            ("stdin", "fd/0"),
            ("stdout", "fd/1"),
            ("stderr", "fd/2"),
        ):
            os.symlink(target, f"/dev/{name}")
        self._write_etc()
        self._hide()
        log = os.open(LOG_FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        os.fchown(log, self.uid, self.gid)
        self._copy_staging()
        for path in self.request.rw:
            give(path, self.uid, self.gid)
        if self.request.run_dir:
            os.chown(SOCKET_DIR, self.uid, self.gid)
        linux.set_mount_attributes(linux.MOUNT_ATTR_RDONLY, path="/")
        os.chdir(self.request.cwd or WORK_DIR)
        return log

    def _attach(self, path: str, fd: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(fd).st_mode)
        if not os.path.lexists(path):
            os.makedirs(path if is_folder else os.path.dirname(path), 0o755, exist_ok=True)
            if not is_folder:
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o644))
        linux.attach_mount(fd, path)

    def _write_etc(self) -> None:
        for path, text in etc_files(self.request, self.uid, self.gid).items():
            os.makedirs(os.path.dirname(path), 0o755, exist_ok=True)
            Path(path).write_text(text, encoding="utf-8")

    def _hide(self) -> None:
        """Cover what must not be seen although it lies below something shown."""
        for path in dict.fromkeys(self.request.hidden):
            for place in dict.fromkeys((path, os.path.realpath(path))):
                if not os.path.lexists(place) or place in (WORK_DIR, *self.request.rw):
                    continue
                if os.path.isdir(place):
                    linux.mount(
                        "tmpfs",
                        place,
                        "tmpfs",
                        linux.MS_RDONLY | linux.MS_NOSUID | linux.MS_NODEV,
                        "size=4k,nr_inodes=2,mode=555",
                    )
                else:
                    linux.attach_mount(linux.clone_tree("/dev/null", DEVICE | linux.MOUNT_ATTR_RDONLY), place)

    def _copy_staging(self) -> None:
        if self.staging is None:
            return
        try:
            copy_files(self.staging, WORK_DIR, self.uid, self.gid, self.left_out)
        except OSError as error:
            raise ConfinementFailed(
                f"The submission's files do not fit into the sandbox: {error}",
                where=str(self.request.staging),
                remedy="Raise disk_bytes or disk_files, or have the student hand in less.",
            ) from error
        finally:
            os.close(self.staging)


def mount_disk(place: str, limits: Limits) -> None:
    """Mount the tmpfs on which all of a sandbox's files lie: it bounds their bytes and their number."""
    options = f"size={limits.disk_bytes},nr_inodes={limits.disk_files},mode=755"
    linux.mount("tmpfs", place, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, options)


def mount_terminals(place: str = "/dev/pts") -> None:
    """Mount pseudo-terminals of one's own, at most :data:`TERMINALS`."""
    options = f"newinstance,ptmxmode=0666,mode=620,max={TERMINALS}"
    linux.mount("devpts", place, "devpts", linux.MS_NOSUID | linux.MS_NOEXEC, options)


def copy_files(source: int, target: str, uid: int, gid: int, left_out: list[str], below: str = "") -> None:
    """Copy regular files and folders below the folder open as `source`; links, pipes and devices go to `left_out`.

    Names are opened relative to the open folder and without following links, so that nothing that changes meanwhile
    can lead elsewhere.
    """
    with os.scandir(source) as entries:
        names = sorted(entry.name for entry in entries)
    for name in names:
        status = os.stat(name, dir_fd=source, follow_symlinks=False)
        place = os.path.join(target, name)
        if stat.S_ISDIR(status.st_mode):
            folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=source)
            try:
                os.mkdir(place, 0o755)
                os.chown(place, uid, gid)
                copy_files(folder, place, uid, gid, left_out, f"{below}{name}/")
            finally:
                os.close(folder)
        elif stat.S_ISREG(status.st_mode):
            fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=source)
            with open(fd, "rb") as reader, open(place, "xb") as writer:
                shutil.copyfileobj(reader, writer, 1 << 20)
                os.fchmod(writer.fileno(), 0o644 | (status.st_mode & 0o111))
                os.fchown(writer.fileno(), uid, gid)
        else:
            left_out.append(below + name)


def give(folder: str, uid: int, gid: int) -> None:
    """Make `uid` the owner of a folder and what is below it, without following links.

    Files with several names are left alone: another name of them may lie outside of the folder.
    """
    if os.geteuid() != 0 and uid == os.geteuid():
        return
    os.chown(folder, uid, gid, follow_symlinks=False)
    for _, folders, files, at in os.fwalk(folder, follow_symlinks=False):
        for name in (*folders, *files):
            status = os.stat(name, dir_fd=at, follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode) or status.st_nlink == 1:
                os.chown(name, uid, gid, dir_fd=at, follow_symlinks=False)
