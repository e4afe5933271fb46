"""Builds the data of ps9_capstone: apples on a sorting line, generated with traced seeds; nothing is downloaded.

What is generated, and why:
    an apple has four qualities that matter (sugar, acid, firmness, redness), each behind a sensor with its own unit. It
    is fit for the shop (class 1) when sugar, acid and redness are in balance and the flesh is neither too hard nor too
    soft: no straight line parts the classes. The rest is juice (class 0).
Faults, all at once:
    wrong labels: FLIPPED of the given labels are turned around, at random (the hidden labels are the true ones);
    copies: COPIES records were sent again on a later day; equal in every column and in the label;
    missing values: MISSING of the sensors' values, OFTEN_MISSING of `aux_04`; NaN;
    useless columns: `record` (a random number), `belt` (constant) and eight `aux` sensors that measure noise;
    a shift in time: the reading of `crate` follows the class in the first weeks, then the link fades, and in the end it
    is turned around; besides, the share of class 1 grows with the season.
Given are the days 0 to 89, hidden are the days 90 to 119. No apple is in both. SEED is one of several with which the
four useful columns pass the notebook's limit (a score of 0.03 in each third of the training days) and no other does.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

SEED = 20231056
GIVEN, COPIES, HIDDEN = 1000, 130, 1500  # rows: different apples, records sent again, apples of later days
LAST_GIVEN_DAY, LAST_DAY = 89, 119
FLIPPED = 0.15  # share of the given labels
MISSING, OFTEN_MISSING = 0.06, 0.3  # shares of the values
COLUMNS = (
    "record", "sugar", "aux_01", "acid", "belt", "aux_02", "firmness", "crate", "aux_03", "redness", "aux_04", "aux_05",
    "aux_06", "aux_07", "aux_08",
)  # fmt: skip


def apples(n: int, first_day: int, last_day: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return n apples: readings x of shape (n, 15) without missing values, true classes y, and their days, sorted."""
    day = np.sort(rng.integers(first_day, last_day + 1, size=n))
    season = day / LAST_DAY  # 0 to 1
    sugar, acid, firmness, redness = rng.normal(size=(4, n))
    fit = 1.4 * sugar - 1.3 * acid + 1.3 * redness + 2.2 * (0.9 - firmness**2) + 0.4 * season
    y = (fit + 0.3 * rng.normal(size=n) > 0).astype(np.int64)
    link = np.maximum(1.5 * (1 - day / 55), -1.0)
    crate = link * (2 * y - 1) + rng.normal(size=n)
    values = {
        "record": rng.permutation(np.arange(100_000, 999_999))[:n],
        "sugar": 12 + 1.5 * sugar,
        "acid": 6 + 0.8 * acid,
        "belt": np.full(n, 3.0),
        "firmness": 70 + 8 * firmness,
        "crate": 18 + 2 * crate,
        "redness": 120 + 25 * redness,
    }
    scales = (1, 40, 0.02, 900, 3, 0.5, 12, 200)
    for k, scale in enumerate(scales, start=1):
        values[f"aux_{k:02}"] = scale * (5 + rng.normal(size=n))
    x = np.stack([values[name] for name in COLUMNS], axis=1)
    return {"x": np.round(x, 4), "y": y, "day": day}


def with_missing(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Lose some of the sensors' values: `record` and `belt` are always there."""
    share = np.array([OFTEN_MISSING if name == "aux_04" else MISSING for name in COLUMNS])
    share[[COLUMNS.index("record"), COLUMNS.index("belt")]] = 0
    return np.where(rng.random(x.shape) < share, np.nan, x)


def build(given: Path, hidden: Path) -> None:
    """Write ``apples.npz`` to both folders, the same bytes every time."""
    rng = np.random.default_rng(SEED)
    early = apples(GIVEN, 0, LAST_GIVEN_DAY, rng)
    late = apples(HIDDEN, LAST_GIVEN_DAY + 1, LAST_DAY, rng)
    x, day = with_missing(early["x"], rng), early["day"]
    wrong = np.zeros(GIVEN, dtype=bool)
    wrong[rng.permutation(GIVEN)[: round(FLIPPED * GIVEN)]] = True
    y = np.where(wrong, 1 - early["y"], early["y"])

    source = rng.permutation(np.flatnonzero(day < LAST_GIVEN_DAY))[:COPIES]
    again = np.array([rng.integers(day[i] + 1, LAST_GIVEN_DAY + 1) for i in source])
    rows = np.concatenate([np.arange(GIVEN), source])
    day = np.concatenate([day, again])
    order = rng.permutation(len(rows))  # the export is in no order
    rows, day = rows[order], day[order]

    given.mkdir(parents=True, exist_ok=True)
    hidden.mkdir(parents=True, exist_ok=True)
    columns = np.array(COLUMNS)
    np.savez_compressed(given / "apples.npz", x=x[rows], y=y[rows].astype(np.uint8), day=day, columns=columns)
    np.savez_compressed(
        hidden / "apples.npz", x=with_missing(late["x"], rng), y=late["y"].astype(np.uint8), day=late["day"]
    )
    np.savez_compressed(hidden / "flips.npz", wrong=wrong[rows])
