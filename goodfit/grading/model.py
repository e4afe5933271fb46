"""A student's trained model, judged on rows it has never seen. Labels and sums stay in the grader."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from goodfit.check import CheckFailed
from goodfit.grading.keras_file import PLAIN, VettedModel
from goodfit.grading.kernels import Kernels
from goodfit.inside import model_reader, wire
from goodfit.sandbox.errors import SandboxError

MAX_ANSWER = 64 * 2**20  # bytes of predictions
LOOK = 1.0  # seconds between looks at the time that is left
STALL = 30  # seconds without a byte after which a reader is given up


class ReaderGone(CheckFailed):
    """The process that opens the model ended without an answer."""


class Model:
    """A vetted model, opened in a confined process.

    Attributes:
        layers: its layers in order, nested models flattened: "class_name", "config" and "always_on" of each, from the
            file's JSON or, of a model that came as a graph, as the student's process tells them; ``always_on`` where
            it was called with ``training=True``, so that dropout or noise acts whenever the model is called without
            saying ``training=False``.
        parameters: number of its weights.
    """

    def __init__(
        self,
        vetted: VettedModel,
        kernels: Kernels,
        what: str,
        left: Callable[[], float],
        told: Callable[[str, float, float], None] = lambda what, training, held_out: None,
    ) -> None:
        self.layers = vetted.layers
        self._told = told
        self._what = what
        self._hint = PLAIN if "graph" in vetted.header else None
        self._left = left
        self._predictions: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self._open(kernels)
        try:
            header, _ = self._exchange(vetted.header, vetted.buffers)
        except ReaderGone:  # once may be this machine's doing
            self.close()
            self._open(kernels)
            header, _ = self._exchange(vetted.header, vetted.buffers)
        self.parameters: int = header["parameters"] if type(header.get("parameters")) is int else 0

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Return the model's outputs, float64 of shape (n, outputs), for rows of shape (n, …)."""
        known = self._predictions.get(id(rows))
        if known is not None and known[0] is rows:
            return known[1]
        tree, buffers = wire.encode(np.asarray(rows))
        header, out = self._exchange({"rows": tree}, buffers)
        try:
            outputs = wire.decode(header.get("value"), out)
        except wire.WireError as error:
            raise CheckFailed(f"The outputs of {self._what} cannot be read: {error}.") from error
        if not isinstance(outputs, np.ndarray) or outputs.dtype.kind != "f" or outputs.shape[:1] != rows.shape[:1]:
            raise CheckFailed(f"{self._what} should give one row of outputs for each row of inputs.")
        if outputs.ndim == 1:
            outputs = outputs[:, None]
        if outputs.ndim != 2 or not outputs.shape[1] or not np.isfinite(outputs).all():
            raise CheckFailed(f"{self._what} should give one row of finite outputs for each row of inputs.")
        outputs = outputs.astype(np.float64)
        self._predictions[id(rows)] = (rows, outputs)
        return outputs

    def accuracy(self, rows: np.ndarray, labels: np.ndarray) -> float:
        """Share of rows whose largest output is at the integer label (one output: above one half means class 1)."""
        outputs = self.predict(rows)
        predicted = outputs.argmax(axis=1) if outputs.shape[1] > 1 else (outputs[:, 0] > 0.5).astype(int)
        return float(np.mean(predicted == np.asarray(labels).ravel()))

    def gap(self, train_rows: np.ndarray, train_labels: np.ndarray, rows: np.ndarray, labels: np.ndarray) -> float:
        """The overfitting gap: training accuracy minus held-out accuracy. Both are noted for the class report."""
        training, held_out = self.accuracy(train_rows, train_labels), self.accuracy(rows, labels)
        self._told(self._what, training, held_out)
        return training - held_out

    def loss(self, rows: np.ndarray, labels: np.ndarray) -> float:
        """Mean cross-entropy in nats of class probabilities, without any penalty (clipped at 1e-7, as Keras does)."""
        outputs, labels = self.predict(rows), np.asarray(labels).ravel().astype(int)
        if outputs.shape[1] == 1:
            outputs = np.hstack([1 - outputs, outputs])
        if labels.max(initial=0) >= outputs.shape[1]:
            raise CheckFailed(f"{self._what} has {outputs.shape[1]} outputs, fewer than there are classes.")
        if (outputs < -1e-6).any() or not np.allclose(outputs.sum(axis=1), 1, atol=1e-3):
            raise CheckFailed(f"{self._what} should give class probabilities.", "Is softmax the last activation?")
        return float(-np.log(np.clip(outputs[np.arange(len(labels)), labels], 1e-7, 1)).mean())

    def close(self) -> None:
        """End the reader."""
        self._connection.close()
        self._process.kill()

    __del__ = close

    def _open(self, kernels: Kernels) -> None:
        ours, theirs = socket.socketpair()
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):  # it may stop in the middle of a message
            ours.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", STALL, 0))
        with theirs:
            self._process = kernels.spawn_reader(theirs)
        self._connection = Connection(ours.detach())

    def _exchange(self, header: dict[str, Any], buffers: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        try:
            model_reader.send(self._connection, header, buffers)
            self._await_answer()
            reply, out = model_reader.receive(self._connection, MAX_ANSWER)
        except (OSError, EOFError, ValueError, json.JSONDecodeError) as error:
            raise ReaderGone(f"{self._what} could not be opened: it needs too much memory or is damaged.") from error
        if reply.get("status") != "ok":
            text = wire.clean(str(reply.get("text"))[:300])
            raise CheckFailed(f"{self._what} cannot be used: {text.rstrip('.')}.", self._hint)
        return reply, out

    def _await_answer(self) -> None:
        """Wait for the reader as long as the check has time; what the machine makes it wait gives more of it."""
        left = self._left()
        while not self._connection.poll(min(max(left, 0), LOOK)):
            try:
                left = self._left()
            except SandboxError:
                raise
            except Exception:  # the check's time is used up, and it was the model that used it
                left = 0
            if left <= 0:
                raise CheckFailed(f"{self._what} took too long to open or to predict. Use a smaller network.")
