"""Builds the data of ps7_early_stopping from a package that carries real data in its wheel; nothing is downloaded.

Source and licence:
    digits: MNIST images, see :mod:`_shared.digits`. Ours: every 2 x 2 block of pixels is averaged (28 x 28 becomes
        14 x 14, a quarter of
        the work), and WRONG of the training labels are replaced by another digit, drawn at random.
    record: the cross-entropy of each of RECORDED further digits after each epoch of one training (scikit-learn's
        MLPClassifier on the training rows), in nats, rounded to half precision.
    curves: validation losses of RUNS trainings of a smaller network at a high learning rate, each on PART of the
        training rows and measured on FEW of the recorded digits: bumpy, as curves of small projects are.

Given are training rows (with the wrong labels, and which they are), validation rows and the record; hidden are test
rows. Validation, test and recorded labels are the true ones. No image is in two of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from _shared import digits
from threadpoolctl import threadpool_limits

SEED = 20231027
TRAINING, VALIDATION, TEST, RECORDED = 600, 400, 1500, 1200  # rows
WRONG = 120  # of the training labels: every fifth
CLASSES = 10
Rows = Iterator[np.ndarray]
EPOCHS = 40  # of the recorded training
RUNS, RUN_EPOCHS, PART, FEW = 30, 50, 300, 50


def build(given: Path, hidden: Path) -> None:
    """Write ``digits.npz`` to both folders and ``record.npz`` to the students'."""
    rng = np.random.default_rng(SEED)
    x, y, x_test, y_test = digits.drawn(rng, TRAINING + VALIDATION + RECORDED, TEST)
    x_train, x_val, x_more = np.split(x, [TRAINING, TRAINING + VALIDATION])
    y_train, y_val, y_more = np.split(y, [TRAINING, TRAINING + VALIDATION])

    wrong = rng.permutation(TRAINING)[:WRONG]
    y_train = y_train.copy()
    y_train[wrong] = (y_train[wrong] + rng.integers(1, CLASSES, size=WRONG)) % CLASSES

    given.mkdir(parents=True, exist_ok=True)
    hidden.mkdir(parents=True, exist_ok=True)
    is_wrong = np.isin(np.arange(TRAINING), wrong)
    np.savez_compressed(
        given / "digits.npz", x_train=x_train, y_train=y_train, wrong=is_wrong, x_val=x_val, y_val=y_val
    )
    rows = x_train, y_train, x_more, y_more
    with threadpool_limits(1):  # products of small matrices: on a busy machine threads would wait for each other
        np.savez_compressed(given / "record.npz", loss=record(*rows), curves=curves(*rows))
    np.savez_compressed(hidden / "digits.npz", x_test=x_test, y_test=y_test)


def record(x: np.ndarray, y: np.ndarray, x_more: np.ndarray, y_more: np.ndarray) -> np.ndarray:
    """Train for EPOCHS epochs; return the cross-entropy of every further row after each, float16 (EPOCHS, RECORDED)."""
    from sklearn.neural_network import MLPClassifier

    network = MLPClassifier((128, 128), batch_size=100, learning_rate_init=0.003, alpha=0, random_state=SEED)
    return np.array(list(epochs(network, EPOCHS, x, y, x_more, y_more)), dtype=np.float16)


def curves(x: np.ndarray, y: np.ndarray, x_more: np.ndarray, y_more: np.ndarray) -> np.ndarray:
    """Train RUNS small networks; return their validation curves, float32 of shape (RUNS, RUN_EPOCHS)."""
    from sklearn.neural_network import MLPClassifier

    found = []
    for run in range(RUNS):
        rng = np.random.default_rng([SEED, run])
        rows, few = rng.permutation(len(x))[:PART], rng.permutation(len(x_more))[:FEW]
        # without momentum (beta_1) and with a high learning rate the curve is bumpy
        network = MLPClassifier((64,), batch_size=50, learning_rate_init=0.01, beta_1=0.0, alpha=0, random_state=run)
        losses = epochs(network, RUN_EPOCHS, x[rows], y[rows], x_more[few], y_more[few])
        found.append([loss.mean() for loss in losses])
    return np.array(found, dtype=np.float32)


def epochs(network: Any, number: int, x: np.ndarray, y: np.ndarray, x_more: np.ndarray, y_more: np.ndarray) -> Rows:
    """Train epoch by epoch; yield the cross-entropy of every further row after each."""
    for _ in range(number):
        network.partial_fit(x / 255, y, classes=np.arange(CLASSES))
        right = network.predict_proba(x_more / 255)[np.arange(len(y_more)), y_more]
        yield -np.log(np.clip(right, 1e-7, 1))
