"""What makes the training of a small network quicker in every fork, and changes none of its numbers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

SMALL_GRAPH = 20
"""Operations below which TensorFlow's graph optimiser (by default below 4) leaves a function as it is."""


def lighten(tensorflow: Any, keras: Any) -> None:
    """Arrange both libraries in this process and in its forks. The numbers of a training stay the same, bit by bit.

    A version of Keras that has none of what is wrapped here trains as slowly as at home.
    """
    # the functions of a data set's iterators are of a dozen operations, and were optimised anew for each iterator
    tensorflow.config.optimizer.set_experimental_options({"min_graph_nodes": SMALL_GRAPH})
    for arrange in (_trace_once, _make_one_iterator_an_epoch):
        with contextlib.suppress(ImportError, AttributeError):
            arrange(keras)


def _trace_once(keras: Any) -> None:
    """Let `fit` trace Keras' own training step once.

    A function that makes variables is traced twice. In the training step these are the metrics' and the optimizer's:
    here they are made before. Half a second of a `fit`.
    """
    model_class, step = keras.Model, keras.Model.train_step
    stock_build, stock_make = model_class._maybe_symbolic_build, model_class.make_train_function

    def build(self: Any, iterator: Any = None, data_batch: Any = None) -> None:
        with contextlib.suppress(Exception):  # what is unusual, Keras makes itself as ever
            if type(self).train_step is step:
                _make_metrics(self, iterator._distributed_dataset.element_spec, keras)
        stock_build(self, iterator=iterator, data_batch=data_batch)

    def make_train_function(self: Any, force: bool = False) -> Any:
        with contextlib.suppress(Exception):
            if type(self).train_step is step:
                _make_slots(self)
        return stock_make(self, force=force)

    model_class._maybe_symbolic_build, model_class.make_train_function = build, make_train_function


def _make_metrics(model: Any, batch: Any, keras: Any) -> None:
    """Make the variables of a model's metrics, for batches (rows, labels, …) of one output."""
    metrics, outputs = model._compile_metrics, model.outputs
    if metrics is None or metrics.built or not isinstance(batch, tuple) or len(batch) < 2 or len(outputs) != 1:
        return
    labels = keras.KerasTensor(batch[1].shape, keras.backend.standardize_dtype(batch[1].dtype))
    metrics.build(labels, outputs[0])


def _make_slots(model: Any) -> None:
    """Make the optimizer's variables. Not where a layer is frozen: a callback may thaw it before the first step."""
    if model.built and not model.optimizer.built and all(layer.trainable for layer in model._flatten_layers()):
        model.optimizer.build(model.trainable_variables)


def _make_one_iterator_an_epoch(keras: Any) -> None:
    """Stop an epoch of arrays after its last batch.

    Keras goes one step on, makes the next epoch's iterator there, and the next epoch makes its own all the same. To
    make an iterator and to end its threads again is a third of a short epoch.
    """
    from keras.src.backend.tensorflow.trainer import TFEpochIterator

    stock = TFEpochIterator._enumerate_iterator

    def enumerate_batches(self: Any) -> Iterator[Any]:
        batches, known = stock(self), self._num_batches
        if self.steps_per_epoch or not known:
            yield from batches
            return
        for _ in range(0, known, self.steps_per_execution):
            yield next(batches)
        batches.close()
        self._steps_seen = 0
        self.data_adapter.on_epoch_end()

    TFEpochIterator._enumerate_iterator = enumerate_batches
