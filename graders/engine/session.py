"""One notebook in one student kernel, run cell by cell as far as the checks ask for it.

The kernel is hostile: every message is bounded, every wait has an end, and a kernel that dies is replaced and brought
back to its place, so that what comes after a broken cell still counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
import zmq.asyncio
from nbclient.client import CellExecutionComplete, NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output

from graders.engine import wire
from graders.engine.kernels import Kernels

MAX_RESTARTS = 3
GRACE = 3.0  # seconds that an interrupted cell gets to stop before its kernel is killed
POLL = 0.25  # seconds between looks at whether a silent kernel still lives
IOPUB_QUEUE = 64  # messages kept waiting
ALL_OUTPUTS = 32 * 2**20  # bytes that are kept of what all cells print (a plot is some 50 kB)


NO_MESSAGE = "The kernel sent something that is not a Jupyter message."


class KernelGone(Exception):
    """No answer: the kernel died, or its time was up. The message tells the student what happened."""


class BoundedClient(NotebookClient):
    """nbclient, for a kernel that may flood, hang, lie or die."""

    km: Any
    kc: Any

    def __init__(self, nb: NotebookNode, output_bytes: int, **kwargs: Any) -> None:
        super().__init__(
            nb,
            allow_errors=True,
            interrupt_on_timeout=True,
            raise_on_iopub_timeout=False,
            store_widget_state=False,
            record_timing=False,  # the same submission gives the same notebook
            skip_cells_with_tag="",
            shutdown_kernel="immediate",
            on_cell_error=self._note_error,
            **kwargs,
        )
        self.log.setLevel("CRITICAL")  # its warnings are about the student's code; our verdict says them better
        self.output_bytes = output_bytes
        self._seen = 0.0
        self.limit_hit: str | None = None
        self._error: str | None = None

    async def run_cell(self, cell: NotebookNode, index: int, seconds: float) -> None:
        """Execute one cell; limits that it hits are noted in its outputs.

        Raises:
            KernelGone: when the kernel did not survive.
        """
        self._begin(seconds)
        try:
            await self.async_execute_cell(cell, index)
        except DeadKernelError:
            why = self.limit_hit or "The kernel died in this cell (out of memory, or a call that ends the process)."
            cell.outputs.append(_notice(why))
            raise KernelGone(why) from None
        except Exception as error:  # nbclient trips over messages that are unsigned or of another shape
            cell.outputs.append(_notice(NO_MESSAGE))
            raise KernelGone(NO_MESSAGE) from error
        if self._error == "MemoryError":
            # what the cell hoards would starve every later one: go on without it. The outputs do not always tell:
            # IPython may lack the memory to show the error
            why = "The cell used up the memory; the rest of the notebook runs without it."
            cell.outputs.append(_notice(why))
            raise KernelGone(why)
        if self.limit_hit:
            cell.outputs.append(_notice(self.limit_hit))

    def _note_error(self, cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
        self._error = execute_reply["content"].get("ename")

    def _begin(self, seconds: float) -> None:
        self._seen, self.limit_hit, self._error, self.timeout = 0.0, None, None, max(1, round(seconds))

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Keep an output unless the cell has had its share or the message is not what Jupyter sends."""
        if msg.get("msg_type") not in ("status", "execute_input"):
            self._seen += _size(msg.get("content")) if self._seen <= self.output_bytes else 0
            if self._seen > self.output_bytes:
                if self.limit_hit is None:
                    self.limit_hit = f"The cell printed more than {self.output_bytes >> 10} KiB and was stopped."
                    self._stopping = asyncio.ensure_future(self.km.interrupt_kernel())
                return None
        try:
            return super().process_message(msg, cell, cell_index)
        except CellExecutionComplete:
            raise
        except Exception:
            return None  # a forged message changes nothing

    def handle_comm_msg(self, outs: list[NotebookNode], msg: dict[str, Any], cell_index: int) -> None:
        """Ignore widgets: they are live code on a page, and grading needs none."""

    async def _async_handle_timeout(self, timeout: int, cell: NotebookNode | None = None) -> dict[str, Any]:
        self.limit_hit = f"The cell was stopped after {timeout} s."
        await self.km.interrupt_kernel()
        with contextlib.suppress(Empty):
            return await self.kc.shell_channel.get_msg(timeout=GRACE)
        self.limit_hit += " It ignored being interrupted, so its kernel was ended."
        await self.km.shutdown_kernel(now=True)
        raise DeadKernelError("killed")


class Session:
    """A notebook that is run as far as asked, in a sandboxed kernel.

    Args:
        notebook: the restored notebook; its cells' outputs are filled in place.
        skip: indices of cells that never run (the graded cells: they belong to the grader).
        kernels: starts kernels in the chosen sandbox tier.
        files: folder whose regular files are copied into the kernel's work directory.
    """

    def __init__(self, notebook: NotebookNode, skip: set[int], kernels: Kernels, files: Path) -> None:
        self.notebook = notebook
        self.limits = kernels.limits
        self.kernels = kernels
        self._skip = skip
        self._files = files
        self._loop = asyncio.new_event_loop()
        self._client: BoundedClient | None = None
        self._position = 0
        self._deadly: set[int] = set()
        self._restarts = 0
        self._ends = time.monotonic() + kernels.limits.notebook_seconds
        self._lent: list[dict[str, Any]] = []
        self._room = float(ALL_OUTPUTS)
        self.limits_hit: list[str] = []
        self.proof: list[str] = []

    def advance_to(self, index: int) -> None:
        """Run the cells before ``index`` that have not run yet.

        Raises:
            KernelGone: when no kernel could be kept alive or the notebook's time is up.
        """
        while self._position < index:
            i = self._position
            cell = self.notebook.cells[i]
            if cell.cell_type == "code" and i not in self._skip and cell.source.strip():
                self._alive()
                try:
                    self._run(self._client_of().run_cell(cell, i, self._seconds(self.limits.cell_seconds)))
                except KernelGone as gone:
                    self._deadly.add(i)
                    self.limits_hit.append(str(gone))
                    self._drop()
                else:
                    if limit := self._client_of().limit_hit:
                        self.limits_hit.append(limit)
                self._room -= _size(cell.outputs)
                if self._room < 0:
                    cell.outputs = [_notice("What this cell printed was left out: the notebook prints far too much.")]
            self._position += 1

    def request(
        self, op: str, seconds: float, buffers: list[bytes], **content: Any
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Ask the agent in the kernel something at the notebook's present place.

        Args:
            op: what to do (see :mod:`graders.engine.agent`).
            seconds: wall time for the answer.
            buffers: arrays that belong to the content.
            content: the rest of the question, JSON.

        Returns:
            The reply's content (an unchecked dictionary from a hostile process) and its buffers.

        Raises:
            KernelGone: when no answer came.
        """
        self._alive()
        if op == "lend":  # a kernel that replaces this one needs them too
            self._lent.append(content)
        return self._run(self._request(op, self._seconds(seconds), buffers, content))

    def finish(self) -> None:
        """Run the rest of the notebook, whose outputs the feedback shows, and end the kernel."""
        with contextlib.suppress(KernelGone):
            self.advance_to(len(self.notebook.cells))
        self.close()

    def close(self) -> None:
        """End the kernel and everything it started."""
        self._drop()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def _run(self, coroutine: Any) -> Any:
        return self._loop.run_until_complete(coroutine)

    def _seconds(self, wanted: float) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise KernelGone(f"The notebook's {self.limits.notebook_seconds} s were used up before this place.")
        return min(wanted, left)

    def _client_of(self) -> BoundedClient:
        assert self._client is not None
        return self._client

    def _alive(self) -> None:
        """Have a kernel at the present place: start one, or replace a dead one and run the earlier cells again."""
        if self._client is not None and not self._run(self._client.km.is_alive()):
            self._drop()
        if self._client is not None:
            return
        if self._restarts > MAX_RESTARTS:
            raise KernelGone("The notebook's kernel died too often to go on.")
        self._restarts += 1
        self._seconds(1)
        self._run(self._start())
        for i in range(self._position):
            cell = self.notebook.cells[i]
            if cell.cell_type == "code" and i not in self._skip | self._deadly and cell.source.strip():
                again = NotebookNode(cell, outputs=[])  # the first run's outputs stay in the notebook
                self._run(self._client_of().run_cell(again, i, self._seconds(self.limits.cell_seconds)))
        for content in self._lent:
            self._run(self._request("lend", self._seconds(10), [], content))

    async def _start(self) -> None:
        client = BoundedClient(NotebookNode(self.notebook, cells=list(self.notebook.cells)), self.limits.output_bytes)
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, self.limits.message_bytes)
        context.setsockopt(zmq.RCVHWM, IOPUB_QUEUE)
        context.setsockopt(zmq.LINGER, 0)
        client.km = self.kernels.manager(self._files, context)
        await client.async_start_new_kernel(
            cwd=str(self._files)
        )  # where there is no sandbox with a work dir of its own
        await client.async_start_new_kernel_client()
        self._client = client
        try:
            self.proof = await self.kernels.prove(self._ask, client.km)
        except BaseException:  # a kernel that did not prove its walls never sees the student's code
            self._client = None
            await client._async_cleanup_kernel()
            raise

    def _drop(self) -> None:
        if self._client is not None and self._client.km is not None:
            client, self._client = self._client, None
            for task in asyncio.all_tasks(self._loop):  # what nbclient leaves when a cell ends badly
                task.cancel()
            context = client.km.context
            with contextlib.suppress(Exception):
                self._run(client._async_cleanup_kernel())
            context.destroy(linger=0)
        self._client = None

    async def _ask(self, op: str, seconds: float, **content: Any) -> Any:
        """A question of ours before any student code ran; its answer decoded."""
        reply, buffers = await self._request(op, seconds, [], content)
        if reply.get("status") != "ok":
            raise KernelGone(f"The new kernel did not answer: {reply.get('text')}")
        return wire.decode(reply["value"], buffers)

    async def _request(
        self, op: str, seconds: float, buffers: list[bytes], content: dict[str, Any]
    ) -> tuple[dict[str, Any], list[bytes]]:
        client = self._client_of()
        session, channel = client.kc.session, client.kc.shell_channel
        body = {**content, "op": op, "max_bytes": self.limits.message_bytes - 65536}
        message = session.msg("goodfit_request", body)
        session.send(channel.socket, message, buffers=buffers)
        drain = asyncio.ensure_future(self._drain(client))
        deadline, interrupted = time.monotonic() + seconds, False
        try:
            while True:
                try:
                    reply = await channel.get_msg(timeout=POLL)
                except Empty:
                    reply = None
                except Exception as error:  # unsigned or malformed: a forged message is as good as none
                    raise KernelGone(NO_MESSAGE) from error
                parent = reply["parent_header"] if reply is not None else None
                if isinstance(parent, dict) and parent.get("msg_id") == message["header"]["msg_id"]:
                    assert reply is not None
                    if interrupted:
                        raise KernelGone(f"It took longer than {seconds:.0f} s.")
                    reply_content = reply["content"] if isinstance(reply["content"], dict) else {}
                    return reply_content, [bytes(b) for b in reply.get("buffers", [])]
                if not await client.km.is_alive():
                    raise KernelGone("The kernel died (out of memory, or a call that ends the process).")
                if time.monotonic() > deadline and not interrupted:
                    interrupted, deadline = True, deadline + GRACE
                    await client.km.interrupt_kernel()
                elif time.monotonic() > deadline:
                    await client.km.shutdown_kernel(now=True)
                    raise KernelGone(f"It took longer than {seconds:.0f} s and ignored being interrupted.")
        finally:
            drain.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await drain

    @staticmethod
    async def _drain(client: BoundedClient) -> None:
        """Throw away what the student's code prints while it answers, so that it cannot pile up."""
        while True:
            with contextlib.suppress(Exception):  # a malformed message is thrown away like the others
                await client.kc.iopub_channel.get_msg(timeout=None)


def _size(content: Any) -> float:
    try:
        return len(repr(content))
    except RecursionError:  # nested beyond any output
        return float("inf")


def _notice(text: str) -> NotebookNode:
    return new_output("stream", name="stderr", text=f"[Goodfit] {text}\n")
