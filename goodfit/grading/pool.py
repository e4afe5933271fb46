"""Grader processes for a class: each submission is graded in a process of its own, several at a time."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

import psutil

from goodfit.grading.job import Bundle, Job, unreadable
from goodfit.grading.kernels import with_patience
from goodfit.grading.plugin import OUR_FAULT
from goodfit.grading.verdict import Outcome
from goodfit.notebooks.assignment import Assignment
from goodfit.sandbox.errors import ForkServerDied, SandboxError
from goodfit.sandbox.fork.client import ForkServer
from goodfit.sandbox.launch import Tier
from goodfit.sandbox.limits import GIB
from goodfit.sandbox.request import Request

TRIES = 2  # grader processes for one submission
MARGIN = 300.0  # seconds beyond the longest run of a notebook after which a grader process is given up
AGAIN = 3  # times a notebook's limit that it may take: it may be run again without a cell that ended the kernel
GRADER = "import socket, sys; from goodfit.grading.job import serve; serve(socket.socket(fileno=int(sys.argv[1])))"

# The fork server with TensorFlow, and what a submission with trained models adds (its kernel, the reader of its models,
# its grader): 0.5 and 0.6 GiB were measured, pages that they share counted once; the rest is room
SERVER_MEMORY, SUBMISSION_MEMORY = 1 * GIB, 1 * GIB
MEMORY_LIMITS = [
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
]

LOG = logging.getLogger(__name__)


class GraderGone(Exception):
    """A grader process ended without a bundle; the message is for the log."""


class Graders:
    """Grades submissions in grader processes; which are forks of the fork server where there is one.

    Args:
        tier: sandbox tier that jobs are graded in.
        server: address of the fork server (tier fork), else None.
    """

    def __init__(self, tier: Tier, server: str | None) -> None:
        self.tier = tier
        self.server = server

    def grade(self, job: Job) -> Bundle:
        """Grade one submission; a grader process that breaks gives a bundle of grader errors, never an exception.

        Raises:
            SandboxError: when student code cannot be confined (then nothing may be graded).
        """
        for _ in range(TRIES - 1):
            try:
                return self._grade(job)
            except GraderGone as error:  # what ended it may have been the machine's doing
                LOG.info("%s: a grader process is gone, and another one tries: %s", job.assignment, error)
        try:
            return self._grade(job)
        except GraderGone as error:
            assignment = Assignment.find(job.assignment, job.source_root, job.graders_root)
            bundle = unreadable(assignment, job.tier, OUR_FAULT, Outcome.GRADER_ERROR)
            return bundle.model_copy(update={"log": str(error)})

    def _grade(self, job: Job) -> Bundle:
        ours, theirs = socket.socketpair()
        connection = Connection(ours.detach())
        with connection:
            with theirs:
                try:
                    process = with_patience(lambda: self._start(theirs))
                except SandboxError as error:
                    if self.server is not None and not ForkServer.at(self.server).alive():
                        raise  # nobody else can be graded either: the batch ends, and nothing is recorded
                    raise GraderGone(f"no grader process could be started: {error}") from error
            try:
                connection.send_bytes((self.server or "").encode())
                connection.send_bytes(job.model_dump_json().encode())
                if not connection.poll(max(AGAIN, job.limits.busy_factor) * job.limits.notebook_seconds + MARGIN):
                    raise TimeoutError("the grader process did not finish")
                return Bundle.model_validate_json(connection.recv_bytes())
            except (OSError, EOFError, ValueError) as error:
                raise GraderGone(f"{type(error).__name__}: {error}\n{process.log_tail()}") from error
            finally:
                process.close()

    def grade_all(self, jobs: Iterable[tuple[str, Job]], workers: int) -> Iterator[tuple[str, Bundle]]:
        """Grade named jobs, ``workers`` at a time; yields each as it is done.

        Jobs are taken one by one as workers come free: a class of a thousand needs no more memory than one of ten.
        """
        coming = iter(jobs)
        running: dict[Future[Bundle], str] = {}
        with ThreadPoolExecutor(workers) as pool:
            try:
                while True:
                    for name, job in islice(coming, workers - len(running)):
                        running[pool.submit(self.grade, job)] = name
                    if not running:
                        return
                    for done in wait(running, return_when=FIRST_COMPLETED).done:
                        yield running.pop(done), done.result()
            finally:
                for future in running:
                    future.cancel()

    def _start(self, theirs: socket.socket) -> _GraderProcess:
        if self.server is not None:
            request = Request(kind="job", target="goodfit.grading.job:serve", confined=False, cwd="/")
            try:
                return ForkServer.at(self.server).spawn(request, theirs)
            except ForkServerDied:
                if not ForkServer.revive(self.server):
                    raise
                return ForkServer.at(self.server).spawn(request, theirs)
        return _GraderProgram(theirs)


class _GraderProcess(Protocol):
    """What is asked of a grader process, forked or a new Python."""

    def log_tail(self) -> str:
        """The end of what it wrote."""

    def close(self) -> None:
        """End it and free everything."""


class _GraderProgram:
    """A grader process that is a new Python."""

    def __init__(self, sock: socket.socket) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-c", GRADER, str(sock.fileno())],
            pass_fds=[sock.fileno()],
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1"},
            stdout=self._log,
            stderr=self._log,
        )

    def log_tail(self) -> str:
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")[-4000:]

    def close(self) -> None:
        self._process.kill()
        self._process.wait(10)
        self._log.close()


def default_workers() -> int:
    """One submission per core that this process may use, and no more than there is memory for; at least one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = min(psutil.virtual_memory().available, *_left_in_containers())
    return max(1, min(cores, int((memory - SERVER_MEMORY) // SUBMISSION_MEMORY)))


def _left_in_containers() -> list[float]:
    """Bytes that each memory limit around this process leaves (cgroup v2, or v1); where none is set, infinity."""
    left = [math.inf]
    for most, used in MEMORY_LIMITS:
        with contextlib.suppress(OSError, ValueError):  # v2 says "max" where there is no limit
            left.append(int(Path(most).read_text()) - int(Path(used).read_text()))
    return left
