"""Grading on many machines: the jobs that :class:`~goodfit.grading.pool.Graders` takes, sent to Dask workers.

Dask itself pickles between client, scheduler and workers, which trust each other: what a student made is bytes in what
is pickled, and never more. What comes back is read as data, with limits, against a schema.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import uuid
from asyncio import CancelledError
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError as FutureCancelled
from contextlib import contextmanager, suppress
from itertools import islice
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

from distributed import Client, Future, Security, wait
from distributed.scheduler import KilledWorker

from goodfit.files import Unavailable
from goodfit.grading.job import Bundle, Job, unreadable, versions
from goodfit.grading.plugin import OUR_FAULT
from goodfit.grading.verdict import Outcome
from goodfit.grading.worker import Answer, SetOnWorker, grade, pack
from goodfit.notebooks.assignment import Assignment
from goodfit.sandbox.errors import SandboxUnavailable

DEATHS = 3  # of workers, under one submission, until a human must look at it
PATIENCE = 120.0  # seconds without any worker until a run ends
CONNECTING = 20.0  # seconds to reach the scheduler
MAX_ANSWER = 256 * 2**20  # bytes
AGAIN = "What was finished is kept: run the command again."


def require_safe(address: str) -> None:
    """Refuse an address to which submissions and hidden checks would travel for everybody to read.

    Raises:
        Unavailable: when it is neither TLS nor this machine.
    """
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme == "tls" or (parts.scheme == "tcp" and _is_this_machine(parts.hostname or "")):
        return
    raise Unavailable(
        f"{address} is another machine, and not by TLS: submissions and hidden checks would be open to the network, "
        "and who speaks to a scheduler runs code on it. Use tls://… (docs/operator.md). Nothing was graded."
    )


@contextmanager
def connected(address: str, assignment: Assignment, sandbox: str) -> Iterator[Cluster]:
    """The workers of a Dask scheduler, with an assignment sent to each of them.

    Args:
        address: of the scheduler: tls://HOST:PORT, or tcp://HOST:PORT on this machine.
        assignment: what will be graded.
        sandbox: tier, or "auto"; chosen on each worker.

    Raises:
        Unavailable: when the scheduler cannot be reached, or its address is not safe.
    """
    require_safe(address)
    for name in ("distributed", "distributed.client"):  # what they say is said in words here
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        security = Security(require_encryption=True) if address.startswith("tls://") else None
        client = Client(address, timeout=CONNECTING, set_as_default=False, security=security)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        said = " ".join(str(error).split())
        raise Unavailable(f"No Dask scheduler answers at {address}: {said or type(error).__name__}.") from None
    packed = pack(assignment)
    digest = hashlib.sha256(packed).hexdigest()
    plugin = f"goodfit-{digest[:16]}-{uuid.uuid4().hex}"
    try:
        cluster = Cluster(client, address, assignment, plugin)
        cluster.threads()
        sent = SetOnWorker(packed, digest, versions(), sandbox, frozenset(assignment.imports()))
        client.register_plugin(sent, name=plugin)
        try:
            yield cluster
        finally:
            if client.status == "running":
                with suppress(OSError, RuntimeError, ValueError):
                    client.unregister_worker_plugin(plugin)
    finally:
        client.close(timeout=5)


class Cluster:
    """Grades submissions on Dask workers; stands where ``Graders`` does. Made by :func:`connected`."""

    tier = "auto"

    def __init__(self, client: Any, address: str, assignment: Assignment, plugin: str) -> None:
        self._client, self._address, self._assignment, self._plugin = client, address, assignment, plugin

    def grade_all(self, jobs: Iterable[tuple[str, Job]], workers: int) -> Iterator[tuple[str, Bundle]]:
        """Grade named jobs, as many at a time as the cluster has threads; yields each as it is done.

        Dask tries elsewhere what was on a worker that died. It cannot tell which of a worker's jobs was to blame, so a
        job that it gives up is tried again when it is the only one.

        Args:
            jobs: names and jobs, taken one by one.
            workers: how many at a time at most; 0: as many as there are threads.

        Raises:
            Unavailable: when the scheduler is gone, or no worker is there for two minutes.
            SandboxError: when a worker has no sandbox.
        """
        coming = iter(jobs)
        running: dict[Any, tuple[str, bytes]] = {}
        suspects: list[tuple[str, bytes]] = []
        deaths: Counter[str] = Counter()
        try:
            while True:
                threads = self.threads()
                for name, job in islice(coming, max(0, min(threads, workers or threads) - len(running))):
                    sent = job.model_dump_json().encode()
                    running[self._submit(sent)] = name, sent
                if not running:
                    if not suspects:
                        return
                    name, sent = suspects.pop(0)
                    running[self._submit(sent)] = name, sent
                alone = len(running) == 1 and deaths[next(iter(running.values()))[0]] > 0
                for future in self._done(running):
                    name, sent = running.pop(future)
                    error = future.exception(timeout=CONNECTING) if future.status == "error" else None
                    if not isinstance(error, KilledWorker):
                        yield name, self._bundle(future, error)
                        continue
                    deaths[name] += self._allowed() + 1
                    if alone and deaths[name] >= DEATHS:
                        yield name, self._broken(f"{deaths[name]} workers died under it: {error}")
                    else:
                        suspects.append((name, sent))
        except (CancelledError, FutureCancelled, OSError) as error:
            raise self._gone(error) from None
        finally:
            if self._client.status == "running":
                self._client.cancel(list(running))

    def threads(self) -> int:
        """How many submissions the workers take at a time; waits for the first worker.

        Raises:
            Unavailable: when none comes, or one is neither reached by TLS nor on this machine.
        """
        until = monotonic() + PATIENCE
        while True:
            if self._client.status != "running":
                raise self._gone()
            try:
                found = self._client.scheduler_info(n_workers=-1)["workers"]
            except (OSError, RuntimeError) as error:
                raise self._gone(error) from None
            for address in found:
                require_safe(address)
            if found:
                return sum(int(one["nthreads"]) for one in found.values())
            if monotonic() > until:
                raise Unavailable(f"The scheduler {self._address} has had no worker for {PATIENCE:g} s. {AGAIN}")
            sleep(0.5)

    def _submit(self, sent: bytes) -> Any:
        return self._client.submit(grade, sent, self._plugin, pure=False, key=f"goodfit-{uuid.uuid4().hex}")

    def _done(self, running: Iterable[Any]) -> list[Future]:
        """The finished ones; none after a second without, so that the scheduler and the workers are looked at."""
        with suppress(TimeoutError), self._client.as_current():
            wait(list(running), timeout=1, return_when="FIRST_COMPLETED")
        if self._client.status != "running":
            raise self._gone()
        return [future for future in running if future.status != "pending"]

    def _bundle(self, future: Any, error: BaseException | None) -> Bundle:
        if error is not None:
            raise Unavailable(
                f"A Dask worker could not grade: {type(error).__name__}: {error}. The same Goodfit must be installed "
                f"on every worker. {AGAIN}"
            )
        data = future.result(timeout=PATIENCE)
        if not isinstance(data, bytes) or len(data) > MAX_ANSWER:
            return self._broken("a worker sent no answer, or one that is too large")
        try:
            answer = Answer.model_validate_json(data)
        except ValueError as error:
            return self._broken(f"a worker's answer could not be read: {error}")
        if answer.no_sandbox:
            raise SandboxUnavailable(f"A Dask worker has no sandbox: {answer.no_sandbox}")
        if answer.other_versions:
            raise Unavailable(
                f"A Dask worker has other versions, and would give other verdicts: {answer.other_versions}. Install "
                f"there what is installed here. {AGAIN}"
            )
        bundle = answer.bundle
        wanted = {**versions(), "graders": self._assignment.digest()[:16]}
        if bundle is None or bundle.verdict.assignment != self._assignment.name or bundle.verdict.versions != wanted:
            return self._broken("a worker's answer belongs to another assignment or version")
        return bundle

    def _broken(self, log: str) -> Bundle:
        bundle = unreadable(self._assignment, self.tier, OUR_FAULT, Outcome.GRADER_ERROR)
        return bundle.model_copy(update={"log": log})

    def _allowed(self) -> int:
        """Deaths of workers that the scheduler forgives a job before it gives it up."""
        return int(self._client.run_on_scheduler(_allowed_failures))

    def _gone(self, error: BaseException | None = None) -> Unavailable:
        said = f" ({type(error).__name__}: {error})" if error is not None and str(error) else ""
        return Unavailable(f"The Dask scheduler {self._address} is gone{said}. {AGAIN}")


def _allowed_failures(dask_scheduler: Any) -> int:
    return int(dask_scheduler.allowed_failures)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
