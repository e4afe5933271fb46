"""Builds the data of ps4_learning_rate from a package that carries real data in its wheel; nothing is downloaded.

Source and licence:
    digits: MNIST images, see :mod:`_shared.digits`. Ours: every 2 x 2 block of pixels is averaged (28 x 28 becomes
        14 x 14, a quarter of
        the work), and in ``y_hasty`` WRONG of the training labels are replaced by another digit, drawn at random.

Given are training rows (with true and with hasty labels) and validation rows, hidden are test rows. No image is in two
of them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from _shared import digits

SEED = 20231025
TRAINING, VALIDATION, TEST = 1280, 400, 1500  # rows
WRONG = 256  # of the hasty training labels: every fifth
CLASSES = 10


def build(given: Path, hidden: Path) -> None:
    """Write ``digits.npz`` to both folders, the same bytes every time."""
    rng = np.random.default_rng(SEED)
    x, y, x_test, y_test = digits.drawn(rng, TRAINING + VALIDATION, TEST)
    x_train, x_val = np.split(x, [TRAINING])
    y_train, y_val = np.split(y, [TRAINING])

    wrong = rng.permutation(TRAINING)[:WRONG]
    y_hasty = y_train.copy()
    y_hasty[wrong] = (y_hasty[wrong] + rng.integers(1, CLASSES, size=WRONG)) % CLASSES

    given.mkdir(parents=True, exist_ok=True)
    hidden.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        given / "digits.npz", x_train=x_train, y_train=y_train, y_hasty=y_hasty, x_val=x_val, y_val=y_val
    )
    np.savez_compressed(hidden / "digits.npz", x_test=x_test, y_test=y_test)
