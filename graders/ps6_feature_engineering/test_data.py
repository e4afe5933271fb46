"""Checks of exercises 5 to 7: learning curves, and a table's missing values, scales, columns and labels."""

from __future__ import annotations

from typing import Any

import numpy as np
from ps6_feature_engineering.helpers import (
    adds_up_its_rows,
    constant_answer,
    distance_between,
    distance_on_a_dial_of_300,
    nearest_row,
    three_times_too_high,
)

from goodfit import check, grades

# ---- 5 learning curves


def curve(student: Any, model: Any, error: Any, rows: tuple[np.ndarray, ...], sizes: list[int]) -> Any:
    """Call ``learning_curve`` with a lent model and a lent error measure."""
    return student.call_sparing("learning_curve", student.remote(model), student.remote(error), *rows, sizes)


@grades("learning-curve", points=1)
def test_fits_first_rows_and_judges_test_rows(student):
    """Each model is fitted on the first rows of that number and judged on all test rows."""
    rng = np.random.default_rng(51)
    for n, m, d, sizes in ((50, 20, 2, [1, 7, 20, 50]), (31, 45, 1, [3, 30])):
        x, x_test = rng.normal(size=(n, d)), rng.normal(size=(m, d))
        rows = (x, 10 * x.sum(axis=1) + rng.normal(size=n), x_test, 10 * x_test.sum(axis=1) + rng.normal(size=m))
        wanted = [
            np.abs(nearest_row().fit(x[:size], rows[1][:size]).predict(x_test) - rows[3]).sum() / m for size in sizes
        ]
        got = curve(student, nearest_row, distance_between, rows, sizes)
        hint = "Fit on x[:size], y[:size], predict x_test, compare with y_test; then the mean, not the median."
        check.close(got, wanted, "learning_curve(...)", rtol=1e-6, atol=1e-6, hint=hint)
    rows = (np.array([[0.0], [1.0], [2.0]]), np.array([5.0, 9.0, 1.0]), np.array([[0.1], [1.1]]), np.array([5.0, 5.0]))
    got = curve(student, nearest_row, distance_between, rows, [1, 2, 3])
    check.close(got, [0, 2, 2], "learning_curve(...) where the error rises", rtol=1e-6, atol=1e-6, hint=hint)


@grades("learning-curve", points=0.5)
def test_builds_a_new_model_for_each_size(student):
    """Every size gets a new model, that has seen no rows before."""
    # The model answers with the number of rows that it has ever seen; with answers of 0 the mean error is that number.
    # Which rows were used is another check: here no model may have been fitted on more rows than there are.
    sizes = [2, 5, 6, 11, 17]
    rows = (np.arange(34.0).reshape(17, 2), np.zeros(17), np.arange(34.0).reshape(17, 2), np.zeros(17))
    got = check.array(
        curve(student, adds_up_its_rows, distance_between, rows, sizes), "learning_curve(...)", (5,), "number"
    ).astype(float)
    hint = "Call build_model() inside the loop, once for each size."
    again = bool(np.max(np.abs(got)) > 17 + 1e-6)
    check.that(not again, "A model was fitted on more rows than there are: it was used again.", hint)
    low = np.full(17, -50.0)
    far = (rows[0], low, rows[2], low)
    other = curve(student, adds_up_its_rows, distance_between, far, sizes)
    other = check.array(other, "learning_curve(...)", (5,), "number").astype(float)
    differ = bool((np.abs(other - got) > 1e-6).all())
    check.that(differ, "The errors do not depend on the rows' answers.", "Measure with `error`, against y_test.")


@grades("learning-curve", points=0.5)
def test_takes_the_mean_of_the_given_error(student):
    """The error is the mean of the given error measure, predictions first."""
    rng = np.random.default_rng(52)
    y = rng.gamma(1.0, 200.0, size=40)
    rows = (np.zeros((40, 1)), y, np.zeros((40, 1)), y)  # training and test rows are the same: another check
    over = 250 - y
    for error, values in (
        (distance_on_a_dial_of_300, np.minimum(over % 300, -over % 300)),
        (three_times_too_high, np.where(over > 0, 3 * over, -over)),
    ):
        got = curve(student, constant_answer, error, rows, [40])
        hint = "np.mean(error(predicted, actual)): use the function that was given, with the predictions first."
        check.close(got, [values.mean()], "learning_curve(...)", hint=hint)


@grades("learning-curve", points=1)
def test_finds_the_images_needed(student):
    """The images needed are the smallest size from which on no error is above the target. The lists do not change."""
    cases = [
        ([5, 10, 30, 70, 200], [50.0, 8.0, 12.0, 7.0, 6.5], 8.0, 70),
        ([5, 10, 30, 70, 200], [50.0, 9.0, 8.0, 8.0, 2.0], 8.0, 30),
        ([3, 4], [1.0, 1.5], 2.0, 3),
        ([1, 2, 4, 8], [9.0, 1.0, 1.0, 1.1], 1.0, None),
        ([100], [0.25], 0.25, 100),
        ([12, 24, 48], [5.0, 5.5, 3.0], 4.0, 48),
    ]
    for sizes, errors, target, wanted in cases:
        hint = "Go through the sizes from the last one backwards: how far down is every error at most the target?"
        for kind in (list, np.array):
            got = student.call_sparing("images_needed", kind(sizes), kind(errors), target)
            check.equal(got, wanted, f"images_needed(...) for {len(sizes)} sizes", hint=hint)


# ---- 6 a table, cleaned


def cleaned(
    student: Any, x_train: np.ndarray, x_new: np.ndarray, code: float, keeping: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Call ``clean`` and return its two arrays, of the right shapes; what they hold may still be nan."""
    call = student.call_sparing if keeping else student.call
    pair = check.sequence(call("clean", x_train, x_new, code), "clean(...)", length=2)
    ready = check.array(pair[0], "train_ready", shape=x_train.shape, dtype="number", finite=False)
    new_ready = check.array(pair[1], "new_ready", shape=x_new.shape, dtype="number", finite=False)
    return ready.astype(float), new_ready.astype(float)


def with_codes(x: np.ndarray, code: float, share: float, seed: int) -> np.ndarray:
    """A copy in which some entries are missing, never all of a column."""
    gone = np.random.default_rng(seed).random(x.shape) < share
    gone[:4] = False
    return np.where(gone, code, x)


@grades("table-clean", points=1)
def test_cleans_by_the_recipe(student, hidden):
    """Missing values become the median, medians 0, and the distance of the quartiles 1; the tables stay as they are."""
    rng = np.random.default_rng(66)
    skewed = with_codes(rng.gamma(1.5, 4.0, size=(37, 4)) - 3, -1.0, 0.2, seed=67)
    skewed[4], skewed[5] = 1.0, -1.004  # not the code, though nearly
    zeros = with_codes(rng.gamma(1.5, 4.0, size=(24, 3)) + 0.5, 0.0, 0.2, seed=65)
    small = np.where(zeros == 0, -5, 1e-5 * zeros)  # in another unit: a small spread is not none
    tables = (
        (hidden("wine")["x"].astype(float), -999.0),
        (skewed, -1.0),
        (skewed[:, :1], -1),
        (zeros, 0),
        (small, -5.0),
    )
    for x, code in tables:
        wanted = np.zeros(x.shape)
        for column, source in zip(wanted.T, x.T, strict=True):
            known = source != code
            low, middle, high = np.quantile(source[known], [0.25, 0.5, 0.75])
            column[known] = (source[known] - middle) / (high - low)
        nothing_known = np.full((3, x.shape[1]), float(code))  # so the numbers can come from x only: another check
        ready, _ = cleaned(student, x, nothing_known, code, keeping=True)
        hint = "Each column has its own median and quartiles (axis=0), of its known values; missing values end as 0."
        check.close(ready, wanted, "`train_ready`", rtol=1e-6, atol=1e-6, hint=hint)
    lonely = np.array([[-99.0, 1.0], [5.0, 2.0], [-99.0, 3.0]])  # one known value in the first column
    one, _ = cleaned(student, lonely, lonely.copy(), -99.0)
    known = check.array(one[[0, 2], 0], "The missing values of a column with one known value, cleaned,", hint=hint)
    check.close(known, np.zeros(2), "The missing values of a column with one known value, cleaned,", hint=hint)


@grades("table-clean", points=0.5)
def test_learns_the_scale_from_training_rows(student):
    """New rows do not change the training rows, and are measured with the training rows' medians and quartiles."""
    rng = np.random.default_rng(68)
    x = with_codes(rng.gamma(2.0, 3.0, size=(40, 5)), -7.0, 0.15, seed=69)
    near, far = with_codes(rng.gamma(2.0, 3.0, size=(25, 5)), -7.0, 0.1, seed=70), rng.normal(90, 30, size=(50, 5))
    ready, _ = cleaned(student, x, near, -7.0)
    with_far, new_ready = cleaned(student, x, np.concatenate([far, x[:12]]), -7.0)
    hint = "Learn the numbers from x_train alone, and use them for both parts: one ruler."
    check.array(ready, "`train_ready`", hint=hint)
    check.that(bool((np.ptp(ready, axis=0) > 0).all()), "A column of `train_ready` has lost its differences.", hint)
    check.close(with_far, ready, "`train_ready`, after x_new was replaced by other rows,", hint=hint)
    check.close(new_ready[50:], with_far[:12], "`new_ready`, in rows that are training rows too,", hint=hint)


@grades("table-clean", points=0.5)
def test_columns_without_spread_stay_finite(student):
    """Where both quartiles are equal, values are only shifted, not divided by zero."""
    x = np.random.default_rng(71).normal(size=(21, 3))
    x[:, 0], x[:, 2] = 6.5, 2.0
    x[:3, 2] = (9.0, -4.0, 3.0)
    ready, new_ready = cleaned(student, x, x[::-1].copy(), -99.0)
    hint = "Divide by 1 where the quartiles are equal."
    for part, source in ((ready, x), (new_ready, x[::-1])):
        flat = check.array(part[:, [0, 2]], "A column whose quartiles are equal, cleaned,", hint=hint)
        check.close(flat[:, 0], np.zeros(21), "A constant column, cleaned,", atol=1e-6, hint=hint)
        check.close(
            flat[:, 1], source[:, 2] - 2.0, "A column whose quartiles are equal, cleaned,", atol=1e-6, hint=hint
        )


# ---- 7 useful columns and suspect labels


@grades("table-pick", points=1)
def test_scores_columns(student, hidden):
    """A column's score is the share of its variation that the class explains, 0 for a constant column.

    The table stays as it is.
    """
    wine = hidden("wine")
    rng = np.random.default_rng(72)
    y = np.array(["oak", "elm", "ash", "yew"])[rng.integers(0, 4, size=57)]
    x = rng.normal(size=(57, 5)) * [1, 300, 0.01, 4, 1] + 5
    x[y == "ash", 3] += 9
    x[:, 2] = 1e-3 * (x[:, 2] - 5)  # small numbers, but not constant
    x[:, 4] = 8.0
    counts = np.random.default_rng(75).integers(0, 9, size=(40, 3))  # whole numbers
    known = np.where(wine["x"] == -999, 0, wine["x"])
    for table, labels in ((known, wine["y"] * 3 - 1), (x, y), (counts, np.arange(40) % 2 * 5)):
        inside = np.zeros(table.shape[1])
        for label in np.unique(labels):
            inside += table[labels == label].var(axis=0) * np.sum(labels == label)
        around = table.var(axis=0) * len(table)
        wanted = np.where(around > 1e-12, 1 - inside / np.where(around > 1e-12, around, 1), 0)
        got = student.call_sparing("column_scores", table, labels)
        hint = "Weight each class by its rows; divide by the whole column's variation; 0 for constant columns."
        check.close(got, wanted, "column_scores(...)", rtol=1e-6, atol=1e-6, hint=hint)


@grades("table-pick", points=0.5)
def test_picks_the_best_columns(student):
    """The k columns with the highest scores are chosen, best first."""
    rng = np.random.default_rng(73)
    for d, k, classes in ((9, 4, 2), (6, 6, 3), (12, 1, 4)):
        y = np.arange(80) % classes
        order = rng.permutation(d)
        x = np.empty((80, d))
        for place, column in enumerate(order):  # the further back, the weaker the class shows; scales differ
            noise = rng.normal(size=80) * 1e-3
            wave = np.sin(np.arange(80) // classes * (place + 1))
            x[:, column] = (y + wave * (0.2 + 0.45 * place) + noise) * 10.0 ** rng.integers(-2, 4)
        got = student.call_sparing("best_columns", x, y, k)
        hint = "np.argsort sorts from low to high; the best column comes first, and there are k of them."
        check.equal(got, _ranked(x, y)[:k], "best_columns(...)", hint=hint)


def _ranked(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """All columns by the share of variation that the class explains, best first."""
    inside = sum(x[y == label].var(axis=0) * np.sum(y == label) for label in np.unique(y))
    return np.argsort(inside / x.var(axis=0))


@grades("table-pick", points=1)
def test_finds_planted_wrong_labels(student):
    """Rows whose label nearly all neighbours contradict are suspect, and no others."""
    rng = np.random.default_rng(74)
    names = np.array(["north", "south", "west"])
    for k, n, d in ((5, 90, 2), (8, 150, 6)):
        group = rng.integers(0, 3, size=n)
        x = (
            rng.normal(size=(n, d)) * 0.5 + 12 * np.eye(3, d)[group]
            if d > 2
            else (rng.normal(size=(n, d)) * 0.5 + 9 * np.array([[0, 0], [1, 0], [0, 1]])[group])
        )
        planted = np.zeros(n, dtype=bool)
        for label in range(3):
            planted[np.flatnonzero(group == label)[:2]] = True
        labels = np.where(planted, (group + 1) % 3, group)
        for y in (labels, names[labels], 3 * labels - 1):
            got = student.call_sparing("suspect_labels", x, y, k)
            hint = "Compare each row's label with those of its k nearest other rows, by Euclidean distance."
            check.equal(got, planted, "suspect_labels(...)", hint=hint)
    # Row 0 has five neighbours along one axis and five in a corner; which of them are nearer depends on the distance:
    # the axis in one way (9 against 7.3) and, in steps along the axes or by the largest one, in the other.
    for axis, own in ((9.0, "corner"), (6.0, "axis")):
        spread = 0.1 * rng.normal(size=(10, 6))
        x = np.vstack([np.zeros(6), np.full((5, 6), 3.0) + spread[:5], axis * np.eye(1, 6) + spread[5:]])
        y = np.array([own] + ["corner"] * 5 + ["axis"] * 5)
        got = student.call("suspect_labels", x, y, 5)
        hint = "Euclidean distance: the root of the sum of the squared differences."
        check.equal(got, np.zeros(11, dtype=bool), "suspect_labels(...) in six columns", hint=hint)


@grades("table-pick", points=0.5)
def test_counts_other_rows_and_halves(student):
    """A row has no vote about itself, and exactly half of the neighbours is enough to trust a label, fewer are not.

    Among the last rows no label is more common than a row's own, but fewer than half of the neighbours have it.
    """
    x = np.array([0.0, 1.0, 2.1, 3.3, 20.0, 21.0, 22.1, 23.3, 24.6, 50.0, 51.0, 52.1, 53.3])[:, None]
    y = np.array([1, 0, 1, 0, 2, 2, 2, 0, 0, 1, 0, 2, 1])
    for k in (1, 2, 3, 4):
        distance = np.abs(x - x.T) + np.diag(np.full(len(x), np.inf))
        agree = [int((y[np.argsort(line)[:k]] == label).sum()) for line, label in zip(distance, y, strict=True)]
        wanted = np.array([2 * votes < k for votes in agree])
        got = student.call("suspect_labels", x, y, k)
        hint = "Leave the row itself out. Fewer than half is suspect, half is not."
        check.equal(got, wanted, f"suspect_labels(..., k={k})", hint=hint)
