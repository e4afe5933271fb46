"""Builds the data of ps8_regularization from a package that carries real data in its wheel; nothing is downloaded.

Source and licence:
    digits: MNIST images, see :mod:`_shared.digits`. Ours: every 2 x 2 block of pixels is averaged (28 x 28 becomes
        14 x 14, a quarter of
        the work), and WRONG of the training labels are replaced by another digit, drawn at random.

Given are training rows (with the wrong labels) and validation rows, hidden are test rows; validation and test labels
are the true ones. No image is in two of them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from _shared import digits

SEED = 20231024
TRAINING, VALIDATION, TEST = 600, 400, 1500  # rows
WRONG = 120  # of the training labels: every fifth
CLASSES = 10


def build(given: Path, hidden: Path) -> None:
    """Write ``digits.npz`` to both folders, the same bytes every time."""
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
