"""A student's trained model, judged on rows it has never seen. Labels and sums stay in the grader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from goodfit.check import CheckFailed
from goodfit.grading.keras_file import PLAIN, VettedModel
from goodfit.grading.reader import ReaderGone, Readers
from goodfit.inside import frames, wire

MOST = 2**53  # of weights or updates


class Model:
    """A vetted model, opened in a confined process.

    Attributes:
        layers: its layers in order, nested models flattened: "class_name", "config" and "always_on" of each, from the
            file's JSON or, of a model that came as a graph, as the student's process tells them; ``always_on`` where
            a file says that it was called with ``training=True``, so that dropout or noise acts whenever the model is
            called without saying ``training=False``. A graph does not say: ask :meth:`steady`, too.
        compiled: what it was compiled with, as its file says: the configurations of its "optimizer" and of its "loss",
            empty where the file does not tell (a training loop of one's own, a model that came as a graph).
        parameters: number of its weights.
        updates: how many steps its optimizer has made since it was compiled; 0 where the file does not tell.
    """

    def __init__(
        self,
        vetted: VettedModel,
        readers: Readers,
        what: str,
        left: Callable[[], float],
        told: Callable[[str, float, float], None] = lambda what, training, held_out: None,
    ) -> None:
        self.layers = vetted.layers
        self.compiled = vetted.compiled
        self._vetted = vetted
        self._readers = readers
        self._told = told
        self._what = what
        self._hint = PLAIN if "graph" in vetted.header else None
        self._left = left
        self._predictions: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self._reader, self._shared = readers.of(vetted)
        try:
            header = self._open()
        except ReaderGone:  # once may be this machine's doing
            header = self._open_alone()
        self.parameters, self.updates = (_count(header.get(key)) for key in ("parameters", "updates"))

    @property
    def compiled_restraints(self) -> list[str]:
        """What holds the network back in training without a layer that says so, by the name of Keras' argument."""
        names = ("weight_decay", "label_smoothing")
        return [name for config in self.compiled.values() for name in names if config.get(name)]

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Return the model's outputs, float64 of shape (n, outputs), for rows of shape (n, …)."""
        known = self._predictions.get(id(rows))
        if known is not None and known[0] is rows:
            return known[1]
        outputs = self._computed(rows)
        self._predictions[id(rows)] = (rows, outputs)
        return outputs

    def steady(self, rows: np.ndarray) -> bool:
        """Whether the same rows get the same outputs when they are asked for again.

        Where dropout or noise is left on at inference they do not: also in a model that came as a graph, whose layers
        do not tell (see ``always_on``).
        """
        first, again = self.predict(rows), self._computed(rows)
        return first.shape == again.shape and bool(np.allclose(first, again, rtol=1e-5, atol=1e-6))

    def _computed(self, rows: np.ndarray) -> np.ndarray:
        tree, buffers = wire.encode(np.asarray(rows))
        header, out = self._predicted(tree, buffers)
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
        return outputs.astype(np.float64)

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
        """Let the reader drop the model."""
        if self._shared:
            self._reader.forget(self._number)
        else:
            self._reader.close()

    def __del__(self) -> None:
        if hasattr(self, "_number"):
            self.close()

    def _open(self) -> dict[str, Any]:
        self._number, header = self._reader.open(self._vetted, self._what, self._left)
        return self._usable(header)

    def _open_alone(self) -> dict[str, Any]:
        """Open the model in a reader where no other can be to blame."""
        self._reader, self._shared = self._readers.new(), False
        return self._open()

    def _predicted(self, tree: Any, buffers: list[bytes]) -> frames.Message:
        try:
            return self._ask(tree, buffers)
        except ReaderGone:
            if not self._shared:
                raise
            self._open_alone()
            return self._ask(tree, buffers)

    def _ask(self, tree: Any, buffers: list[bytes]) -> frames.Message:
        header, out = self._reader.ask({"model": self._number, "rows": tree}, buffers, self._what, self._left)
        return self._usable(header), out

    def _usable(self, reply: dict[str, Any]) -> dict[str, Any]:
        if reply.get("status") != "ok":
            text = wire.clean(str(reply.get("text"))[:300])
            raise CheckFailed(f"{self._what} cannot be used: {text.rstrip('.')}.", self._hint)
        return reply


def _count(told: Any) -> int:
    """What a reader says of a number that is none below zero, and none that no network reaches; else 0."""
    return told if type(told) is int and 0 <= told < MOST else 0
