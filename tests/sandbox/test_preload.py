"""What the fork server arranges before its first fork changes how fast students' code runs, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys

from goodfit.sandbox.confine import LIBRARY_ENVIRONMENT
from goodfit.sandbox.fork.server import SMALL_GRAPH

TRAIN = """
import sys
if sys.argv[1] == "server":
    from goodfit.sandbox.fork.server import preload
    preload(["tensorflow"], optional=False)
import keras, numpy, tensorflow
rng = numpy.random.default_rng(0)
x, y = rng.normal(size=(300, 8)).astype("float32"), rng.integers(0, 3, 300)
keras.utils.set_random_seed(0)
model = keras.Sequential([
    keras.Input((8,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dropout(0.3),
    keras.layers.Dense(3, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=3, batch_size=32, validation_data=(x[:60], y[:60]), verbose=0).history
print(tensorflow.config.optimizer.get_experimental_options().get("min_graph_nodes"))
print(history, model.predict(x[:5], verbose=0).tobytes().hex())
"""


def test_training_gives_the_same_numbers_as_without_the_server() -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", TRAIN, where],
            env={**os.environ, **LIBRARY_ENVIRONMENT},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for where in ("server", "notebook")
    ]
    (server, *numbers), (notebook, *stock) = (run.communicate(timeout=240)[0].splitlines() for run in runs)

    assert (server, notebook) == (str(SMALL_GRAPH), "None")
    assert len(numbers) == 1
    assert numbers == stock
