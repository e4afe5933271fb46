"""The process that imports the heavy libraries once and forks a child for every request.

Run as `python -m goodfit.sandbox.fork.server`; use `client.ForkServer` to start and talk to it.

It never runs a student's code itself, never opens a course file, and is started with a clean environment: everything in
its memory is readable in every student kernel. It keeps one thread (no TensorFlow operation, no ZMQ context), because
a fork copies only the calling thread and any lock another one holds would stay locked for ever.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from goodfit.sandbox import confine, request, uids
from goodfit.sandbox.errors import SandboxError
from goodfit.sandbox.fork import pages, training
from goodfit.sandbox.request import Request

ALWAYS = (
    "numpy",
    "IPython",
    "IPython.core.completer",
    "IPython.core.magics",
    "IPython.core.async_helpers",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.core.logger",
    "IPython.extensions.storemagic",
    "stack_data",
    "pygments.formatters.terminal256",
    "sqlite3",
    "tornado.platform.asyncio",
    "jedi",
    "encodings.idna",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.iostream",
    "ipykernel.displayhook",
    "ipykernel.comm",
    "ipykernel.debugger",
    "jupyter_client",
    "nbclient",
    "nbformat",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "IPython.core.pylabtools",
    "pytest",
    "_pytest.assertion.rewrite",
)
"""What every kernel and grader needs: each kernel arranges for plots, whether there will be one or not."""

_SCIPY = ("scipy.stats", "scipy.optimize", "scipy.special")
_TENSORFLOW = ("h5py", "tensorflow", "keras")
OF_PACKAGE: dict[str, tuple[str, ...]] = {
    "scipy": _SCIPY,
    "pandas": ("pandas", "pandas.io.formats.html"),
    "sklearn": (
        *_SCIPY,
        "sklearn.linear_model",
        "sklearn.model_selection",
        "sklearn.metrics",
        "sklearn.preprocessing",
        "sklearn.pipeline",
        "sklearn.ensemble",
        "sklearn.datasets",
        "sklearn.tree",
        "sklearn.neighbors",
        "sklearn.svm",
        "sklearn.cluster",
        "sklearn.decomposition",
        "sklearn.impute",
        "sklearn.compose",
        "sklearn.dummy",
        "sklearn.inspection",
    ),
    "tensorflow": _TENSORFLOW,
    "keras": _TENSORFLOW,
}
"""What is imported for a notebook that uses one of these packages: seconds for which its kernels need not wait."""

LAST = ("py_landlock", "pyseccomp", "goodfit.sandbox.proof")


def libraries(packages: Collection[str] | None = None) -> list[str]:
    """Modules to import before the first fork, for notebooks that use these packages; None: any.

    All are imported if installed. What a notebook imports and is not here is imported in its kernel, at the usual cost.
    """
    wanted = [modules for name, modules in OF_PACKAGE.items() if packages is None or name in packages]
    return list(dict.fromkeys([*ALWAYS, *(module for modules in wanted for module in modules), *LAST]))


def preload(names: list[str], *, optional: bool) -> list[str]:
    """Import modules; returns those that are missing. An `optional` one may be."""
    missing = []
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError as error:
            if not optional:
                raise
            missing.append(f"{name}: {error}")
    keras = getattr(sys.modules.get("tensorflow"), "keras", None)
    if keras is not None:
        _ = keras.layers.Dense, keras.models.Sequential  # resolve the lazy loaders once
        training.lighten(sys.modules["tensorflow"], sys.modules["keras"])
    if "jupyter_client" in sys.modules:
        from jupyter_client.provisioning import KernelProvisionerFactory

        KernelProvisionerFactory.instance()  # it reads every installed package's entry points, once
    if "_pytest.config" in sys.modules:
        for name in sys.modules["_pytest.config"].default_plugins:
            importlib.import_module(f"_pytest.{name}")
    pandas = sys.modules.get("pandas")
    if pandas is not None:
        pandas.set_option("display.max_columns", 20)  # as in a notebook: when imported, it looked for one in vain
    return missing


@dataclass
class Child:
    """One child of the server, from fork to end."""

    pid: int
    outer: int
    client: socket.socket | None
    setup: socket.socket | None
    lease: uids.Lease | None
    handle: int = -1
    log: int = -1


class Server:
    """Accepts requests, forks, reports the ends. Single threaded, event driven: a slow child delays nobody."""

    def __init__(self, listener: socket.socket, lifeline: socket.socket) -> None:
        self.listener, self.lifeline = listener, lifeline
        self.events = selectors.DefaultSelector()
        self.children: dict[int, Child] = {}
        self.events.register(listener, selectors.EVENT_READ, (self.accept, None))
        self.events.register(lifeline, selectors.EVENT_READ, (self.quit, None))
        self.running = True

    def serve(self) -> None:
        """Until the process that started the server closes its end of the lifeline or ends."""
        while self.running:
            for key, _ in self.events.select():
                if key.fd not in self.events.get_map():
                    continue  # closed by an event before it in this round
                handler, subject = key.data
                handler(subject)
        for child in self.children.values():
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(child.handle if child.handle >= 0 else child.outer, signal.SIGKILL)

    def quit(self, _: None) -> None:
        """The lifeline has spoken or closed."""
        self.running = False

    def accept(self, _: None) -> None:
        """A new client connection: one request each."""
        client, _address = self.listener.accept()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * request.MESSAGE_BYTES)
        self.events.register(client, selectors.EVENT_READ, (self.handle_request, client))

    def handle_request(self, client: socket.socket) -> None:
        """Read the request of a connection and fork for it."""
        self.events.unregister(client)
        fds: list[int] = []
        try:
            message, fds = request.receive(client)
            if message is None:
                client.close()
                return
            wanted = Request.model_validate(message)
            if wanted.kind == "job" and not fds:
                raise ValueError("a job needs a socket")
            self.fork(wanted, client, fds[0] if fds else None)
        except (OSError, ValueError, ValidationError, SandboxError) as error:
            what = error.what if isinstance(error, SandboxError) else f"{type(error).__name__}: {error}"
            self.answer(
                client,
                {"error": what, "where": getattr(error, "where", "request"), "remedy": getattr(error, "remedy", "")},
            )
            client.close()
        finally:
            for fd in fds:
                os.close(fd)

    def answer(self, client: socket.socket, message: dict[str, Any], fds: tuple[int, ...] = ()) -> None:
        """Send to a client that may be gone."""
        with contextlib.suppress(OSError):
            request.send(client, message, fds)

    def fork(self, wanted: Request, client: socket.socket, extra: int | None) -> None:
        """Make the child; its setup socket tells when it is confined."""
        if (threads := confine.own_threads()) != 1:
            raise SandboxError(
                f"The fork server has {threads} threads, so a fork of it could hang",
                where="fork server",
                remedy="Find the preloaded module that starts a thread on import, and leave it out.",
            )
        lease = uids.take_uid() if wanted.confined and os.geteuid() == 0 else None
        ours, theirs = request.control_pair()
        pid = os.fork()
        if pid == 0:
            confine.become(wanted, lease.uid if lease else None, theirs, extra)
        theirs.close()
        child = Child(pid, os.pidfd_open(pid), client, ours, lease)
        self.children[pid] = child
        self.events.register(ours, selectors.EVENT_READ, (self.setup_event, child))
        self.events.register(client, selectors.EVENT_READ, (self.client_event, child))
        self.events.register(child.outer, selectors.EVENT_READ, (self.end_event, child))

    def setup_event(self, child: Child) -> None:
        """The child reports: its pid 1, that it is ready, or what went wrong."""
        assert child.setup is not None
        message: dict[str, Any] | None = None
        fds: list[int] = []
        with contextlib.suppress(OSError, ValueError):
            message, fds = request.receive(child.setup)
        if message is not None and "first" in message:
            child.handle = fds[0]
            return
        if message is not None and "log" in message:
            child.log = fds[0]
            return
        self.events.unregister(child.setup)
        child.setup.close()
        child.setup = None
        if child.client is not None:
            if message is None:
                message = {
                    "error": "The process ended while it was being confined",
                    "where": "fork server",
                    "remedy": "",
                }
            handle = child.handle if child.handle >= 0 else child.outer
            if "ready" in message:
                message |= {"pid": child.pid, "uid": child.lease.uid if child.lease else None}
                self.answer(child.client, message, (handle, child.log))
            else:
                self.answer(child.client, message)
        if child.log >= 0:
            os.close(child.log)
            child.log = -1

    def client_event(self, child: Child) -> None:
        """A client has closed its connection (or sent something, which it must not): its sandbox ends with it."""
        assert child.client is not None
        self.events.unregister(child.client)
        child.client.close()
        child.client = None
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(child.handle if child.handle >= 0 else child.outer, signal.SIGKILL)

    def end_event(self, child: Child) -> None:
        """The outer process has ended, so everything inside has."""
        while child.setup is not None:
            self.setup_event(child)
        _, status = os.waitpid(child.pid, 0)
        self.events.unregister(child.outer)
        os.close(child.outer)
        if child.handle >= 0:
            os.close(child.handle)
        if child.client is not None:
            code = os.waitstatus_to_exitcode(status)
            self.answer(child.client, {"exit": code if code >= 0 else confine.STALE - code})
            self.events.unregister(child.client)
            child.client.close()
        if child.lease is not None:
            child.lease.release()
        del self.children[child.pid]


def main() -> None:
    """Entry point; the client passes the settings as JSON in the last argument and two open sockets."""
    settings = json.loads(sys.argv[1])
    lifeline = socket.socket(fileno=settings["lifeline"])
    listener = socket.socket(fileno=settings["listener"])
    lifeline.set_inheritable(False)
    listener.set_inheritable(False)
    sys.argv[1:] = []
    started = time.monotonic()
    gc.disable()  # nothing becomes garbage while libraries are imported; looking for some took a tenth of the time
    try:
        missing = preload(settings["libraries"], optional=True)
        preload(settings["modules"], optional=False)
        threads = confine.own_threads()
        if threads != 1:
            raise RuntimeError(f"the imports started {threads - 1} threads; a fork would lose them")
    except Exception as error:
        request.send(lifeline, {"error": f"{type(error).__name__}: {error}"})
        sys.exit(1)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    gc.enable()
    gc.collect()
    gc.freeze()  # the collector must not write to, and so copy, what all children share
    pages.gather()
    request.send(lifeline, {"ready": True, "missing": missing, "seconds": time.monotonic() - started})
    address = listener.getsockname()
    try:
        Server(listener, lifeline).serve()
    finally:
        with contextlib.suppress(OSError):  # the client does it too, unless it was killed
            os.unlink(address)
            os.rmdir(os.path.dirname(address))


if __name__ == "__main__":
    # As __main__ this file is loaded under another name than its imports use; one copy must do the work.
    importlib.import_module("goodfit.sandbox.fork.server").main()
