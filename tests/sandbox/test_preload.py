"""What the fork server arranges before its first fork changes how fast students' code runs, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from goodfit.sandbox.confine import LIBRARY_ENVIRONMENT
from goodfit.sandbox.fork.training import SMALL_GRAPH

TRAIN = """
import sys
if sys.argv[1] == "server":
    from goodfit.sandbox.fork.server import preload
    preload(["tensorflow"], optional=False)
import keras, numpy, tensorflow
from keras import layers
from keras.src.backend.tensorflow.trainer import TFEpochIterator

rng = numpy.random.default_rng(0)
x, y = rng.normal(size=(200, 8)).astype("float32"), rng.integers(0, 3, 200)
traced = iterators = 0

def cross_entropy(labels, outputs):
    global traced
    traced += 1
    return keras.losses.sparse_categorical_crossentropy(labels, outputs)

def counted_iterators(make=TFEpochIterator._get_iterator):
    def get_iterator(self):
        global iterators
        iterators += 1
        return make(self)
    TFEpochIterator._get_iterator = get_iterator

class Thaw(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.model.layers[0].trainable = True

class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden, self.last = layers.Dense(16, activation="relu"), layers.Dense(3, activation="softmax")

    def call(self, rows):
        return self.last(self.hidden(rows))

class OwnStep(keras.Sequential):
    def train_step(self, data):
        with tensorflow.GradientTape() as tape:
            loss = self.compute_loss(data[0], data[1], self(data[0], training=True))
        weights = self.trainable_weights
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        return {"loss": loss}

def network(kind=keras.Sequential):
    return kind([
        keras.Input((8,)), layers.Dense(16, activation="relu"), layers.BatchNormalization(), layers.Dropout(0.3),
        layers.Dense(3, activation="softmax"),
    ])

def frozen():
    model = network()
    model.layers[0].trainable = False
    return model

def lazy():
    return keras.Sequential([layers.Dense(16, activation="relu"), layers.Dense(3, activation="softmax")])

print(tensorflow.config.optimizer.get_experimental_options().get("min_graph_nodes"))
for make, given, metrics in [
    (network, {"validation_data": (x[:60], y[:60])}, ["accuracy"]),
    (network, {"callbacks": [keras.callbacks.EarlyStopping("loss", patience=0)], "shuffle": False}, None),
    (network, {"class_weight": {0: 1.0, 1: 2.0, 2: 1.0}}, None),
    (frozen, {"callbacks": [Thaw()]}, ["accuracy"]),
    (lazy, {}, ["accuracy"]),
    (Own, {}, ["accuracy"]),
    (lambda: network(OwnStep), {}, None),
]:
    keras.utils.set_random_seed(0)
    model = make()
    model.compile(keras.optimizers.Adam(0.01), cross_entropy, metrics=metrics)
    if metrics and "validation_data" in given:
        counted_iterators()
        model.fit(x, y, epochs=1, verbose=0)
        print(traced)
        model.fit(x, y, epochs=5, verbose=0)
        print(iterators)
    history = model.fit(x, y, epochs=2, batch_size=32, verbose=0, **given).history
    print(history, model.predict(x[:5], verbose=0).tobytes().hex(), len(model.optimizer.variables))
"""


@pytest.fixture(scope="module")
def trained() -> dict[str, list[str]]:
    """What the same trainings print as the server has arranged its forks, and as in a notebook at home."""
    runs = {
        where: subprocess.Popen(
            [sys.executable, "-c", TRAIN, where],
            env={**os.environ, **LIBRARY_ENVIRONMENT},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for where in ("server", "notebook")
    }
    return {where: run.communicate(timeout=240)[0].splitlines() for where, run in runs.items()}


def test_training_gives_the_same_numbers_as_without_the_server(trained: dict[str, list[str]]) -> None:
    assert len(trained["server"]) == 10  # three numbers and seven trainings
    assert trained["server"][3:] == trained["notebook"][3:]


def test_small_graphs_are_left_alone_and_nothing_is_made_twice(trained: dict[str, list[str]]) -> None:
    """The least operations of a graph to optimise, tracings of a training step, iterators of 1 + 5 epochs."""
    assert trained["server"][:3] == [str(SMALL_GRAPH), "1", "6"]
    assert trained["notebook"][:3] == ["None", "2", "12"]
