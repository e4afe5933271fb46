"""Builds the data of ps6_feature_engineering from scikit-learn's wines; nothing is downloaded.

Source and licence:
    wine: ``sklearn.datasets.load_wine``, 178 wines of three growers, 13 measurements each (Forina and others, 1988; on
        the UCI repository under CC BY 4.0; scikit-learn is BSD-3-Clause).

The faults are ours: 13 columns of noise at all scales, SHARE_MISSING of all entries replaced by CODE, and SHARE_WRONG
of the training labels replaced by another grower's. Labels of validation and hidden wines are true. Clock faces are not
stored: the notebook and the checks draw them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

SEED = 20231025
TRAINING, VALIDATION = 90, 48  # of 178 wines; the others are hidden
SHARE_MISSING, SHARE_WRONG = 0.08, 0.15
CODE = -999.0


def build(given: Path, hidden: Path) -> None:
    """Write the students' file to ``given`` and the graders' file to ``hidden``, the same bytes every time."""
    from sklearn.datasets import load_wine

    table = load_wine()
    rng = np.random.default_rng(SEED)
    noise = rng.normal(size=table.data.shape) * 10.0 ** rng.uniform(0, 3, size=table.data.shape[1])
    names = [*table.feature_names, *(f"instrument {i}" for i in range(1, 14))]
    columns = rng.permutation(len(names))
    x = np.hstack([table.data, noise])[:, columns]
    x[rng.random(x.shape) < SHARE_MISSING] = CODE
    train, val, rest = np.split(rng.permutation(len(x)), [TRAINING, TRAINING + VALIDATION])
    labels = table.target[train].copy()
    wrong = rng.random(len(labels)) < SHARE_WRONG
    labels[wrong] = (labels[wrong] + rng.integers(1, 3, size=int(wrong.sum()))) % 3
    for folder in (given, hidden):
        folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        given / "wine.npz",
        x_train=x[train],
        y_train=labels.astype(np.int64),
        x_val=x[val],
        y_val=table.target[val].astype(np.int64),
        names=np.array(names, dtype=str)[columns],
    )
    np.savez_compressed(hidden / "wine.npz", x=x[rest], y=table.target[rest].astype(np.int64))
