"""One piece of code in a sandbox, started as the engine starts it."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

from goodfit.sandbox.launch import Tier
from goodfit.sandbox.limits import MIB, Limits
from goodfit.sandbox.process import SandboxProcess

TARGETS = str(Path(__file__).parents[1] / "support" / "sandbox_targets")


SMALL = Limits(disk_bytes=16 * MIB, file_bytes=8 * MIB, processes=48, cpu_seconds=20)


CONFINED = (Tier.FORK, Tier.BUBBLEWRAP)


class Inside:
    """A sandbox that runs one piece of code and stays."""

    def __init__(self, process: SandboxProcess, sock: socket.socket) -> None:
        self.process, self.sock = process, sock

    def answer(self, seconds: float = 20) -> dict[str, Any]:
        self.sock.settimeout(seconds)
        data = b""
        while not data.strip(b" ").endswith(b"\n"):
            try:
                chunk = self.sock.recv(1 << 16)
            except ConnectionError:
                chunk = b""
            if not chunk:
                return {"dead": self.process.wait(5), "log": self.process.log_tail()}
            data += chunk
            if b"\n" in data:
                data = data[: data.index(b"\n") + 1]
        return json.loads(data)  # type: ignore[no-any-return]

    def result(self) -> Any:
        answer = self.answer()
        assert "result" in answer, answer
        return answer["result"]

    def __enter__(self) -> Inside:
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()
        self.process.close()
