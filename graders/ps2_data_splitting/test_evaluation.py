"""Checks of exercises 4 to 6: hold-out, K-fold and iterated K-fold."""

from __future__ import annotations

from typing import Any

import numpy as np
from ps2_data_splitting.helpers import (
    counts_its_fits,
    every_row_once,
    nearest_neighbour,
    reads_first_column,
    row_numbers,
    side_of_zero,
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
    for x, atol in ((tumours[:90], 1e-6), (tumours[90:, :7].astype(np.float32), 1e-3), (one, 1e-9)):
        filled = np.where(np.isnan(x), np.nanmedian(x.astype(float), axis=0), x)
        wanted = (filled - filled.mean(axis=0)) / np.sqrt(np.mean((filled - filled.mean(axis=0)) ** 2, axis=0))
        ready, _ = prepared(student, x, x.copy())  # equal parts: where the numbers come from is another check
        hint = "Fill with the median of the known values first; mean and deviation (ddof=0) are of the filled column."
        check.close(ready, wanted, "`train_ready`", rtol=1e-5, atol=atol, hint=hint)


@grades("holdout", points=0.5)
def test_constant_columns_become_zero(student):
    """A column that is constant in the training rows comes out as 0, not as nan or infinity."""
    rng = np.random.default_rng(3)
    x, x_new = rng.normal(5, 2, size=(30, 4)), rng.normal(5, 2, size=(12, 4))
    for part in (x, x_new):
        part[:, 1], part[:, 3] = 4.0, 0.0
        part[::5, 1] = np.nan
    for ready in prepared(student, x, x_new):
        what, hint = "A constant column, prepared,", "Divide by 1 where the deviation is 0."
        constant = check.array(ready[:, [1, 3]], what, hint=hint)
        check.close(constant, np.zeros(constant.shape), what, atol=1e-6, hint=hint)


@grades("holdout", points=1)
def test_learns_from_the_training_rows_only(student):
    """New rows do not change the prepared training rows, and are prepared with the training rows' numbers."""
    rng = np.random.default_rng(29)
    x = rng.gamma(2.0, 3.0, size=(41, 5))
    near, far = rng.gamma(2.0, 3.0, size=(20, 5)), rng.normal(-70.0, 30.0, size=(33, 5))
    for table, share in ((x, 0.1), (near, 0.1), (far, 0.3)):
        table[rng.random(table.shape) < share] = np.nan
    ready, _ = prepared(student, x, near)
    with_far, new_ready = prepared(student, x, np.concatenate([far, x[:8]]))
    hint = "Median, mean and deviation are learnt from x_train alone: never from both parts together."
    check.close(with_far, ready, "`train_ready`, after x_new was replaced by other rows,", hint=hint)
    hint = "Use the training rows' median, mean and deviation for x_new too: one ruler for both."
    what = "`new_ready`, in the rows of x_new that are rows of x_train too,"
    check.close(new_ready[33:], with_far[:8], what, hint=hint)


@grades("holdout", points=1)
def test_judges_the_held_out_rows(student):
    """The accuracy is that on the prepared held-out rows of a model fitted on the prepared training rows."""
    # The first column has two clear sides, which every way of centring parts alike. On the low side most training rows
    # are of class 0 and most held-out rows of class 1; rows in neither part are all of class 0.
    rng = np.random.default_rng(41)
    for scale, mixed in ((1.0, False), (50.0, True)):
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
        train, held_out = np.flatnonzero(part == "train"), np.flatnonzero(part == "held_out")
        if mixed:
            train, held_out = train[::-1].copy(), rng.permutation(held_out).astype(np.int32)
        accuracy = student.call("holdout_accuracy", student.lend(side_of_zero), x, y, train, held_out)
        hint = "Prepare, fit on the training rows only, and compare the predictions with the held-out labels."
        check.close(accuracy, 26 / 60, "holdout_accuracy(...)", hint=hint)


# ---- 5 K folds


def folds_of(student: Any, rows: np.ndarray, k: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Call ``k_fold`` and return its k pairs of row-number arrays."""
    hint = "Return a list of k pairs (train, val)."
    pairs = check.sequence(student.call("k_fold", rows, k), "k_fold(...)", length=k, hint=hint)
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
    """The folds hold the row numbers that were given, when these are not 0 to n - 1."""
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


# ---- 6 K-fold scores, and iterated K-fold


@grades("iterated-kfold", points=1)
def test_scores_each_fold_on_its_validation_rows(student, hidden):
    """Each score is the accuracy on the fold's validation rows of a model fitted on its training rows."""
    digits = hidden("digits")
    x, y = digits["images"][::2], digits["labels"][::2].astype(int)
    pieces = np.split(dealt(len(x), seed=4), [30, 45, 70])  # four pieces of unequal size, some of them unused at times
    splits = [
        (np.concatenate([pieces[1], pieces[2]]), pieces[0]),
        (pieces[3], pieces[1]),
        (np.concatenate(pieces[:2]), pieces[3]),
    ]
    for chosen in (splits, splits[1:2]):
        expected = [nearest_neighbour().fit(x[train], y[train]).score(x[val], y[val]) for train, val in chosen]
        scores = student.call("fold_scores", student.lend(nearest_neighbour), x, y, chosen)
        scores = check.array(scores, "fold_scores(...)", shape=(len(chosen),), dtype="number")
        hint = "For each pair: fit on x[train], y[train] and nothing else, score on x[val], y[val]."
        check.close(scores, np.array(expected), "fold_scores(...)", hint=hint)


@grades("iterated-kfold", points=1)
def test_fits_a_fresh_model_each_time(student):
    """No model is fitted twice: every fold of every repetition gets a fresh one."""
    x, y = np.random.default_rng(6).normal(size=(36, 2)), np.ones(36, dtype=int)
    model = student.lend(counts_its_fits)  # right about these labels as long as it has been fitted once only
    pieces = np.split(np.arange(36), 4)
    splits = [(np.setdiff1d(np.arange(36), val), val) for val in pieces]
    hint = "Call build_model() inside the loop over the folds: a model that remembers knows later validation rows."
    for what, scores, shape in (
        ("fold_scores(...)", student.call("fold_scores", model, x, y, splits), (4,)),
        ("iterated_k_fold(...)", student.call("iterated_k_fold", model, x, y, 3, 2, 5), (2, 3)),
    ):
        scores = check.array(scores, what, shape=shape, dtype="number")
        check.close(scores, np.ones(shape), f"{what} with a model that remembers its earlier fits", hint=hint)


@grades("iterated-kfold", points=0.5)
def test_each_repetition_validates_every_row_once(student):
    """The result has a line for each repetition, and each line comes from every row being validated once."""
    # The model's answers do not depend on its training, and all folds have the same size: so a line's mean is the
    # share of rows that it is right about, whatever the shuffle.
    rng = np.random.default_rng(12)
    for n, k, repeats in ((60, 5, 4), (48, 4, 7), (12, 12, 2)):
        x, y = rng.integers(0, 50, size=(n, 2)).astype(float), np.full(n, -1)
        right = rng.permutation(n)[: n // 3]
        y[right] = x[right, 0]
        scores = student.call("iterated_k_fold", student.lend(reads_first_column), x, y, k, repeats, 3)
        scores = check.array(scores, "iterated_k_fold(...)", shape=(repeats, k), dtype="number")
        hint = "Shuffle row numbers (no row twice, x and y together), and give all of them to the folds."
        check.close(scores.mean(axis=1), np.full(repeats, len(right) / n), "The mean of each line", hint=hint)


@grades("iterated-kfold", points=0.5)
def test_shuffles_anew_by_the_seed(student):
    """Every repetition has its own shuffle, and the seed decides them all.

    Two shuffles of 400 rows agree in all four fold scores with a probability below 0.001 (0.08 to the third power), so
    six lines of a right answer are at least five different ones but for one case in ten thousand.
    """
    rng = np.random.default_rng(18)
    x = rng.integers(0, 2, size=(400, 1)).astype(float)
    y = np.sort(rng.integers(0, 2, size=400))
    results = []
    for seed in (7, 7, 2008):
        scores = student.call("iterated_k_fold", student.lend(reads_first_column), x, y, 4, 6, seed)
        results.append(check.array(scores, "iterated_k_fold(...)", shape=(6, 4), dtype="number"))
    different = len(np.unique(results[0].round(9), axis=0))
    hint = "Make one generator from `seed` before the loop, and draw a new permutation from it in every repetition."
    check.that(different >= 5, f"Six repetitions gave only {different} different lines of scores.", hint)
    hint = "The generator comes from `seed` alone."
    check.close(results[1], results[0], "The result of a second call with the same seed", hint=hint)
    check.that(not np.allclose(results[0], results[2]), "Two different seeds gave the same scores.", hint)
