"""Confined processes that open students' models and predict with them."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Callable
from typing import Any

from goodfit.check import CheckFailed
from goodfit.grading.channel import Channel, Gone
from goodfit.grading.keras_file import VettedModel
from goodfit.grading.kernels import Kernels
from goodfit.inside import frames
from goodfit.sandbox.errors import SandboxError

MAX_ANSWER = 65 * 2**20  # bytes of predictions and what is said of them


class ReaderGone(CheckFailed):
    """The process that opens the model ended without an answer."""


class Reader:
    """One such process. It ends with its kernels, or before: see :meth:`close`."""

    def __init__(self, kernels: Kernels) -> None:
        ours, theirs = socket.socketpair()
        self._channel = Channel(ours, MAX_ANSWER)
        with theirs:
            self._process = kernels.spawn_reader(theirs)
        self._numbers = itertools.count()
        self._forgotten: list[int] = []

    @property
    def usable(self) -> bool:
        """Whether it can be asked: every question had its answer."""
        return not self._channel.broken

    def open(self, vetted: VettedModel, what: str, left: Callable[[], float]) -> tuple[int, dict[str, Any]]:
        """Let it open a model; returns the model's number there, and what is said of it."""
        number = next(self._numbers)
        reply, _ = self.ask({**vetted.header, "open": number}, vetted.buffers, what, left)
        return number, reply

    def ask(self, header: dict[str, Any], buffers: list[bytes], what: str, left: Callable[[], float]) -> frames.Message:
        """Ask, and wait as long as the check has time; what the machine makes it wait gives more of it.

        Args:
            header: the question (see :mod:`goodfit.inside.model_reader`).
            buffers: arrays that belong to it.
            what: the model, for messages.
            left: seconds that the check has left.

        Raises:
            ReaderGone: no answer came.
            CheckFailed: it took too long.
        """

        def look() -> None:
            try:
                seconds = left()
            except SandboxError:
                raise
            except Exception:  # the check's time is used up, and it was the model that used it
                seconds = 0
            if seconds <= 0:
                raise CheckFailed(f"{what} took too long to open or to predict. Use a smaller network.")

        forgotten, self._forgotten = self._forgotten, []
        answered = False
        try:
            self._channel.send({**header, "forget": forgotten}, buffers, look)
            answer = self._channel.receive(look)
            answered = True
        except Gone as error:
            raise ReaderGone(f"{what} could not be opened: it needs too much memory or is damaged.") from error
        finally:
            if not answered:
                self.close()
        return answer

    def forget(self, number: int) -> None:
        """Let it drop a model with the next question."""
        self._forgotten.append(number)

    def close(self) -> None:
        """End it."""
        self._channel.close()
        self._process.kill()


class Readers:
    """The readers of one submission: one for all files of Keras' own layers, and one for each graph.

    What gets the better of a reader can answer for all models that it opens. A file that could do so could do it in
    each reader; a graph, which does more, is not to answer for files.
    """

    def __init__(self, kernels: Kernels) -> None:
        self._kernels = kernels
        self._shared: Reader | None = None

    def of(self, vetted: VettedModel) -> tuple[Reader, bool]:
        """The reader for a model, and whether other models are opened there, too."""
        if "graph" in vetted.header:
            return self.new(), False
        if self._shared is None or not self._shared.usable:
            self._shared = self.new()
        return self._shared, True

    def new(self) -> Reader:
        """A reader of one's own."""
        return Reader(self._kernels)
