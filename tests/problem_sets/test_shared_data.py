"""What one problem set hides, no other one gives away."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from graders._shared.digits import halves, quartered

REPOSITORY = Path(__file__).resolve().parents[2]


def images(folder: str) -> dict[str, set[bytes]]:
    """The digits in all data files below a folder, by problem set, each as the bytes of its quartered image."""
    found: dict[str, set[bytes]] = {}
    for path in sorted((REPOSITORY / folder).glob("*/data/*.npz")):
        with np.load(path) as arrays:
            for array in map(arrays.__getitem__, arrays.files):
                if array.ndim == 2 and array.dtype == np.uint8 and array.shape[1] in (196, 784):
                    small = quartered(array) if array.shape[1] == 784 else array
                    found.setdefault(path.parts[-3], set()).update(row.tobytes() for row in small)
    return found


def test_hidden_digits_are_in_no_release() -> None:
    """Digits that a hidden check uses are in no set's student files; the few that look alike are known."""
    alike = {row.tobytes() for row in quartered(halves()[0][0])} & {row.tobytes() for row in quartered(halves()[1][0])}
    given, hidden = images("release"), images("graders")
    assert len(given) >= 7
    assert set(hidden) == set(given)
    for name, rows in hidden.items():
        for other, known in given.items():
            assert not (rows & known) - alike, f"{name} hides what {other} gives"
    assert len(alike) < 5


def test_hidden_years_are_in_no_release() -> None:
    """The sunspots that a hidden check uses lie after all years that students get."""
    given = [np.load(p)["year"].max() for p in (REPOSITORY / "release").glob("*/data/sunspots.npz")]
    hidden = [np.load(p)["year"].min() for p in (REPOSITORY / "graders").glob("*/data/sunspots.npz")]
    assert len(given) == len(hidden) == 2
    assert max(given) < min(hidden)
