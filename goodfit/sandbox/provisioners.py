"""How Jupyter starts a sandboxed kernel: kernel provisioners, one per tier, behind one interface.

The kernel talks ZMQ over unix sockets in a private folder (it has no network). Interrupts are messages; a kill ends the
whole sandbox.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
import tempfile
from importlib.metadata import EntryPoint
from typing import Any, ClassVar

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets import Bool, Dict, List, Unicode

from goodfit.sandbox import view
from goodfit.sandbox.errors import ConfinementFailed, SandboxUnavailable
from goodfit.sandbox.fork.client import ForkServer
from goodfit.sandbox.launch import Tier, spawn
from goodfit.sandbox.limits import Limits
from goodfit.sandbox.process import SandboxProcess
from goodfit.sandbox.request import Request

LONGEST_SOCKET_PATH = 107
"""Bytes; a limit of Linux."""


class SandboxProvisioner(LocalProvisioner):
    """What both tiers share. The settings are those of `Request`; a kernelspec's metadata may give them."""

    tier: ClassVar[Tier]

    target = Unicode(help="module:function that serves the kernel").tag(config=True)
    limits = Dict(help="fields of Limits that differ from their defaults").tag(config=True)
    staging = Unicode(None, allow_none=True, help="folder whose files are copied to the work dir").tag(config=True)
    ro = List(Unicode(), help="further paths to show read-only").tag(config=True)
    rw = List(Unicode(), help="folders to show writable").tag(config=True)
    hidden = List(Unicode(), help="paths that must not be visible").tag(config=True)
    env = Dict(help="environment variables to add").tag(config=True)
    pass_env = List(Unicode(), ["NBGRADER_EXECUTION", "NBGRADER_VALIDATING"], help="variables to pass on").tag(
        config=True
    )
    import_path = List(Unicode(), help="folders to import the target from").tag(config=True)
    share_cwd = Bool(
        False,
        help="run in the folder the client names, writable, as nbgrader's own graders expect; "
        "otherwise in the sandbox's own work dir",
    ).tag(config=True)
    server_address = Unicode("", help="socket of the fork server; else $GOODFIT_FORK_SERVER").tag(config=True)

    sandbox: SandboxProcess | None = None
    """The last sandbox of this kernel, also after its end: exit code, layers, log."""

    _base: str | None = None
    _shared: tuple[tuple[str, int, int], ...] = ()

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose unix sockets in a private folder before the connection file is written."""
        manager = self.parent
        if manager is None:
            raise SandboxUnavailable("A sandboxed kernel needs a kernel manager", where="provisioner")
        if self._base is None:
            self._base = _socket_folder()
            os.mkdir(self._run_dir, 0o700)
            manager.transport, manager.cache_ports = "ipc", False
            manager.connection_file = os.path.join(self._base, "c.json")
            manager.ip = os.path.join(self._run_dir, "s")
        return await super().pre_launch(**kwargs)

    @property
    def _run_dir(self) -> str:
        assert self._base is not None
        return os.path.join(self._base, "k")

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the sandbox. The kernelspec's command is not used: what runs is `target`.

        `pass_fds`, as of Popen, may have the descriptor of a connected socket, which the target gets.
        """
        await self._end()
        wanted, passed = self._request(kwargs), next(iter(kwargs.get("pass_fds", ())), None)
        self._shared = tuple((path, status.st_uid, status.st_gid) for path in wanted.rw for status in [os.stat(path)])
        try:
            with socket.socket(fileno=os.dup(passed)) if passed is not None else contextlib.nullcontext() as sock:
                self.sandbox = await asyncio.to_thread(self._spawn, wanted, sock)
        except BaseException:
            self._give_back()
            raise
        self.process = self.sandbox  # type: ignore[assignment]  # Popen-like, as far as jupyter_client goes
        self.pid, self.pgid = self.sandbox.pid, None
        self.cwd = wanted.cwd
        return self.connection_info

    def _request(self, kwargs: dict[str, Any]) -> Request:
        environment = kwargs.get("env") or os.environ
        passed = {name: environment[name] for name in self.pass_env if name in environment}
        cwd = os.path.abspath(kwargs["cwd"]) if self.share_cwd and kwargs.get("cwd") else None
        assert self.parent is not None
        with open(self.parent.connection_file, encoding="utf-8") as file:
            connection = json.load(file)
        return Request(
            kind="kernel",
            target=self.target,
            limits=Limits(**self.limits),
            connection=connection,
            staging=self.staging,
            ro=tuple(self.ro),
            rw=tuple(dict.fromkeys([*self.rw, *([cwd] if cwd else [])])),
            hidden=tuple(self.hidden),
            run_dir=self._run_dir,
            cwd=cwd,
            env={**passed, **self.env},
            import_path=tuple(self.import_path),
        )

    def _spawn(self, wanted: Request, sock: socket.socket | None) -> SandboxProcess:
        return spawn(self.tier, wanted, sock)

    async def wait(self) -> int | None:
        """Wait for the end of the sandbox."""
        while self.process is not None and self.process.poll() is None:
            await asyncio.sleep(0.01)
        code = self.sandbox.returncode if self.sandbox else 0
        self.process = None
        return code

    async def send_signal(self, signum: int) -> None:
        """SIGKILL and SIGTERM end the sandbox; others cannot reach the kernel and are left to interrupt messages."""
        if self.sandbox is not None and signum in (9, 15):
            self.sandbox.kill()

    async def kill(self, restart: bool = False) -> None:
        """End everything inside, and wait for it: jupyter_client would look again after a tenth of a second only."""
        if self.sandbox is not None:
            await asyncio.to_thread(self._kill_and_wait, self.sandbox)

    async def terminate(self, restart: bool = False) -> None:
        """End everything inside."""
        await self.send_signal(9)

    async def cleanup(self, restart: bool = False) -> None:
        """Give shared folders back to their owner and remove the private one."""
        await self._end()
        if not restart and self._base is not None:
            await asyncio.to_thread(shutil.rmtree, self._base, ignore_errors=True)
            self._base = None

    async def _end(self) -> None:
        if self.sandbox is not None and self.sandbox.returncode is None:
            await asyncio.to_thread(self._kill_and_wait, self.sandbox)
        self._give_back()

    @staticmethod
    def _kill_and_wait(sandbox: SandboxProcess) -> None:
        sandbox.kill()
        sandbox.wait(10)

    def _give_back(self) -> None:
        if os.geteuid() == 0:
            for path, uid, gid in self._shared:
                view.give(path, uid, gid)
        self._shared = ()


class ForkProvisioner(SandboxProvisioner):
    """`goodfit-fork`: a kernel forked from the fork server."""

    tier = Tier.FORK

    def _spawn(self, wanted: Request, sock: socket.socket | None) -> SandboxProcess:
        return spawn(self.tier, wanted, sock, server=ForkServer.at(self.server_address or None))


class BubblewrapProvisioner(SandboxProvisioner):
    """`goodfit-bwrap`: a new Python inside bubblewrap."""

    tier = Tier.BUBBLEWRAP


PROVISIONERS: dict[Tier, tuple[str, type[SandboxProvisioner]]] = {
    Tier.FORK: ("goodfit-fork", ForkProvisioner),
    Tier.BUBBLEWRAP: ("goodfit-bwrap", BubblewrapProvisioner),
}


def kernel_spec(tier: Tier, target: str, limits: Limits | None = None, **settings: Any) -> KernelSpec:
    """A kernelspec made in code for a kernel that `target` (module:function) serves.

    `settings` are traits of `SandboxProvisioner` (staging, ro, rw, hidden, env, …).
    """
    if tier not in PROVISIONERS:
        raise SandboxUnavailable("There is no sandboxed kernel without a sandbox", where=f"--sandbox {tier}")
    name, kind = PROVISIONERS[tier]
    # Entry points are read from installed packages; registering here also serves a checkout that is not installed.
    KernelProvisionerFactory.instance().provisioners.setdefault(
        name, EntryPoint(name, f"{kind.__module__}:{kind.__qualname__}", KernelProvisionerFactory.GROUP_NAME)
    )
    settings["target"] = target
    if limits is not None:
        settings["limits"] = limits.model_dump()
    return KernelSpec(
        argv=["goodfit-kernel"],
        display_name=f"Goodfit ({tier})",
        language="python",
        interrupt_mode="message",
        metadata={"kernel_provisioner": {"provisioner_name": name, "config": settings}},
    )


def kernel_manager(
    tier: Tier, target: str, limits: Limits | None = None, *, server: ForkServer | None = None, **settings: Any
) -> AsyncKernelManager:
    """A kernel manager whose `start_kernel()` makes a sandbox: `manager.provisioner.sandbox`, a `SandboxProcess`."""
    if server is not None:
        settings["server_address"] = server.address
    manager = AsyncKernelManager(kernel_name=f"goodfit-{tier}")
    manager._kernel_spec = kernel_spec(tier, target, limits, **settings)
    return manager


def _socket_folder() -> str:
    """A new private folder whose sockets' names are short enough."""
    for parent in (tempfile.gettempdir(), os.environ.get("XDG_RUNTIME_DIR", ""), "/tmp"):
        if parent and os.path.isabs(parent) and os.access(parent, os.W_OK | os.X_OK):
            folder = os.path.realpath(tempfile.mkdtemp(prefix="gf-", dir=parent))
            if len(os.fsencode(folder)) + len("/k/s-65535") <= LONGEST_SOCKET_PATH:
                return folder
            os.rmdir(folder)
    raise ConfinementFailed(
        "No folder with a path short enough for unix sockets", where="TMPDIR", remedy="Point TMPDIR to a short path."
    )
