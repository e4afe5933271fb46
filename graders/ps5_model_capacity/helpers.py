"""What several checks of ps5_model_capacity share."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodfit import check


def points(n: int, seed: int) -> np.ndarray:
    """Made-up points, shape (n, 2)."""
    return np.random.default_rng(seed).normal(scale=3, size=(n, 2))


RAN = "Does the cell below your answer run to its end?"


def pair(records: Any, name: str, what: str = "`records`", hint: str = RAN) -> tuple[float, float]:
    """The training and validation accuracy (shares, 0 to 1) that a dictionary, `records`, has under a name."""
    items = check.mapping(records, what, keys=(name,), hint=hint)[name]
    under = f"what {what} has under {name!r}"
    items = check.sequence(items, under, length=2, hint="(training accuracy, validation accuracy)")
    train, val = (check.number(item, f"an accuracy in {under}", low=0, high=1) for item in items)
    return train, val


def windows(student: Any, series: Any, k: int, **options: int) -> tuple[Any, Any]:
    """Call ``lag_windows`` and return its two parts."""
    x, y = check.sequence(student.call("lag_windows", series, k, **options), "lag_windows(...)", length=2)
    return x, y


def predictions(student: Any, past: np.ndarray, future: np.ndarray, k: int) -> np.ndarray:
    """Call ``forecast`` and return its predictions, of any number; they count from the end of ``future``."""
    got = check.array(student.call("forecast", past, future, k), "forecast(...)", shape=(None,), dtype="number")
    check.that(0 < len(got) <= len(future), f"forecast(...) returned {len(got)} predictions.", "One for each value.")
    return got.astype(float)


def wave(n: int, seed: int) -> np.ndarray:
    """A series with a period of about eleven and noise, as long as is asked for."""
    noise = np.random.default_rng(seed).normal(size=n)
    return 50 + 40 * np.sin(np.arange(n) * 0.57) + 6 * noise
