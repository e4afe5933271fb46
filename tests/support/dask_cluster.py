"""A Dask scheduler and workers in processes of their own, on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

# Workers read this before anything else. They borrow the tests' fork server, which is warm, and are ended by what stands
# in a notebook: as by a machine whose memory is used up.
PRELOAD = """
import contextlib, os, pathlib, signal, time
from goodfit.grading import worker
from goodfit.sandbox.launch import Tier

@contextlib.contextmanager
def serving(tier, imports):
    yield Tier.FORK, os.environ["TEST_FORK_SERVER"]

def grade(self, sent, real=worker.SetOnWorker.grade):
    import base64, json
    text, folder = base64.b64decode(json.loads(sent)["notebook"]), pathlib.Path(os.environ["TEST_FOLDER"])
    once = b"KILLS ONE WORKER" in text and not (folder / "once").exists()
    if once:
        (folder / "once").touch()
    if once or b"KILLS EVERY WORKER" in text:
        with open(folder / "killed", "a") as file:
            file.write("x")
        os.kill(os.getpid(), 9)
    if b"WAITS" in text:
        (folder / "waiting").touch()
        time.sleep(300)
    return real(self, sent)

if os.environ.get("TEST_FORK_SERVER"):
    worker.serving, worker.SetOnWorker.grade = serving, grade
"""


@dataclass
class Running:
    """A scheduler with workers.

    Attributes:
        address: of the scheduler.
        folder: where workers leave notes.
    """

    address: str
    folder: Path
    scheduler: subprocess.Popen[bytes]

    def deaths(self) -> int:
        """Workers that were ended by a notebook."""
        killed = self.folder / "killed"
        return len(killed.read_text()) if killed.exists() else 0


@contextmanager
def running(folder: Path, workers: int, server: str | None) -> Iterator[Running]:
    """A scheduler and so many workers with a thread each; a worker that dies is started again.

    Args:
        folder: of one's own.
        workers: how many.
        server: address of a fork server to borrow; None: each worker starts its own.
    """
    place, preload = folder / "scheduler.json", folder / "preload.py"
    preload.write_text(PRELOAD)
    environment = {**os.environ, "TEST_FOLDER": str(folder), "TEST_FORK_SERVER": server or ""}
    environment["DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"] = "0"  # as docs/operator.md advises
    common = ["--no-dashboard", "--scheduler-file", str(place)]
    run = [sys.executable, "-m"]
    with open(folder / "log", "wb") as log:
        start = {"env": environment, "cwd": folder, "stdout": log, "stderr": log}
        host = ["--host", "127.0.0.1", "--port", "0"]
        scheduler = subprocess.Popen([*run, "distributed.cli.dask_scheduler", *common, *host], **start)
        one = ["--nthreads", "1", "--nworkers", str(workers), "--memory-limit", "0", "--preload", str(preload)]
        nanny = subprocess.Popen([*run, "distributed.cli.dask_worker", *common, "--host", "127.0.0.1", *one], **start)
        try:
            until = time.monotonic() + 200
            while not place.exists() or (folder / "log").read_text().count("Register worker") < workers:
                assert scheduler.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < until
                time.sleep(0.1)
            yield Running(json.loads(place.read_text())["address"], folder, scheduler)
        finally:
            theirs = psutil.Process(nanny.pid).children(recursive=True)
            nanny.send_signal(signal.SIGINT)  # ends its workers, too
            with suppress(subprocess.TimeoutExpired):
                nanny.wait(30)
            for process in (nanny, scheduler, *theirs):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            nanny.wait(10)
            scheduler.wait(10)
