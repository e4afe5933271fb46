"""One notebook in one student kernel, run cell by cell as far as the checks ask for it.

The kernel is hostile: every message is bounded, every wait has an end, and a kernel that dies is replaced and brought
back to its place, so that what comes after a broken cell still counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import zmq
import zmq.asyncio
from nbformat import NotebookNode

from goodfit.grading.channel import Channel, Gone
from goodfit.grading.client import GRACE, POLL, BoundedClient, KernelGone, notice, size_of
from goodfit.grading.kernels import Kernels, with_patience
from goodfit.inside import wire
from goodfit.sandbox.clock import Deadline
from goodfit.sandbox.errors import MachineBusy, SandboxError, SandboxUnavailable

MAX_DEATHS = 20  # kernels that may die before a notebook is given up
MAX_WAIT = 30.0  # seconds that are waited at most for the late effect of a cell
SETTLE = 2.0  # seconds beyond the time that a dead kernel lived: this machine may be busy with other things
SLACK = 10.0  # seconds that a repeated cell may take longer than the first time
ROOM_SECONDS = 10.0  # in which a kernel that is well answers, on a busy machine too
IOPUB_QUEUE = 64  # messages kept waiting
ALL_OUTPUTS = 32 * 2**20  # bytes that are kept of what all cells print (a plot is some 50 kB)

NO_ANSWER = "The kernel answered with something that is no answer."
DIED_ASKED = "The kernel died (out of memory, or a call that ends the process)."

LEFT_OUT = (
    "This cell ended the notebook's kernel some time after it had run (a timer, a thread, a signal, or memory that it "
    "goes on taking), so it was left out, and everything else ran without it."
)


class LateEffect(Exception):
    """A cell that had run well ended the kernel later on. The notebook is to be graded anew without it.

    Attributes:
        index: the cell's place in the notebook.
    """

    def __init__(self, index: int) -> None:
        super().__init__(f"cell {index} ended the kernel after it had run")
        self.index = index


class Session:
    """A notebook that is run as far as asked, in a sandboxed kernel.

    A cell is blamed for the end of a kernel only when that was seen twice. Where the cells before it alone end a new
    kernel as well (a timer, a thread, a signal, memory that is hoarded in the background), the cell among them that
    does is looked for, and the grading starts over without it: see :class:`LateEffect`.

    Args:
        notebook: the restored notebook; its cells' outputs are filled in place.
        skip: indices of cells that never run (the graded cells: they belong to the grader).
        kernels: starts kernels in the chosen sandbox tier.
        files: folder whose regular files are copied into the kernel's work directory.
        left_out: indices of cells that were found to end the kernel later on: they do not run.
        patience: seconds for looking for such cells; no part of the notebook's own time.
    """

    def __init__(
        self,
        notebook: NotebookNode,
        skip: set[int],
        kernels: Kernels,
        files: Path,
        left_out: Collection[int] = (),
        patience: float = 0.0,
    ) -> None:
        self.notebook = notebook
        self.limits = kernels.limits
        self.kernels = kernels
        self._skip = skip | set(left_out)
        self._files = files
        self._patience = patience
        self._loop = asyncio.new_event_loop()
        self._client: BoundedClient | None = None
        self._questions: Channel | None = None
        self._position = 0
        self._ran: list[tuple[int, float]] = []  # what ran in the present kernel: cells, and when each was done
        self._deadly: set[int] = set()
        self._deaths = 0
        self._unstartable: SandboxError | None = None
        self._whole = self.deadline(kernels.limits.notebook_seconds)
        self._remote: list[dict[str, Any]] = []
        self._room = float(ALL_OUTPUTS)
        self.limits_hit: list[str] = []
        self.stopped: dict[int, str] = {}
        """Why cells did not run to their end, by index: an error's name and text, or what Goodfit did."""
        self.proof: list[str] = []
        for i in left_out:
            notebook.cells[i].outputs = [notice(LEFT_OUT)]
            self._stopped(i, LEFT_OUT)

    def advance_to(self, index: int) -> None:
        """Run the cells before ``index`` that have not run yet.

        Raises:
            KernelGone: when no kernel could be kept alive or the notebook's time is up.
            LateEffect: when a cell that ran before is found to have ended the kernel.
            SandboxError: when no sandbox could be started.
        """
        while self._position < index:
            if self._is_run(self._position):
                self._run_cell(self._position)
            self._position += 1

    def request(
        self, op: str, seconds: float, buffers: list[bytes], **content: Any
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Ask the agent in the kernel something at the notebook's present place.

        Args:
            op: what to do (see :mod:`goodfit.inside.agent`).
            seconds: for the answer, without what a busy machine makes it wait.
            buffers: arrays that belong to the content.
            content: the rest of the question, JSON.

        Returns:
            The reply's content (an unchecked dictionary from a hostile process) and its buffers.

        Raises:
            KernelGone: when no answer came; see :meth:`look_back` where ``died``.
            LateEffect: when a cell that ran before is found to have ended the kernel.
            SandboxError: when no sandbox could be started.
        """
        self._ensure_kernel()
        if op == "place":  # a kernel that replaces this one needs them too
            self._remote.append(content)
        try:
            return self._request(op, self._seconds(seconds), buffers, content)
        except KernelGone as gone:
            self._deaths += gone.died
            if gone.died or not self._run(self._present_client().km.is_alive()) or self._present_questions().broken:
                self._drop()
            raise

    def deadline(self, seconds: float) -> Deadline:
        """The end of a limit that begins now; what the machine makes the notebook wait does not count."""
        return Deadline(seconds, self.kernels.meter, self.limits.busy_factor)

    def give_up(self) -> MachineBusy:
        """No more of this notebook is run on this machine now: it is nobody's fault, and every try would cost long."""
        self._unstartable = MachineBusy(
            "The machine does too much else: a notebook's time went by several times over while it waited for a core",
            where="limits",
            remedy="Grade it again with fewer --jobs, or when less runs beside it.",
        )
        return self._unstartable

    def look_back(self, died: float | None = None) -> None:
        """After a kernel died: put a new one in its place, unless it is an earlier cell that ends it.

        Args:
            died: when its end was noticed; now, where it is not given.

        Raises:
            LateEffect: when it is an earlier cell.
        """
        before, died = self._ran, died or time.monotonic()
        self._drop()
        if self._patience > 0 and not self._is_well_after(before, died):
            self._accuse(before, died)

    def finish(self) -> None:
        """Run the rest of the notebook, whose outputs the feedback shows, and end the kernel.

        Raises:
            LateEffect: when a cell that ran before is found to have ended the kernel.
        """
        try:
            with contextlib.suppress(KernelGone, SandboxError):
                self.advance_to(len(self.notebook.cells))
        finally:
            self.close()

    def close(self) -> None:
        """End the kernel and everything it started."""
        if not self._loop.is_closed():
            self._drop()
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def name_of(self, index: int) -> str:
        """How a cell is called in a sentence: by its grade_id, or by its first line."""
        cell = self.notebook.cells[index]
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
        return f"cell `{grade_id}`" if grade_id else f"the cell that begins with `{first[:60]}`"

    def _is_run(self, index: int) -> bool:
        cell = self.notebook.cells[index]
        return cell.cell_type == "code" and index not in self._skip | self._deadly and bool(cell.source.strip())

    def _run_cell(self, index: int) -> None:
        """Run a cell for the first time. A death counts against it when it comes again in a kernel that was well."""
        cell = self.notebook.cells[index]
        for attempt in (1, 2):
            self._ensure_kernel()
            client, seconds = self._present_client(), self._seconds(self.limits.cell_seconds)
            try:
                self._run(client.run_cell(cell, index, self.deadline(seconds)))
                if client.busy:
                    raise self.give_up()
            except KernelGone as gone:
                if client.busy:
                    raise self.give_up() from gone
                if gone.died or gone.memory:
                    if attempt == 1:
                        self.look_back(gone.since)
                        if not gone.memory:
                            continue
                    self._deaths += gone.died
                self._deadly.add(index)
                self._stopped(index, str(gone))
                if gone.died or not gone.memory or attempt == 2:
                    self._drop()
            else:
                self._ran.append((index, time.monotonic()))
                for note in client.notes:
                    self._note(index, note)
                if reason := client.limit_hit or _error_of(cell):
                    self.stopped[index] = reason
            break
        self._room -= size_of(cell.outputs)
        if self._room < 0:
            cell.outputs = [notice("What this cell printed was left out: the notebook prints far too much.")]

    def _stopped(self, index: int, why: str) -> None:
        self.stopped[index] = why
        self._note(index, why)

    def _note(self, index: int, text: str) -> None:
        name = self.name_of(index)
        self.limits_hit.append(f"{name[0].upper()}{name[1:]}: {text}")

    def _run(self, coroutine: Any) -> Any:
        return self._loop.run_until_complete(coroutine)

    def _seconds(self, wanted: float) -> float:
        left = self._whole.left()
        if left <= 0:
            if self._whole.busy:
                raise self.give_up()
            raise KernelGone(f"The notebook's {self.limits.notebook_seconds} s were used up before this place.")
        return min(wanted, left)

    def _present_client(self) -> BoundedClient:
        assert self._client is not None
        return self._client

    def _present_questions(self) -> Channel:
        assert self._questions is not None
        return self._questions

    def _ensure_kernel(self) -> None:
        """Have a kernel at the present place: start one, or replace a dead one and run the earlier cells again."""
        if self._unstartable is not None:
            raise self._unstartable
        if self._client is not None and not self._run(self._client.km.is_alive()):
            self.look_back()  # it died between two cells
        if self._client is not None:
            return
        if self._deaths > MAX_DEATHS:
            raise KernelGone("The notebook's kernel died too often to go on.")
        self._seconds(1)
        self._start()
        try:
            self._replay({i: self.limits.cell_seconds for i in range(self._position) if self._is_run(i)})
        except KernelGone as gone:
            if self._patience <= 0 or gone.place is None:
                raise
            died = time.monotonic()
            self._accuse([*self._ran, (gone.place, died)], died)
            self._deaths += 1
            self._ensure_kernel()

    def _replay(self, cells: dict[int, float]) -> None:
        """Run cells again in a new kernel, each in so many seconds; the outputs of their first run stay."""
        for i, wanted in cells.items():
            again, seconds = NotebookNode(self.notebook.cells[i], outputs=[]), self._seconds(wanted)
            try:
                self._run(self._present_client().run_cell(again, i, self.deadline(seconds)))
            except KernelGone as gone:
                gone.place = i
                raise
            self._ran.append((i, time.monotonic()))
        for content in self._remote:
            self._request("place", self._seconds(10), [], content)

    def _is_well_after(self, cells: list[tuple[int, float]], died: float) -> bool:
        """Whether a new kernel outlives these cells for as long as the dead one did, and has memory left.

        Args:
            cells: what ran in the dead kernel, and when each cell was done.
            died: when its end was noticed.
        """
        with self._our_time():
            try:
                self._start()
                first = dict(cells)
                starts = [cells[0][1] - self.limits.cell_seconds, *first.values()] if cells else []
                self._replay({i: done - start + SLACK for (i, done), start in zip(cells, starts, strict=False)})
                wait = max((died - first[i] - time.monotonic() + done for i, done in self._ran), default=0) + SETTLE
                deadline = time.monotonic() + min(wait, MAX_WAIT)
                while self._run(self._present_client().km.is_alive()):
                    if time.monotonic() > deadline:
                        room = self.limits.memory_bytes // 4
                        reply, _ = self._request("has_room", ROOM_SECONDS, [], {"bytes": room})
                        if reply.get("status") == "ok":
                            return True
                        break
                    self.kernels.meter.look(now=False)  # who may have our place meanwhile
                    time.sleep(POLL)
            except KernelGone as gone:
                if not (gone.died or gone.memory):
                    return True  # this machine may be slow: nothing is known against anybody
            self._drop()
            return False

    def _accuse(self, cells: list[tuple[int, float]], died: float) -> None:
        """Find the first of these cells with which, and with those before it, a kernel does not stay well.

        Raises:
            LateEffect: when there is one, and the end of the kernel was seen with it a second time.
        """
        low, high = 0, len(cells) - 1  # the answer is between them
        while low < high and self._patience > 0:
            middle = (low + high) // 2
            if self._is_well_after(cells[: middle + 1], died):
                low = middle + 1
            else:
                high = middle
        again = bool(cells) and self._patience > 0 and not self._is_well_after(cells[: high + 1], died)
        self._drop()
        if again:
            raise LateEffect(cells[high][0])

    @contextlib.contextmanager
    def _our_time(self) -> Iterator[None]:
        """What is spent on finding out whose fault something is does not count as the notebook's time."""
        started, extra = time.monotonic(), max(self._patience, 1.0)
        self._whole.extend(extra)
        try:
            yield
        finally:
            spent = time.monotonic() - started
            self._whole.extend(spent - extra)
            self._patience -= spent

    def _start(self) -> None:
        """Start a kernel and let it prove its walls.

        Raises:
            SandboxError: when that failed several times. It is never the student's fault.
        """
        self._drop()
        self._ran = []
        try:
            with_patience(self._start_once)
        except SandboxError as error:
            self._unstartable = error
            raise

    def _start_once(self) -> None:
        client = BoundedClient(NotebookNode(self.notebook, cells=list(self.notebook.cells)), self.limits.output_bytes)
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, self.limits.message_bytes)
        context.setsockopt(zmq.RCVHWM, IOPUB_QUEUE)
        context.setsockopt(zmq.LINGER, 0)
        ours, theirs = socket.socketpair()
        self._questions = Channel(ours, self.limits.message_bytes)
        try:
            with theirs:
                client.km = self.kernels.manager(self._files, context, theirs)
                # cwd: where there is no sandbox with a work dir of its own
                start = client.async_start_new_kernel(cwd=str(self._files), pass_fds=[theirs.fileno()])
                self._run(start)
            self._run(client.async_start_new_kernel_client())
            self._client = client
            self.proof = self.kernels.prove(self._ask, client.km)
        except BaseException as error:  # a kernel that did not prove its walls never sees the student's code
            self._client = None
            self._questions.close()
            with contextlib.suppress(Exception):
                self._run(client._async_cleanup_kernel())
            context.destroy(linger=0)
            if isinstance(error, SandboxError) or not isinstance(error, Exception):
                raise
            raise SandboxUnavailable(f"No student kernel could be started: {error!r}") from error

    def _drop(self) -> None:
        if self._client is not None and self._client.km is not None:
            client, self._client = self._client, None
            for task in asyncio.all_tasks(self._loop):  # what nbclient leaves when a cell ends badly
                task.cancel()
            context = client.km.context
            with contextlib.suppress(Exception):
                self._run(client._async_cleanup_kernel())
            context.destroy(linger=0)
        if self._questions is not None:
            self._questions.close()
        self._client = self._questions = None

    def _ask(self, op: str, seconds: float, **content: Any) -> Any:
        """A question of ours before any student code ran; its answer decoded."""
        reply, buffers = self._request(op, seconds, [], content)
        if reply.get("status") != "ok":
            raise SandboxUnavailable(f"A new kernel did not answer: {reply.get('text')}")
        return wire.decode(reply["value"], buffers)

    def _request(
        self, op: str, seconds: float, buffers: list[bytes], content: dict[str, Any]
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Ask the agent, and wait as long as the limit has time; see :meth:`request`."""
        client, questions = self._present_client(), self._present_questions()
        number = secrets.token_hex(8)  # what is answered too late, or in advance, is no answer
        question = {**content, "op": op, "id": number, "max_bytes": self.limits.message_bytes - 65536}
        limit, asked = self.deadline(seconds), time.monotonic()
        blocked_since: float | None = None
        interrupted: float | None = None  # when
        busy = begun = False

        def look() -> None:
            nonlocal blocked_since, interrupted, busy
            self._throw_away_output()
            if not self._run(client.km.is_alive()):
                raise KernelGone(client.why_dead(DIED_ASKED), died=True)
            if interrupted is None and limit.left() <= 0:
                interrupted, busy = time.monotonic(), limit.busy
                blocked_since = None if begun else asked
                self._run(client.km.interrupt_kernel())
            elif interrupted is not None and time.monotonic() > interrupted + GRACE:
                self._run(client.km.shutdown_kernel(now=True))
                if busy:
                    raise self.give_up()
                why = f"It took longer than {seconds:.0f} s and ignored being interrupted."
                raise KernelGone(why, died=blocked_since is not None, since=blocked_since)

        try:
            questions.send(question, buffers, look)
            while True:
                reply, out = questions.receive(look)
                if reply.get("id") == number:
                    if "begun" not in reply:
                        break
                    begun = True
        except Gone as error:
            if error.hung_up:
                raise KernelGone(client.why_dead(DIED_ASKED), died=True) from error
            raise KernelGone(NO_ANSWER) from error
        finally:
            self._throw_away_output()
        if busy:
            raise self.give_up()
        if interrupted is not None:
            why = f"It took longer than {seconds:.0f} s."
            raise KernelGone(why, died=blocked_since is not None, since=blocked_since)
        return reply, out

    def _throw_away_output(self) -> None:
        """What the student's code prints while it answers must not pile up, nor come with the next cell."""
        if self._client is None or self._client.kc is None:
            return
        plain: zmq.Socket[bytes] = zmq.Socket.shadow(self._client.kc.iopub_channel.socket.underlying)
        with contextlib.suppress(zmq.ZMQError):
            for _ in range(IOPUB_QUEUE):
                plain.recv_multipart(zmq.NOBLOCK, copy=False)


def _error_of(cell: NotebookNode) -> str | None:
    """The error that stopped a cell, as one line."""
    for output in cell.outputs:
        if output.get("output_type") == "error":
            words = f"{str(output.get('ename'))[:80]}: {str(output.get('evalue'))[:300]}".split()
            return wire.clean(" ".join(words))
    return None
