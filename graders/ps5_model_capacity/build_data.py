"""Builds the data of ps5_model_capacity: made-up rings, and real data from two wheels; nothing is downloaded.

Source and licence:
    rings: ours. Two classes around the origin, a disc and a ring; WRONG of the labels are the other class,
        in all files.
    digits: MNIST images, see :mod:`_shared.digits`. Ours: blocks of 2 x 2 pixels are averaged (28 x 28 becomes
        14 x 14).
    sunspots: ``statsmodels.datasets.sunspots``, yearly sunspot numbers 1700 to 2008, public domain (SIDC, Brussels).

Given are training and validation rows and the earlier years; hidden are test rows and the later years.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from _shared import digits

SEED = 20231026
POINTS, TEST_POINTS = (120, 200), 4000  # training and validation, test
WRONG = 0.15  # share of wrong labels among the points
TRAINING, VALIDATION, TEST = 800, 400, 1500  # digits
FIRST_HIDDEN = 1959  # year, as in ps3_baselines: what one set gives no other set may hide


def build(given: Path, hidden: Path) -> None:
    """Write the students' files to ``given`` and the graders' files to ``hidden``, the same bytes every time."""
    given.mkdir(parents=True, exist_ok=True)
    hidden.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    (x_train, y_train), (x_val, y_val) = (rings(n, rng) for n in POINTS)
    x_test, y_test = rings(TEST_POINTS, rng)
    np.savez_compressed(given / "rings.npz", x_train=x_train, y_train=y_train, x_val=x_val, y_val=y_val)
    np.savez_compressed(hidden / "rings.npz", x=x_test, y=y_test)

    x, y, x_test, y_test = digits.drawn(rng, TRAINING + VALIDATION, TEST)
    x_train, x_val = np.split(x, [TRAINING])
    y_train, y_val = np.split(y, [TRAINING])
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


def sunspots() -> tuple[np.ndarray, np.ndarray]:
    """Return the years and their mean sunspot numbers."""
    from statsmodels.datasets import sunspots as source

    table = source.load_pandas().data
    return table["YEAR"].to_numpy().astype(np.int64), table["SUNACTIVITY"].to_numpy().astype(np.float64)
