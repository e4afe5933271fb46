"""Numbers of an item analysis: how hard a check or an exercise is, and how it goes with the rest of the set.

Pure functions over arrays. What cannot be computed, such as the correlation of an item that everybody passes, is None
or NaN and never 0. Intervals are 95 %.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Interval = tuple[float, float]

Z = 1.959963984540054  # the normal distribution's 97.5 % point
RESAMPLES = 1000
SEED = 20260302  # of the bootstrap: the same class gives the same report
LEAST = 5  # students; below that neither a correlation nor its interval means anything
LEAST_DEFINED = 0.9  # share of the resamples in which a number must exist for its interval to mean something
TINY = 1e-12  # a variance below it is rounding


def wilson(share: float, n: int) -> Interval | None:
    """Wilson's score interval of a share (E. B. Wilson, JASA 22, 1927); None where there is nobody.

    Where marks are not only 0 and 1, the share is their mean; such marks vary less than passed-or-not ones of the same
    mean, so that the interval is wide enough.

    Args:
        share: successes divided by n, from 0 to 1.
        n: how many.
    """
    if n <= 0:
        return None
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def correlations(x: Floats, y: Floats, weights: Floats | None = None) -> Floats:
    """Pearson's correlation of each column of x with the same column of y; NaN where one of the two is constant.

    Args:
        x: shape (n, items).
        y: shape (n, items).
        weights: shape (resamples, n): how often a resample holds each row. None: every row once.

    Returns:
        Shape (resamples, items); one row without weights.
    """
    n = len(x)
    weights = np.ones((1, n)) if weights is None else weights
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    mean_x, mean_y = weights @ x / n, weights @ y / n
    covariance = weights @ (x * y) / n - mean_x * mean_y
    variances = weights @ x**2 / n - mean_x**2, weights @ y**2 / n - mean_y**2
    defined = (variances[0] > TINY) & (variances[1] > TINY)
    product = np.where(defined, variances[0] * variances[1], 1.0)
    return np.where(defined, covariance / np.sqrt(product), np.nan)


def rest(items: Floats, totals: Floats) -> Floats:
    """The score without the item, for each item: with the item in it, its correlation would always look better.

    Args:
        items: marks, shape (n, items).
        totals: marks of the whole, shape (n,).
    """
    return totals[:, None] - items


def efficiency(item: Floats, others: Floats) -> float | None:
    """Moodle's discriminative efficiency in %: the covariance of item and rest over the greatest one possible.

    The greatest is that of the same two lists of marks, both sorted. Unlike a correlation it does not punish an item
    for being easy or hard. (Moodle, question/classes/statistics/questions/calculator.php.)

    Args:
        item: marks, shape (n,).
        others: the score without the item, shape (n,).

    Returns:
        From -100 or below to 100; None where item or rest is constant.
    """
    if len(item) < 2:
        return None
    centred = others - others.mean()
    greatest = float(np.sort(item - item.mean()) @ np.sort(centred))
    return 100 * float((item - item.mean()) @ centred) / greatest if greatest > TINY else None


def quintiles(item: Floats, totals: Floats, parts: int = 5) -> list[float] | None:
    """Mean mark of an item in each fifth of the class, from the lowest total to the highest.

    Students with equal totals count with the mean mark of them all, so that their order does not matter.

    Args:
        item: marks, shape (n,).
        totals: marks of the whole, shape (n,).
        parts: how many parts.

    Returns:
        None where there are fewer students than parts.
    """
    if len(item) < parts:
        return None
    _, group = np.unique(totals, return_inverse=True)
    shared = np.bincount(group, weights=item) / np.bincount(group)
    ordered = shared[np.sort(group)]
    return [float(part.mean()) for part in np.array_split(ordered, parts)]


def alphas(exercises: Floats, weights: Floats | None = None) -> Floats:
    """Cronbach's alpha (Psychometrika 16, 1951): k/(k-1) · (1 - sum of exercises' variances / variance of totals).

    Over exercises and not over checks: checks of one exercise hang together, which would inflate it.

    Args:
        exercises: marks, shape (n, exercises).
        weights: as in :func:`correlations`.

    Returns:
        Shape (resamples,); NaN where there is one exercise or all totals are equal.
    """
    n, k = exercises.shape
    weights = np.ones((1, n)) if weights is None else weights
    both = np.column_stack([exercises, exercises.sum(axis=1)])
    both = both - both.mean(axis=0)
    variances = weights @ both**2 / n - (weights @ both / n) ** 2
    defined = (variances[:, -1] > TINY) & (k > 1)
    ratio = variances[:, :-1].sum(axis=1) / np.where(defined, variances[:, -1], 1.0)
    return np.where(defined, k / max(k - 1, 1) * (1 - ratio), np.nan)


def resamples(n: int, seed: int = SEED) -> Floats:
    """How often each of n students is drawn in each of 1,000 bootstrap samples; shape (1000, n)."""
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    return drawn.astype(np.float64)


def intervals(values: Floats, n: int) -> list[Interval | None]:
    """The percentile interval (B. Efron, 1979) of each column of bootstrap values; None where it would mean nothing.

    Args:
        values: shape (resamples, items); NaN where a resample did not define one.
        n: students that were resampled.
    """
    found: list[Interval | None] = []
    for column in values.T:
        defined = column[~np.isnan(column)]
        if n < LEAST or len(defined) < LEAST_DEFINED * len(column):
            found.append(None)
        else:
            low, high = np.quantile(defined, (0.025, 0.975))
            found.append((float(low), float(high)))
    return found


def histogram(scores: Sequence[float], most: float, bins: int) -> list[int]:
    """How many scores lie in each of so many equal parts from 0 to the most that can be had.

    A score at a border counts in the part above it, the highest score in the last part.
    """
    counts, _ = np.histogram(np.clip(scores, 0, most), bins=bins, range=(0, most or 1))
    return [int(count) for count in counts]
