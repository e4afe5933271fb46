"""What several checks of ps9_capstone share: made-up tables, expected values by other ways, readers of answers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from ps9_capstone.build_data import COLUMNS, apples

from goodfit import check

PICKED = [COLUMNS.index(name) for name in ("sugar", "acid", "firmness", "redness")]
SAY_NOTHING = [j for j, name in enumerate(COLUMNS) if name in ("record", "belt") or name.startswith("aux")]


def table(n: int, d: int, seed: int, missing: float = 0.15, copies: int = 0) -> np.ndarray:
    """A made-up table of shape (n + copies, d) in no order: rows of few different values, some of them missing.

    Exactly ``copies`` rows are copies of others; the first column is never missing and tells all others apart.
    """
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 4, size=(n, d)).astype(float)
    x[rng.random((n, d)) < missing] = np.nan
    x[:, 0] = rng.permutation(n)
    x = np.concatenate([x, x[rng.integers(n, size=copies)]])
    return x[rng.permutation(len(x))]


def keys(x: np.ndarray) -> list[tuple[Any, ...]]:
    """Each row as a tuple in which missing values are equal."""
    return [tuple(None if np.isnan(v) else float(v) for v in row) for row in x]


def earliest(x: np.ndarray, day: np.ndarray) -> np.ndarray:
    """The rows to keep, ascending: of equal rows the one with the smallest (day, row number)."""
    best: dict[tuple[Any, ...], tuple[float, int]] = {}
    for i, key in enumerate(keys(x)):
        mine = (float(day[i]), i)
        best[key] = min(best.get(key, mine), mine)
    return np.array(sorted(i for _, i in best.values()))


def rows_of(value: Any, what: str, n: int, hint: str | None = None) -> np.ndarray:
    """Return row numbers as a 1-d integer array, each from 0 to n - 1 and at most once."""
    rows = check.array(value, what, shape=(None,), dtype="integer", hint=hint)
    check.that(rows.size == 0 or (rows.min() >= 0 and rows.max() < n), f"{what} holds numbers that are no rows.", hint)
    check.that(len(np.unique(rows)) == len(rows), f"{what} holds a row twice.", hint)
    return rows.astype(int)


def two_parts(student: Any, day: np.ndarray, share: float, sparing: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Call ``split_by_day`` and return its two sorted arrays of row numbers; ``sparing`` as in :func:`two_tables`."""
    answer = (student.call_sparing if sparing else student.call)("split_by_day", day, share)
    items = check.sequence(answer, "split_by_day(...)", 2, "Return (train, val).")
    train, val = (rows_of(part, f"`{name}`", len(day)) for part, name in zip(items, ("train", "val"), strict=True))
    return np.sort(train), np.sort(val)


def border(day: Sequence[float], share: float) -> float:
    """The latest day for which at least ``share`` of the rows are of that day or later: counted down from the end."""
    late = sorted((float(d) for d in day), reverse=True)
    needed = Fraction(share).limit_denominator(10_000) * len(late)
    return next(d for i, d in enumerate(late) if i + 1 >= needed or len([v for v in late if v >= d]) >= needed)


def two_tables(student: Any, x_train: np.ndarray, x_new: np.ndarray, sparing: bool = False) -> list[np.ndarray]:
    """Call ``prepare`` and return its two arrays; with ``sparing`` fail where it changes what it is given."""
    answer = (student.call_sparing if sparing else student.call)("prepare", x_train, x_new)
    items = check.sequence(answer, "prepare(...)", 2, "Return (train_ready, new_ready).")
    names = ("`train_ready`", "`new_ready`")
    return [
        check.array(item, name, shape=part.shape, dtype="number")
        for item, part, name in zip(items, (x_train, x_new), names, strict=True)
    ]


def explained(values: np.ndarray, y: np.ndarray, bins: int) -> float:
    """Score of a column by its bins: one minus the share of the label's variation that is left inside the bins."""
    order = np.sort(values)
    edges = []
    for i in range(1, bins):  # linear interpolation between the sorted values
        place = i * (len(order) - 1) / bins
        low = int(place)
        edges.append(order[low] + (place - low) * (order[min(low + 1, len(order) - 1)] - order[low]))
    groups: dict[int, list[float]] = {}
    for value, label in zip(values, y, strict=True):
        groups.setdefault(sum(edge <= value for edge in edges), []).append(float(label))
    left = sum(len(g) * np.var(g) for g in groups.values())
    return 1 - left / (len(y) * np.var(y))


def seasons(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A table of nine columns, labels and days (all different, in no order), to choose columns from.

    Column 0 noise, 1 always useful, 2 useful in the first two thirds of the time only, 3 always useful (the other way
    round), 4 constant, 5 useful in the last third only, 6 useful in the outer thirds only, 7 noise, 8 always useful.
    """
    rng = np.random.default_rng(seed)
    day = rng.permutation(n).astype(float) * 0.5
    y = rng.integers(0, 2, size=n)
    third = (3 * np.argsort(np.argsort(day))) // n
    links = {1: (2, 2, 2), 2: (4, 4, 0), 3: (-2, -2, -2), 5: (0, 0, 4), 6: (4, 0, 4), 8: (1.8, 2.2, 1.8)}
    x = rng.normal(size=(n, 9))
    for j, link in links.items():
        x[:, j] += np.take(link, third) * (y - 0.5)
    x[:, 4] = 1.5
    return x, y, day


def supporters(x: np.ndarray, y: np.ndarray, folds: np.ndarray, k: int) -> np.ndarray:
    """The share of the k nearest rows of other folds that have a row's label, row by row."""
    shares = []
    for i in range(len(x)):
        others = [j for j in range(len(x)) if folds[j] != folds[i]]
        others.sort(key=lambda j: float(((x[i] - x[j]) ** 2).sum()))
        shares.append(sum(y[j] == y[i] for j in others[:k]) / k)
    return np.array(shares)


def mislabelled(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Other apples, prepared, with their typed labels, and which of these are wrong: about one in seven."""
    rng = np.random.default_rng(seed)
    made = apples(n, 0, 68, rng)
    x = made["x"][:, PICKED]
    wrong = rng.permutation(n) < n / 7
    return (x - x.mean(axis=0)) / x.std(axis=0), np.where(wrong, 1 - made["y"], made["y"]), wrong


def given_apples(given: Any, hidden: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The students' own apples, prepared, without copies, with their typed labels, and which of these are wrong."""
    data, wrong = given("apples"), hidden("flips")["wrong"]
    keep = earliest(data["x"], data["day"])
    x = data["x"][keep][:, PICKED]
    x = np.where(np.isnan(x), np.nanmedian(x, axis=0), x)
    return (x - x.mean(axis=0)) / x.std(axis=0), data["y"][keep].astype(np.int64), wrong[keep]
