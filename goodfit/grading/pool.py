"""Grader processes for a class: each submission is graded in a process of its own, several at a time.

A submission that only waits (it sleeps until its time is over, or listens for what does not come) leaves its place to
the next one: a class does not wait with it.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from typing import Protocol

import psutil

from goodfit.grading.job import WAITS, WORKS, Bundle, Job, unreadable
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
CROWD = 2  # times the workers: how many submissions are graded at most, together with those that only wait
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

    def grade(self, job: Job, told: Callable[[bool], object] = lambda waits: None) -> Bundle:
        """Grade one submission; a grader process that breaks gives a bundle of grader errors, never an exception.

        Args:
            job: the submission.
            told: is told when it only waits (True), and when it works again (False).

        Raises:
            SandboxError: when student code cannot be confined (then nothing may be graded).
        """
        for _ in range(TRIES - 1):
            try:
                return self._grade(job, told)
            except GraderGone as error:  # what ended it may have been the machine's doing
                LOG.info("%s: a grader process is gone, and another one tries: %s", job.assignment, error)
                told(False)
        try:
            return self._grade(job, told)
        except GraderGone as error:
            assignment = Assignment.find(job.assignment, job.source_root, job.graders_root)
            bundle = unreadable(assignment, job.tier, OUR_FAULT, Outcome.GRADER_ERROR)
            return bundle.model_copy(update={"log": str(error)})

    def _grade(self, job: Job, told: Callable[[bool], object]) -> Bundle:
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
                until = monotonic() + max(AGAIN, job.limits.busy_factor) * job.limits.notebook_seconds + MARGIN
                while connection.poll(max(0.0, until - monotonic())):
                    if (said := connection.recv_bytes()) not in (WAITS, WORKS):
                        return Bundle.model_validate_json(said)
                    told(said == WAITS)
                raise TimeoutError("the grader process did not finish")
            except (OSError, EOFError, ValueError) as error:
                raise GraderGone(f"{type(error).__name__}: {error}\n{process.log_tail()}") from error
            finally:
                process.close()

    def grade_all(self, jobs: Iterable[tuple[str, Job]], workers: int) -> Iterator[tuple[str, Bundle]]:
        """Grade named jobs, ``workers`` at a time; yields each as it is done.

        Jobs are taken one by one as workers come free: a class of a thousand needs no more memory than one of ten. As
        long as a job only waits, another is taken in its place, where there is memory for it.
        """
        coming = iter(jobs)
        running: dict[Future[Bundle], str] = {}
        waiting: set[str] = set()
        news: SimpleQueue[Future[Bundle] | None] = SimpleQueue()  # done, or: somebody waits or works again

        def grade(name: str, job: Job) -> Bundle:
            def told(waits: bool) -> None:
                (waiting.add if waits else waiting.discard)(name)
                news.put(None)

            try:
                return self.grade(job, told)
            finally:
                waiting.discard(name)

        with ThreadPoolExecutor(CROWD * workers) as pool:
            try:
                while True:
                    at_work = len(running) - len(waiting)
                    most = CROWD * workers if _free_memory() > SUBMISSION_MEMORY else workers
                    for name, job in islice(coming, max(0, min(workers - at_work, most - len(running)))):
                        future = pool.submit(grade, name, job)
                        running[future] = name
                        future.add_done_callback(news.put)
                    if not running:
                        return
                    if (done := news.get()) is not None:
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
    return max(1, min(cores, int((_free_memory() - SERVER_MEMORY) // SUBMISSION_MEMORY)))


def _free_memory() -> float:
    """Bytes that this process and what it starts may still take."""
    return min(psutil.virtual_memory().available, *_left_in_containers())


def _left_in_containers() -> list[float]:
    """Bytes that each memory limit around this process leaves (cgroup v2, or v1); where none is set, infinity."""
    left = [math.inf]
    for most, used in MEMORY_LIMITS:
        with contextlib.suppress(OSError, ValueError):  # v2 says "max" where there is no limit
            left.append(int(Path(most).read_text()) - int(Path(used).read_text()))
    return left
