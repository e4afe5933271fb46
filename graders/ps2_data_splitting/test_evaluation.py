"""Checks of exercises 4 to 6: hold-out, K-fold and iterated K-fold."""

from __future__ import annotations

from typing import Any

import numpy as np
from ps2_data_splitting.helpers import (
    counts_its_fits,
    every_row_once,
    nearest_neighbour,
    only_the_first,
    reads_first_column,
    row_numbers,
)

from goodfit import check, grades

# ---- 4 hold-out


def prepared(student: Any, x_train: np.ndarray, x_new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Call ``prepare`` and return its two arrays, of the right shapes; what they hold may still be nan."""
    pair = check.sequence(student.call("prepare", x_train, x_new), "prepare(...)", length=2)
    ready = check.array(pair[0], "train_ready", shape=x_train.shape, dtype="number", finite=False)
    new_ready = check.array(pair[1], "new_ready", shape=x_new.shape, dtype="number", finite=False)
    return ready.astype(float), new_ready.astype(float)


@grades("holdout", points=0.5)
def test_prepares_by_the_recipe(student, hidden):
    """Missing values get the column's median, then each column gets mean 0 and standard deviation 1."""
    tumours = hidden("cancer")["x"]
    one = np.array([[2.0], [np.nan], [np.nan], [3.0], [40.0], [5.0]])
    small = 1e-5 * one  # whatever is added to its deviation shows
    tables = (tumours[:90], 1e-6), (tumours[90:, :7].astype(np.float32), 1e-3), (one, 1e-9), (small, 1e-9)
    for x, atol in tables:
        filled = np.where(np.isnan(x), np.nanmedian(x.astype(float), axis=0), x)
        wanted = (filled - filled.mean(axis=0)) / np.sqrt(np.mean((filled - filled.mean(axis=0)) ** 2, axis=0))
        ready, _ = prepared(student, x, x.copy())  # equal parts: where the numbers come from is another check
        hint = "Fill with the median of the known values first; mean and deviation (ddof=0) are of the filled column."
        check.close(ready, wanted, "`train_ready`", rtol=1e-5, atol=atol, hint=hint)


@grades("holdout", points=0.5)
def test_constant_columns_become_zero(student):
    """A column that is constant in the training rows is divided by 1: it comes out as 0, not as nan or infinity.

    New rows may have other values there. Then what comes out is how far they are from the training rows' value.
    """
    rng = np.random.default_rng(3)
    x, x_new = rng.normal(5, 2, size=(30, 5)), rng.normal(5, 2, size=(12, 5))
    columns, constants = [1, 3, 4], np.array([4.0, 0.0, -2.5])
    x[:, columns] = constants
    x[::5, 1], x[:17, 4], x[18:, 4] = np.nan, np.nan, np.nan  # the last column has a single known value
    same = x_new.copy()
    same[:, columns] = constants
    what, hint = "A constant column, prepared,", "Divide by 1 where the deviation is 0."
    for ready in prepared(student, x, same):
        constant = check.array(ready[:, columns], what, hint=hint)
        check.close(constant, np.zeros(constant.shape), what, atol=1e-6, hint=hint)
    ready, new_ready = (part[:, columns] for part in prepared(student, x, x_new))
    by_itself = np.ptp(new_ready, axis=0).min() > 0 and abs(new_ready.mean(axis=0)).max() < 1e-6
    if abs(ready).max() < 1e-6 and not by_itself:  # else it learns from the wrong rows, which is another check's matter
        what = "A column that is constant in training only, prepared, in the new rows,"
        check.close(new_ready, x_new[:, columns] - constants, what, atol=1e-6, hint=hint)


@grades("holdout", points=1)
def test_learns_from_the_training_rows_only(student):
    """New rows do not change the prepared training rows, and are prepared with the training rows' numbers."""
    rng = np.random.default_rng(29)
    x = rng.gamma(2.0, 3.0, size=(41, 5))
    near, far = rng.gamma(2.0, 3.0, size=(20, 5)), rng.normal(-70.0, 30.0, size=(33, 5))
    for table, share in ((x, 0.1), (near, 0.1), (far, 0.3)):
        table[rng.random(table.shape) < share] = np.nan
    ready, _ = prepared(student, x, near)
    same = np.array_equal(ready, x, equal_nan=True)
    hint = "Fill the gaps, centre and scale by what the training rows tell, then return both parts."
    check.that(not same, "`train_ready` is `x_train` as it was given: nothing was learnt from it.", hint)
    with_far, new_ready = prepared(student, x, np.concatenate([far, x[:8]]))
    hint = "Median, mean and deviation are learnt from x_train alone: never from both parts together."
    check.close(with_far, ready, "`train_ready`, after x_new was replaced by other rows,", hint=hint)
    hint = "Use the training rows' median, mean and deviation for x_new too: one ruler for both."
    what = "`new_ready`, in the rows of x_new that are rows of x_train too,"
    check.close(new_ready[33:], with_far[:8], what, hint=hint)
    single = check.sequence(student.call_sparing("prepare", x, x[3:4]), "prepare(...)", length=2)[1]
    single = check.array(single, "`new_ready` of one row", shape=(1, 5), dtype="number", finite=False)
    check.close(single, with_far[3:4], "`new_ready` of one row of x_train", hint=hint)


def two_sides(rng: np.random.Generator, scale: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """x, y, training and held-out rows; the first column has two clear sides, which every way of centring parts alike.

    On the low side most training rows are of class 0 and most held-out rows of class 1; rows in neither part are all of
    class 0.
    """
    low = {"train": [0] * 12 + [1] * 8, "held_out": [0] * 5 + [1] * 25, "neither": [0] * 10}
    high = {"train": [0] * 6 + [1] * 14, "held_out": [0] * 9 + [1] * 21, "neither": [0] * 10}
    y, side, part = (np.concatenate(a) for a in zip(*[
        (np.array(labels), np.full(len(labels), is_high), np.full(len(labels), name))
        for is_high, table in ((0, low), (1, high)) for name, labels in table.items()
    ], strict=True))  # fmt: skip
    order = rng.permutation(len(y))
    y, side, part = y[order], side[order], part[order]
    x = np.column_stack([scale * (3 + side + rng.uniform(-0.05, 0.05, size=len(y))), rng.normal(size=(len(y), 2))])
    x[rng.random(len(y)) < 0.1, 1] = np.nan
    return x, y, np.flatnonzero(part == "train"), np.flatnonzero(part == "held_out")


def all_on_one_side(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The same, but held-out rows lie beyond the high training rows, and rows in neither part far below the low ones.

    Prepared by themselves, about half of the held-out rows would be on the low side. Prepared together with the
    training rows, or with all rows, they would drag the border to where all training rows are on one side of it.
    """
    place = np.concatenate(
        [rng.uniform(1, 2, 20), rng.uniform(5, 6, 20), rng.uniform(30, 40, 60), rng.uniform(-900, -800, 9)]
    )
    y = np.concatenate([[2] * 17 + [5] * 3, [5] * 16 + [2] * 4, rng.permutation([5] * 37 + [2] * 23), [2] * 9])
    order = rng.permutation(len(y))
    x = np.column_stack([place, rng.normal(size=(len(y), 2))])[order]
    x[rng.random(len(y)) < 0.2, 2] = np.nan
    train, held_out = np.flatnonzero(order < 40), np.flatnonzero((order >= 40) & (order < 100))
    return x, y[order], train, held_out


@grades("holdout", points=1)
def test_judges_the_held_out_rows(student):
    """The accuracy is that on the held-out rows, prepared with the training rows, of one model fitted on the latter."""
    rng = np.random.default_rng(41)
    plain, (x, y, train, held_out) = two_sides(rng, 1.0), two_sides(rng, 50.0)
    mixed = x, y, train[::-1].copy(), rng.permutation(held_out).astype(np.int32)
    for data, right in ((plain, 26 / 60), (mixed, 26 / 60), (all_on_one_side(rng), 37 / 60)):
        accuracy = student.call_sparing("holdout_accuracy", student.remote(only_the_first), *data)
        hint = (
            "Prepare with the training rows, fit one model on them, and compare its answers with the held-out labels."
        )
        check.close(accuracy, right, "holdout_accuracy(...)", hint=hint)


# ---- 5 K folds


def folds_of(student: Any, rows: np.ndarray, k: int, sparing: bool = False) -> list[tuple[np.ndarray, np.ndarray]]:
    """Call ``k_fold`` and return its k pairs of row-number arrays."""
    hint = "Return a list of k pairs (train, val)."
    pairs = check.sequence(
        (student.call_sparing if sparing else student.call)("k_fold", rows, k), "k_fold(...)", k, hint
    )
    folds = []
    for i, pair in enumerate(pairs):
        train, val = check.sequence(pair, f"fold {i}", length=2, hint=hint)
        n = int(rows.max()) + 1
        folds.append((row_numbers(train, n, f"`train` of fold {i}"), row_numbers(val, n, f"`val` of fold {i}")))
    return folds


def dealt(n: int, seed: int) -> np.ndarray:
    """The rows 0 to n - 1 in random order."""
    return np.random.default_rng(seed).permutation(n)


@grades("kfold", points=1)
def test_validates_every_row_once(student):
    """Every row is in the validation part of exactly one fold, also when n is not divisible by k."""
    for n, k in ((47, 5), (10, 10), (20, 3), (2, 2), (101, 10)):
        folds = folds_of(student, dealt(n, seed=n), k)
        hint = f"{n} rows in {k} folds: {n % k} rows are left over by {n} // {k}, and they must be validated too."
        every_row_once([val for _, val in folds], np.arange(n), "validation part", hint)


@grades("kfold", points=1)
def test_trains_on_all_other_rows(student):
    """Each fold trains on all rows that it does not validate, once each, and on no other."""
    for n, k in ((24, 4), (30, 2), (7, 7), (60, 12)):
        rows = dealt(n, seed=n + 1)
        for i, (train, val) in enumerate(folds_of(student, rows, k)):
            both = np.intersect1d(train, val).size
            hint = "train = all rows but those of this fold, before and after it."
            check.that(both == 0, f"{n} rows, {k} folds: fold {i} trains on {both} of its own validation rows.", hint)
            right = np.array_equal(np.sort(train), np.setdiff1d(rows, val))
            check.that(right, f"{n} rows, {k} folds: fold {i} does not train on each of the other rows once.", hint)


@grades("kfold", points=0.5)
def test_folds_are_of_even_size(student):
    """The sizes of the validation parts differ by at most one."""
    for n, k in ((23, 5), (59, 10), (11, 4), (19, 6)):
        sizes = [len(val) for _, val in folds_of(student, dealt(n, seed=n), k)]
        hint = "Give the rows that are left over to different folds, one each."
        check.that(max(sizes) - min(sizes) <= 1, f"{n} rows in {k} folds gave validation parts of {sizes} rows.", hint)


@grades("kfold", points=0.5)
def test_uses_the_given_row_numbers(student):
    """The folds hold the row numbers that were given, dealt out in the order in which they were given."""
    some = np.array([105, 17, 42, 8, 300, 77, 61, 90, 11, 54, 23, 39])
    for rows, k in ((some, 4), (np.arange(400, 430, dtype=np.int32), 5)):
        for i, (train, val) in enumerate(folds_of(student, rows, k)):
            for part, name in ((train, "train"), (val, "val")):
                strange = np.setdiff1d(part, rows).size
                check.that(
                    strange == 0,
                    f"`{name}` of fold {i} holds {strange} numbers that are not in `rows`.",
                    "Positions in `rows` are not row numbers: return members of `rows`.",
                )
        by_place = folds_of(student, np.arange(len(rows)), k)
        hint = "Deal the rows out as they come, without sorting or shuffling them: the order is the caller's job."
        for (_, val), (_, places) in zip(folds_of(student, rows, k, sparing=True), by_place, strict=True):
            same = np.array_equal(np.sort(val), np.sort(rows[places]))
            check.that(same, "Rows that come in another order are not dealt out by their places.", hint)


# ---- 6 K-fold scores, and iterated K-fold


@grades("iterated-kfold", points=1)
def test_scores_each_fold_on_its_validation_rows(student, given):
    """Each score is the accuracy on the fold's validation rows of a model fitted on its training rows."""
    digits = given("digits")  # no hidden ones: the function gets them with their labels
    x, y = digits["images"][7::20], digits["labels"][7::20].astype(int)
    pieces = np.split(dealt(len(x), seed=4), [30, 45, 70])  # four pieces of unequal size, some of them unused at times
    splits = [
        (np.concatenate([pieces[1], pieces[2]]), pieces[0]),
        (pieces[3], pieces[1]),
        (np.concatenate(pieces[:2]), pieces[3]),
    ]
    for chosen in (splits, splits[1:2]):
        expected = [nearest_neighbour().fit(x[train], y[train]).score(x[val], y[val]) for train, val in chosen]
        scores = student.call_sparing("fold_scores", student.remote(nearest_neighbour), x, y, chosen)
        scores = check.array(scores, "fold_scores(...)", shape=(len(chosen),), dtype="number")
        hint = "For each pair: fit on x[train], y[train] and nothing else, score on x[val], y[val]."
        check.close(scores, np.array(expected), "fold_scores(...)", hint=hint)


@grades("iterated-kfold", points=1)
def test_fits_a_fresh_model_each_time(student):
    """No model is fitted twice: every fold of every repetition gets a fresh one."""
    x, y = np.random.default_rng(6).normal(size=(36, 2)), np.ones(36, dtype=int)
    y[[0, 9, 11, 18, 19, 20]] = 0
    model = student.remote(counts_its_fits)  # right about the ones as long as it has been fitted once only
    pieces = np.split(np.arange(36), 4)
    splits = [(np.setdiff1d(np.arange(36), val), val) for val in pieces]
    hint = "Call build_model() inside the loop over the folds: a model that remembers knows later validation rows."
    for name, answer, shape in (
        ("fold_scores(...)", student.call("fold_scores", model, x, y, splits), (4,)),
        ("iterated_k_fold(...)", student.call("iterated_k_fold", model, x, y, 3, 2, 5), (2, 3)),
    ):
        scores = check.array(answer, name, shape=shape, dtype="number")  # each fold has at least half ones
        check.that(bool((scores > 0).all()), f"{name} gives 0 for a fold: its model has been fitted before.", hint)
        differ = np.ptp(scores) > 0 or name.startswith("iterated")
        told = "Score each fold on its own validation rows: `x` and `y` at the indices that the split gives."
        check.that(differ, f"{name} gives the same score for folds with different labels.", told)
        text = f"{name} gives 1 for every fold, but no model here is right everywhere."
        check.that(bool((scores < 1).any()), text, told)


@grades("iterated-kfold", points=0.5)
def test_each_repetition_validates_every_row_once(student):
    """The result has a line for each repetition, and each line comes from every row being validated once."""
    # The model's answers do not depend on its training, and all folds have the same size: so a line's mean is the
    # share of rows that it is right about, whatever the shuffle.
    rng = np.random.default_rng(12)
    for n, k, repeats, n_right in ((60, 5, 4, 20), (48, 4, 7, 31), (12, 12, 2, 3)):
        x, y = rng.integers(0, 50, size=(n, 2)).astype(float), np.full(n, -1)
        right = rng.permutation(n)[:n_right]
        y[right] = x[right, 0]
        scores = student.call_sparing("iterated_k_fold", student.remote(reads_first_column), x, y, k, repeats, 3)
        scores = check.array(scores, "iterated_k_fold(...)", shape=(repeats, k), dtype="number")
        hint = "Shuffle row numbers (no row twice, x and y together), and give all of them to the folds."
        check.close(scores.mean(axis=1), np.full(repeats, len(right) / n), "The mean of each line", hint=hint)


@grades("iterated-kfold", points=0.5)
def test_shuffles_anew_by_the_seed(student):
    """Every repetition has its own shuffle of the rows, and the seed decides them all.

    A line's scores are compared in order of size: the same folds in another order are no new shuffle. With 1,000 rows
    in a fold two shuffles agree in three of four scores with a probability of about 0.018 cubed, times 24 orders:
    0.0002. So six lines of a right answer are at least five different ones but for one case in a hundred thousand, and
    rarer still does one line agree for three seeds.
    """
    rng = np.random.default_rng(18)
    x = rng.integers(0, 2, size=(4000, 1)).astype(float)
    y = np.sort(rng.integers(0, 2, size=4000))
    results = []
    for seed in (7, 7, 2008, 31):
        scores = student.call("iterated_k_fold", student.remote(reads_first_column), x, y, 4, 6, seed)
        results.append(check.array(scores, "iterated_k_fold(...)", shape=(6, 4), dtype="number"))
    first, _, other, third = (np.sort(scores, axis=1) for scores in results)
    different = len(np.unique(first.round(9), axis=0))
    hint = "Make one generator from `seed` before the loop, and draw a new permutation of the rows in every repetition."
    check.that(different >= 5, f"Six repetitions gave only {different} different sets of scores.", hint)
    hint = "The generator comes from `seed` alone."
    check.close(results[1], results[0], "The result of a second call with the same seed", hint=hint)
    check.that(not np.allclose(first, other), "Two different seeds gave the same scores.", hint)
    fixed = (np.isclose(first, other) & np.isclose(first, third)).all(axis=1)
    hint = "Every repetition is shuffled, from the first to the last."
    check.that(not fixed.any(), "Three different seeds gave the same scores in one of the repetitions.", hint)
