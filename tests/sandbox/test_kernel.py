"""The sandbox as a Jupyter kernel."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sandboxes import SMALL

from goodfit.grading.kernels import KERNEL
from goodfit.sandbox.fork.client import ForkServer
from goodfit.sandbox.launch import Tier
from goodfit.sandbox.provisioners import kernel_manager

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sandboxes are made of Linux namespaces")


Talk = Callable[[str], Awaitable[tuple[str, str]]]


async def with_kernel(
    tier: Tier,
    server: ForkServer,
    body: Callable[[Any, Any, Talk], Awaitable[None]],
    start: dict[str, Any] | None = None,
    **settings: Any,
) -> None:
    manager = kernel_manager(tier, KERNEL, SMALL, server=server, **settings)
    await manager.start_kernel(**(start or {}))
    client = manager.client()
    client.start_channels()

    async def talk(code: str) -> tuple[str, str]:
        text: list[str] = []

        def collect(message: dict[str, Any]) -> None:
            if message["msg_type"] == "stream":
                text.append(message["content"]["text"])

        reply = await client.execute_interactive(code, timeout=20, output_hook=collect)
        return reply["content"]["status"], "".join(text)

    try:
        await client.wait_for_ready(timeout=30)
        await body(manager, client, talk)
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


def test_kernel_runs_restarts_and_goes(tier: Tier, server: ForkServer, tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("data")
    folders: list[str] = []

    async def body(manager: Any, client: Any, talk: Talk) -> None:
        folders.append(os.path.dirname(manager.connection_file))
        assert await talk("x = 1; print(open('data.txt').read(), __import__('os').getcwd())") == (
            "ok",
            "data /home/student\n",
        )
        assert (await talk("!echo from a shell"))[1].strip() == "from a shell"
        assert (await talk("1/0"))[0] == "error"
        first = manager.provisioner.sandbox
        await manager.restart_kernel(now=True)
        await client.wait_for_ready(timeout=30)
        assert first.returncode is not None
        assert (await talk("print(x)"))[0] == "error"

    asyncio.run(with_kernel(tier, server, body, staging=str(tmp_path)))
    assert not os.path.exists(folders[0])


def test_kernel_is_interrupted_by_message(tier: Tier, server: ForkServer) -> None:
    async def body(manager: Any, client: Any, talk: Talk) -> None:
        running = asyncio.ensure_future(talk("import time\nwhile True: time.sleep(0.01)"))
        await asyncio.sleep(0.3)
        await manager.interrupt_kernel()
        assert (await running)[0] == "error"
        assert await talk("print('alive')") == ("ok", "alive\n")

    asyncio.run(with_kernel(tier, server, body))


def test_dead_kernel_is_noticed_and_cleaned(tier: Tier, server: ForkServer) -> None:
    async def body(manager: Any, client: Any, talk: Talk) -> None:
        client.execute("import os; os._exit(5)")
        for _ in range(500):
            if not await manager.is_alive():
                break
            await asyncio.sleep(0.01)
        assert not await manager.is_alive()
        assert manager.provisioner.sandbox.returncode == 5

    asyncio.run(with_kernel(tier, server, body))


def test_kernel_cannot_fill_its_socket_folder(server: ForkServer) -> None:
    """The one folder of the host that a kernel writes to takes sockets only (by Landlock)."""

    async def body(manager: Any, client: Any, talk: Talk) -> None:
        if "landlock" not in manager.provisioner.sandbox.layers:
            pytest.skip("this kernel has no Landlock")
        status, text = await talk(
            "try: open('/run/goodfit/sockets/file', 'w')\nexcept PermissionError: print('refused')"
        )
        assert (status, text) == ("ok", "refused\n")

    asyncio.run(with_kernel(Tier.FORK, server, body))


def test_kernel_in_nbgraders_folder_gives_it_back(tier: Tier, server: ForkServer, tmp_path: Path) -> None:
    folder = tmp_path / "autograded"
    folder.mkdir()
    (folder / "given.txt").write_text("given")

    async def body(manager: Any, client: Any, talk: Talk) -> None:
        assert (await talk("open('made.txt', 'w').write(open('given.txt').read())"))[0] == "ok"

    asyncio.run(with_kernel(tier, server, body, start={"cwd": str(folder)}, share_cwd=True))
    assert (folder / "made.txt").read_text() == "given"
    assert {path.stat().st_uid for path in (folder, folder / "made.txt", folder / "given.txt")} == {os.geteuid()}
