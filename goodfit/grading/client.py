"""nbclient, for a kernel that may flood, hang, lie or die: every message is bounded, and every wait has an end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from queue import Empty
from typing import Any

from nbclient.client import CellExecutionComplete, NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output

from goodfit.sandbox.clock import TICK, Deadline

POLL = 0.25  # seconds between looks at whether a silent kernel still lives
READY, SUBSCRIBED = 1.0, 0.2  # seconds for a new kernel's answer, and for its status, until it is asked again
GRACE = 5.0  # seconds that an interrupted cell gets to stop before its kernel is killed
TRAFFIC = 64  # times the output kept of a cell that may pass by: a live plot is drawn and cleared again and again
ERROR_TEXT, ERROR_LINES = 10_000, 60  # characters and lines kept of an error that is larger than the room for it

TOO_MUCH = (
    "This cell's output was more than {} KiB; what was beyond that is left out. "
    "Print less, or draw pictures with a lower dpi."
)
NO_MESSAGE = "The kernel sent something that is not a Jupyter message."
DIED = "The kernel died in this cell (out of memory, or a call that ends the process)."
EXIT = (
    "`exit()` and `quit()` end the kernel in Jupyter. It was ignored here, so that the cells below could run; "
    "take it out."
)


class KernelGone(Exception):
    """No answer: the kernel died, or its time was up. The message tells the student what happened.

    Attributes:
        died: whether the kernel ended, or was busy with something else, and not by our hand.
        since: since when it answered nothing, where it was busy with something else.
        memory: whether the memory was used up in a kernel that lives.
        place: index of the cell that ran, where it was a repeated run.
    """

    def __init__(self, text: str, *, died: bool = False, memory: bool = False, since: float | None = None) -> None:
        super().__init__(text)
        self.died = died
        self.since = since
        self.memory = memory
        self.place: int | None = None


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
            on_cell_executed=self._note_exit,
            **kwargs,
        )
        self.log.setLevel("CRITICAL")  # its warnings are about the student's code; our verdict says them better
        self.output_bytes = output_bytes
        self._passed = 0.0
        self._kept = 0.0
        self._left_out = False
        self.limit_hit: str | None = None
        self._error: str | None = None
        self.started = False
        """Whether the kernel began with the present cell (it may be busy with something else)."""
        self.notes: list[str] = []
        """What is to be said of the present cell."""
        self.busy = False
        """Whether the present cell was stopped because the machine did too much else."""
        self._request = ""

    async def async_start_new_kernel_client(self) -> Any:
        """Connect to a new kernel, and wait until it answers and what it says arrives.

        jupyter_client waits for a fifth of a second of silence beyond that, in every submission.

        Raises:
            RuntimeError: when it dies or does not come.
        """
        self.kc = self.km.client()
        self.kc.allow_stdin = False
        self.kc.start_channels(hb=False, stdin=False)
        until = time.monotonic() + self.startup_timeout
        while not await self._answered(self.kc.kernel_info()):
            if not await self.km.is_alive():
                raise RuntimeError("the kernel ended before it was ready")
            if time.monotonic() > until:
                raise RuntimeError(f"the kernel was not ready within {self.startup_timeout} s")
        return self.kc

    async def _answered(self, request: str) -> bool:
        """Whether the answer to a request came, and on the other channel that it is done with, the last thing there."""
        try:
            while (await self.kc.shell_channel.get_msg(timeout=READY))["parent_header"].get("msg_id") != request:
                pass  # the answer to an earlier one
            while True:
                told = await self.kc.iopub_channel.get_msg(timeout=SUBSCRIBED)
                if told["parent_header"].get("msg_id") == request and told["content"]["execution_state"] == "idle":
                    return True
        except Empty:  # slow, or it spoke before our subscription had reached it
            return False

    async def run_cell(self, cell: NotebookNode, index: int, deadline: Deadline) -> None:
        """Execute one cell; limits that it hits are noted in its outputs.

        Raises:
            KernelGone: when the kernel did not survive.
        """
        began = time.monotonic()
        self._begin(deadline)
        looks = asyncio.ensure_future(self._look_now_and_then(deadline))
        try:
            await self.async_execute_cell(cell, index)
        except DeadKernelError:
            why = self.limit_hit or self.why_dead(DIED)
            cell.outputs.append(notice(why))
            if self.started:
                raise KernelGone(why, died=self.limit_hit is None) from None
            raise KernelGone(why, died=True, since=began) from None
        except Exception as error:  # nbclient trips over messages that are unsigned or of another shape
            cell.outputs.append(notice(NO_MESSAGE))
            raise KernelGone(NO_MESSAGE) from error
        finally:
            looks.cancel()
            if self._left_out:
                cell.outputs.append(notice(TOO_MUCH.format(self.output_bytes >> 10)))
        if self._error == "MemoryError":
            # what the cell hoards would starve every later one: go on without it. The outputs do not always tell:
            # IPython may lack the memory to show the error
            why = "The cell used up the memory; the rest of the notebook runs without it."
            cell.outputs.append(notice(why))
            raise KernelGone(why, memory=True)
        if self.limit_hit:
            self.notes.insert(0, self.limit_hit)
        cell.outputs += map(notice, self.notes)

    def why_dead(self, otherwise: str) -> str:
        """Why the kernel ended, where we ended it for what it did."""
        did = getattr(getattr(self.km.provisioner, "sandbox", None), "ended_for", "")
        return f"The kernel was ended: {did}." if did else otherwise

    def _note_exit(self, cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
        payload = execute_reply["content"].get("payload")
        if isinstance(payload, list) and any(isinstance(p, dict) and p.get("source") == "ask_exit" for p in payload):
            self.notes.append(EXIT)

    def _note_error(self, cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
        self._error = execute_reply["content"].get("ename")

    def _begin(self, deadline: Deadline) -> None:
        self._deadline, self.busy = deadline, False
        seconds = deadline.seconds
        self.started, self.notes = False, []
        self._passed = self._kept = 0.0
        self._left_out, self.limit_hit, self._error, self.timeout = False, None, None, max(1, round(seconds))

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Keep an output unless the cell has had its share or the message is not what Jupyter sends."""
        self.started = self.started or msg.get("msg_type") == "execute_input"
        self._request = msg["parent_header"]["msg_id"]  # nbclient hands over the present cell's messages only
        if msg.get("msg_type") not in ("status", "execute_input"):
            most = TRAFFIC * self.output_bytes
            self._passed += size_of(msg.get("content")) if self._passed <= most else 0
            if self._passed > most:
                if self.limit_hit is None:
                    self.limit_hit = f"The cell printed more than {most >> 10} KiB and was stopped."
                    self._stopping = asyncio.ensure_future(self.km.interrupt_kernel())
                return None
        try:
            return super().process_message(msg, cell, cell_index)
        except CellExecutionComplete:
            raise
        except Exception:
            return None  # a forged message changes nothing

    def clear_output(self, outs: list[NotebookNode], msg: dict[str, Any], cell_index: int) -> None:
        """What is cleared takes no room."""
        super().clear_output(outs, msg, cell_index)
        if not self.clear_before_next_output:
            self._kept, self._left_out = 0.0, False

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Add an output as far as there is room, a stream to what it has printed already.

        How much a kernel sends at once, and which of its two streams comes first, is a matter of milliseconds: between
        two other outputs there is one text of each, standard output before standard error.
        """
        if self.clear_before_next_output:
            self.clear_before_next_output = False
            self.clear_output(outs, {**msg, "content": {}}, cell_index)
        content = msg["content"]
        if msg["msg_type"] == "stream":
            return self._print(outs, content["name"], content["text"])
        size, room = size_of(content), self.output_bytes - self._kept
        if msg["msg_type"] == "error":  # what stopped the cell is shown in any case
            room += self.output_bytes
            if size > room:
                lines = [line[:ERROR_TEXT] for line in content["traceback"][-ERROR_LINES:]]
                short = {"ename": content["ename"][:ERROR_TEXT], "evalue": content["evalue"][:ERROR_TEXT]}
                content = {**short, "traceback": lines}
        elif size > room:
            self._left_out = True
            content = {**content, "data": {"text/plain": content["data"].get("text/plain", "")}}
        size = size_of(content)
        if size > room:
            return None
        self._kept += size
        return super().output(outs, {**msg, "content": content}, display_id, cell_index)

    def _print(self, outs: list[NotebookNode], name: str, text: str) -> NotebookNode | None:
        if name not in ("stdout", "stderr"):
            return None
        streams = []
        for output in reversed(outs):
            if output.output_type != "stream":
                break
            streams.append(output)
        stream = next((output for output in streams if output.name == name), None)
        if stream is None:
            stream = new_output("stream", name=name, text="")
            outs.insert(len(outs) - len(streams) if name == "stdout" else len(outs), stream)
        before = len(stream.text)
        shown = as_shown(stream.text, text)
        room = max(0, int(self.output_bytes - self._kept) + before)
        self._left_out |= len(shown) > room
        stream.text = shown[:room]
        self._kept += len(stream.text) - before
        return stream

    def _update_display_id(self, display_id: str, msg: dict[str, Any]) -> None:
        """Change outputs that were displayed under an id, in this cell or another, as far as there is room."""
        size = size_of(msg["content"]["data"])
        places = self._display_id_map.get(display_id, {})
        old = [size_of(self.nb.cells[i].outputs[k].data) for i, found in places.items() for k in found]
        growth = sum(size - was for was in old)
        if self._kept + growth > self.output_bytes:
            self._left_out = True
            return
        self._kept += growth
        super()._update_display_id(display_id, msg)

    def handle_comm_msg(self, outs: list[NotebookNode], msg: dict[str, Any], cell_index: int) -> None:
        """Ignore widgets: they are live code on a page, and grading needs none."""

    async def _reply_in_time(self) -> dict[str, Any] | None:
        """After as many seconds as the limit has: wait on, as long as some of them were the machine's."""
        while (left := self._deadline.left()) > 0:
            with contextlib.suppress(Empty):
                reply: dict[str, Any] = await self.kc.shell_channel.get_msg(timeout=min(left, POLL))
                if reply["parent_header"].get("msg_id") == self._request:
                    return reply
            await self._async_check_alive()
        return None

    @staticmethod
    async def _look_now_and_then(deadline: Deadline) -> None:
        """What threads had to wait is known as long as they live."""
        while True:
            await asyncio.sleep(TICK)
            deadline.left()

    async def _async_handle_timeout(self, timeout: int, cell: NotebookNode | None = None) -> dict[str, Any]:
        if (reply := await self._reply_in_time()) is not None:
            return reply
        self.busy = self._deadline.busy
        self.limit_hit = f"The cell was stopped after {timeout} s."
        await self.km.interrupt_kernel()
        with contextlib.suppress(Empty):
            return await self.kc.shell_channel.get_msg(timeout=GRACE)
        self.limit_hit += " It ignored being interrupted, so its kernel was ended."
        await self.km.shutdown_kernel(now=True)
        raise DeadKernelError("killed")


def size_of(content: Any) -> float:
    """Characters of a message's content, about."""
    try:
        return len(repr(content))
    except RecursionError:  # nested beyond any output
        return float("inf")


def as_shown(text: str, more: str) -> str:
    """A text with more of it, as Jupyter shows it: a carriage return begins the line anew, a backspace takes back."""
    start = text.rfind("\n") + 1
    *lines, last = (text[start:] + more).split("\n")
    done = [_line(line).rstrip("\r") for line in lines]
    return text[:start] + "\n".join([*done, _line(last)])


def _line(line: str) -> str:
    if "\b" in line:
        kept: list[str] = []
        for character in line:
            if character != "\b":
                kept.append(character)
            elif kept and kept[-1] != "\r":
                kept.pop()
        line = "".join(kept)
    written = line.rstrip("\r")
    # what comes next on a line that ends in carriage returns replaces it; until then it stands
    return written[written.rfind("\r") + 1 :] + ("\r" if len(written) < len(line) else "")


def notice(text: str) -> NotebookNode:
    """A line of ours among a cell's outputs."""
    return new_output("stream", name="stderr", text=f"[Goodfit] {text}\n")
