"""Builds the data of ps3_baselines from packages that carry real data in their wheels; nothing is downloaded.

Sources and licences:
    reuters: the 46 class counts of the training part of Keras' Reuters set (8,982 articles), written out below. They
        are facts about that set; no article is stored.
    sunspots: yearly mean sunspot numbers, 1700-2008, of ``statsmodels.datasets.sunspots``: public domain as
        statsmodels marks it; National Geophysical Data Center, Boulder.
    eights: MNIST images, see :mod:`_shared.digits`, averaged over 2 x 2 pixels, labelled 1 if the digit is an 8 and 0
        if not; one row in ten is an 8. SHARE_WRONG of the *training* labels are turned around, by us.

Given and hidden rows never overlap: digits are dealt out at random, and the hidden years are the last ones.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from _shared import digits

SEED = 20231025
FIRST_HIDDEN_YEAR = 1959
EIGHTS = {"train": 100, "val": 50, "test": 200}  # test is hidden
OTHERS_FOR_ONE_EIGHT = 9
SHARE_WRONG = 0.08  # at 0.05 the gaps of right answers and of networks that learn them by heart nearly met

REUTERS = [
    55, 432, 74, 3159, 1949, 17, 48, 16, 139, 101, 124, 390, 49, 172, 26, 20, 444, 39, 66, 549, 269, 100, 15, 41, 62,
    92, 24, 15, 48, 19, 45, 39, 32, 11, 50, 10, 49, 19, 19, 24, 36, 30, 13, 21, 12, 18,
]  # fmt: skip


def build(given: Path, hidden: Path) -> None:
    """Write the students' files to ``given`` and the graders' files to ``hidden``, the same bytes every time."""
    for folder in (given, hidden):
        folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(given / "reuters.npz", counts=np.array(REUTERS))
    for name, make in {"sunspots": sunspots, "eights": eights}.items():
        for folder, rows in zip((given, hidden), make(), strict=True):
            np.savez_compressed(folder / f"{name}.npz", **rows)


def sunspots() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """One number a year, in order."""
    from statsmodels.datasets import sunspots as dataset

    table = dataset.load_pandas().data
    year, spots = table["YEAR"].to_numpy().astype(int), table["SUNACTIVITY"].to_numpy()
    past = year < FIRST_HIDDEN_YEAR
    given, hidden = ({"year": year[part], "spots": spots[part]} for part in (past, ~past))
    return given, hidden


def eights() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Deal out eights and other digits, one to nine; some labels of the training rows become wrong."""
    rng = np.random.default_rng(SEED)
    parts: dict[str, np.ndarray] = {}
    for (images, labels), names in zip(digits.halves(), (("train", "val"), ("test",)), strict=True):
        eight, other = (rng.permutation(np.flatnonzero(which)) for which in (labels == 8, labels != 8))
        start = 0
        for name in names:
            end = start + EIGHTS[name]
            nine = other[OTHERS_FOR_ONE_EIGHT * start : OTHERS_FOR_ONE_EIGHT * end]
            rows = rng.permutation(np.concatenate([eight[start:end], nine]))
            parts[f"x_{name}"] = digits.quartered(images[rows])
            parts[f"y_{name}"] = (labels[rows] == 8).astype(np.int64)
            start = end
    wrong = rng.permutation(len(parts["y_train"]))[: round(SHARE_WRONG * len(parts["y_train"]))]
    parts["y_train"][wrong] = 1 - parts["y_train"][wrong]
    hidden = {key: parts.pop(key) for key in ("x_test", "y_test")}
    return parts, hidden
