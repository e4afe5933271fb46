"""From a fork to a confined process, without exec, so that imported libraries stay imported.

Three processes, because a pid namespace begins with a child and ends with its first process:

    server ─fork─▶ outer half ─fork─▶ pid 1 of the namespace ─fork─▶ the kernel or job
                   (waits, tells    (builds the root, gives up       (target function)
                   the exit code)    every right, reaps, ends with it)

When the target ends, pid 1 ends, and Linux kills whatever else the student has started. When the server ends, the
outer half is killed, then pid 1, then all of them.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import os
import random
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from goodfit.sandbox import layers, request, view
from goodfit.sandbox import syscalls as linux
from goodfit.sandbox.errors import ConfinementFailed
from goodfit.sandbox.request import Request

# matplotlib loads it with the first figure: in the kernel, never before the fork, or no plot arrives
INLINE = "module://matplotlib_inline.backend_inline"

SETUP_FAILED = 70
"""Exit code of a process that could not be confined."""

STALE = 128
"""Exit codes above this are 128 + the number of the signal that ended the target."""


def become(wanted: Request, uid: int | None, channel: socket.socket, extra: int | None) -> NoReturn:
    """Turn a fresh fork into what `wanted` describes; never returns.

    Args:
        wanted: the request.
        uid: the sandbox's own uid when the server is root, else None.
        channel: where "ready" or the reason of a failure is reported; closed before the target runs.
        extra: descriptor of the connected socket that the target gets: a job's, or a kernel's besides Jupyter's.
    """
    try:
        os.setsid()
        linux.die_with_parent()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        close_all_but({0, 1, 2, channel.fileno()} | ({extra} if extra is not None else set()))
        if wanted.confined:
            log, left_out, names = _enter(wanted, uid, channel, extra)
        else:
            log, left_out, names = os.dup(2), [], []
            request.send(channel, {"log": True}, (log,))
        reset(wanted)
        request.send(channel, {"ready": True, "layers": names, "left_out": left_out})
        os.close(log)
        channel.close()
    except BaseException as error:
        report(channel, error)
        os._exit(SETUP_FAILED)
    os._exit(run(wanted, extra))


def report(channel: socket.socket, error: BaseException) -> None:
    """Tell the requester why there is no sandbox."""
    if isinstance(error, ConfinementFailed):
        message = {"error": error.what, "where": error.where, "remedy": error.remedy}
    else:
        message = {
            "error": f"{type(error).__name__}: {error}",
            "where": "".join(traceback.format_exception(error))[-2000:],
            "remedy": "",
        }
    with contextlib.suppress(OSError):
        request.send(channel, message)


def run(wanted: Request, extra: int | None) -> int:
    """Call the target; the exit code."""
    try:
        arguments: list[Any] = [request.CONNECTION_FILE] if wanted.kind == "kernel" else []
        if extra is not None:
            arguments.append(socket.socket(fileno=extra))
            arguments[-1].set_inheritable(False)
        find_target(wanted.target)(*arguments)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        with contextlib.suppress(Exception):
            traceback.print_exc(file=sys.__stderr__)
        return 1
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
    return 0


def find_target(target: str) -> Callable[..., object]:
    """The function named `module:function`."""
    module, _, name = target.partition(":")
    function = getattr(importlib.import_module(module), name)
    assert callable(function)
    return function


def close_all_but(keep: set[int]) -> None:
    """Close every descriptor that is not in `keep`."""
    start = 0
    for fd in sorted(keep):
        if start < fd:  # an empty range would close everything: CPython passes it on as 0 to -1
            os.closerange(start, fd)
        start = fd + 1
    os.closerange(start, 1 << 20)


def _enter(
    wanted: Request, uid: int | None, channel: socket.socket, extra: int | None
) -> tuple[int, list[str], list[str]]:
    """Make the namespaces and the two forks; returns in the innermost process, confined."""
    spaces = linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWNET | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS
    inside, group = (uid, uid) if uid is not None else (os.geteuid(), os.getegid())
    try:
        if uid is None:
            linux.set_dumpable(True)
            linux.unshare(linux.CLONE_NEWUSER | spaces)
            layers.write_id_maps(inside, group)
        else:
            linux.unshare(spaces)
    except OSError as error:
        raise ConfinementFailed(
            f"Linux refused new namespaces: {error}", where="confine", remedy=NAMESPACE_REMEDY
        ) from error
    outer = os.fork()
    if outer:
        _wait_outside(outer, channel)
    linux.die_with_parent()
    layers.be_killed_first()
    socket.sethostname("student")
    log, left_out = _build(wanted, inside, group)
    request.send(channel, {"log": True}, (log,))  # now: later no descriptor leaves this process
    os.setsid()  # the sandbox's only one: with it, its one share of the processor
    layers.set_limits(wanted.limits)
    layers.drop_privileges(inside, group)
    names = ["namespaces", "limits"]
    if layers.lock_user_namespaces(inside, group, own_namespace=uid is None):
        names.append("no further namespaces")
    layers.strip_rights()
    names.append("no capabilities")
    writable = [request.WORK_DIR, "/tmp", "/var/tmp", "/dev/shm", *wanted.rw]
    if layers.apply_landlock(writable):
        names.append("landlock")
    if layers.apply_seccomp():
        names.append("seccomp")
    linux.die_with_parent()
    inner = os.fork()
    if inner:
        _reap(inner)
    os.setpgid(0, 0)  # interrupts reach what it starts, and not what starts it
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return log, left_out, names


NAMESPACE_REMEDY = (
    "Allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces>0, "
    "kernel.apparmor_restrict_unprivileged_userns=0), or run as root outside of a container."
)


def _build(wanted: Request, uid: int, gid: int) -> tuple[int, list[str]]:
    root = view.View(wanted, uid, gid)
    log = root.build()
    for number in (1, 2):
        os.dup2(log, number)
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return log, root.left_out


def _wait_outside(child: int, channel: socket.socket) -> NoReturn:
    """The outer half: hand out a way to kill the namespace, wait for its end, end with its code."""
    handle = os.pidfd_open(child)
    with contextlib.suppress(OSError):
        request.send(channel, {"first": True}, (handle,))
    close_all_but(set())
    _, status = os.waitpid(child, 0)
    os._exit(_exit_code(status))


def _reap(kernel: int) -> NoReturn:
    """Pid 1 of the namespace: collect orphans until the kernel ends, then end, which kills what is left."""
    close_all_but(set())
    while True:
        pid, status = os.wait()
        if pid == kernel:
            os._exit(_exit_code(status))


def _exit_code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else STALE - code


def base_environment() -> dict[str, str]:
    """Environment of every sandbox, before a request adds to it."""
    return {
        "PATH": os.pathsep.join(dict.fromkeys([os.path.join(sys.prefix, "bin"), "/usr/local/bin", "/usr/bin", "/bin"])),
        "HOME": request.WORK_DIR,
        "USER": "student",
        "LOGNAME": "student",
        "LANG": "C.UTF-8",
        "TMPDIR": "/tmp",
        "IPYTHONDIR": request.WORK_DIR + "/.ipython",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "MPLBACKEND": INLINE,
        "XDG_CACHE_HOME": "/tmp/.cache",  # fontconfig's: the student's folder holds the student's files
        "PYTHONHASHSEED": "0",
        **LIBRARY_ENVIRONMENT,
    }


LIBRARY_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
}
"""One thread each: libraries must not start threads before a fork, and the pool uses the cores with processes."""


def reset(wanted: Request) -> None:
    """Undo what the fork has inherited: environment, folders, caches, random numbers."""
    ours = os.environ.get("PYTHONPATH", "").split(os.pathsep)  # Goodfit is loaded, and is no student's to find
    environment = base_environment() if wanted.confined else {**_trusted_environment(), **LIBRARY_ENVIRONMENT}
    os.environ.clear()
    os.environ.update({**environment, **wanted.env})
    os.umask(0o022)
    if wanted.cwd and not wanted.confined:
        os.chdir(wanted.cwd)
    tempfile.tempdir = None
    if wanted.confined:
        # without what setuptools adds when it is imported: a package found there is missing in tier bubblewrap
        paths = (p for p in sys.path if p and p not in ours and os.path.exists(p) and not p.endswith("/_vendor"))
        sys.path[:] = [*wanted.import_path, *paths]
        sys.path_importer_cache.clear()
        sys.argv = ["goodfit-sandbox"]
        _forget_folders()
    if (matplotlib := sys.modules.get("matplotlib")) is not None:
        matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
    gc.enable()


def _trusted_environment() -> dict[str, str]:
    home = {name: os.environ[name] for name in ("HOME", "USER", "LOGNAME", "TMPDIR") if name in os.environ}
    return {"PATH": base_environment()["PATH"], "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "MPLBACKEND": "agg", **home}


def _forget_folders() -> None:
    """Libraries remember folders of the server's user that do not exist here."""
    matplotlib = sys.modules.get("matplotlib")
    for name in (
        "get_configdir",
        "get_cachedir",
        "_get_config_or_cache_dir",
        "_get_xdg_config_dir",
        "_get_xdg_cache_dir",
    ):
        function = getattr(matplotlib, name, None)
        if hasattr(function, "cache_clear"):
            function.cache_clear()  # type: ignore[union-attr]
        elif hasattr(function, "__wrapped__"):  # remembers in a closure
            setattr(matplotlib, name, functools.cache(function.__wrapped__))  # type: ignore[union-attr]
    fonts = getattr(sys.modules.get("matplotlib.font_manager"), "fontManager", None)
    if fonts is not None:
        fonts.ttflist = [font for font in fonts.ttflist if os.path.exists(font.fname)]


def own_threads() -> int:
    """Number of threads of this process: a fork is safe with one only."""
    return len(list(Path("/proc/self/task").iterdir()))
