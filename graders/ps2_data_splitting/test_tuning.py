"""Checks of exercise 7: how tuning wears a validation set out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from goodfit import check, grades

STANDARD_ERRORS = 5  # a right answer is further off in fewer than one of a million seeds


def picked(student: Any, val: np.ndarray, test: np.ndarray) -> tuple[int, float, float]:
    """Call ``pick_model`` and return its three numbers; the index is one of a model."""
    hint = "Return (index, val_accuracy, test_accuracy)."
    items = check.sequence(student.call_sparing("pick_model", val, test), "pick_model(...)", length=3, hint=hint)
    index = check.number(items[0], "The index", low=0, high=len(val) - 1, integer=True, hint=hint)
    return int(index), check.number(items[1], "The validation accuracy"), check.number(items[2], "The test accuracy")


def tables(n_models: int, n_val: int, n_test: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Right (1) or wrong (0) for every model and row; the best model on test is not the best on validation."""
    rng = np.random.default_rng(seed)
    val, test = rng.integers(0, 2, size=(n_models, n_val)), rng.integers(0, 2, size=(n_models, n_test))
    best = int(val.mean(axis=1).argmax())
    test[best, : n_test // 2] = 0
    test[(best + 1) % n_models] = 1
    return val, test


@grades("tuning-leak", points=1)
def test_picks_by_validation_alone(student):
    """The picked model is the first with the best validation accuracy, whatever it does on the test rows."""
    three_best = np.array([[1, 0, 0, 0], [1, 0, 1, 1], [0, 1, 1, 1], [1, 1, 1, 0]])
    ties = three_best, np.array([[1, 1], [0, 0], [1, 1], [1, 0]])
    for val, test in (tables(12, 31, 17, seed=1), tables(90, 40, 200, seed=2), ties, tuple(a == 1 for a in ties)):
        index, _, _ = picked(student, val, test)
        hint = "Compare the lines' means of val_correct: np.argmax gives the first of equals. Test rows have no say."
        check.equal(index, int(val.mean(axis=1).argmax()), "The index", hint=hint)


@grades("tuning-leak", points=0.5)
def test_reports_the_picked_models_accuracies(student):
    """The two accuracies are those of the model whose index is returned."""
    for n_models, n_val, n_test, seed in ((7, 25, 50, 3), (40, 64, 9, 4)):
        val, test = tables(n_models, n_val, n_test, seed)
        index, val_accuracy, test_accuracy = picked(student, val == 1, test == 1)
        check.close(val_accuracy, float(val[index].mean()), "The validation accuracy")
        hint = "Test accuracy of the picked model: neither the best nor the mean of all models."
        check.close(test_accuracy, float(test[index].mean()), "The test accuracy", hint=hint)


def optimism(student: Any, n_models: int, n_val: int, n_test: int, repeats: int, seed: int) -> list[float]:
    """Call ``measure_optimism`` and return its two numbers."""
    pair = student.call("measure_optimism", n_models, n_val, n_test, repeats, seed)
    hint = "Return (val_accuracy, test_accuracy), both averaged over the repetitions."
    items = check.sequence(pair, "measure_optimism(...)", length=2, hint=hint)
    names = ("The mean validation accuracy", "The mean test accuracy")
    return [check.number(item, name, hint=hint) for item, name in zip(items, names, strict=True)]


def comes_from(accuracy: float, n_rows: int, repeats: int) -> bool:
    """Whether an accuracy can be a mean over so many repetitions with so many rows: a whole number is right."""
    n_right = accuracy * n_rows * repeats
    return abs(n_right - round(n_right)) < 1e-3


def best_of(n_models: int, n_rows: int) -> tuple[float, float]:
    """Exact mean and standard deviation of the best of ``n_models`` coin flippers' accuracies on ``n_rows`` rows."""
    pmf = [math.comb(n_rows, j) / 2**n_rows for j in range(n_rows + 1)]
    cdf = np.minimum(np.cumsum(pmf), 1) ** n_models
    best = np.diff(cdf, prepend=0)
    accuracy = np.arange(n_rows + 1) / n_rows
    mean = float(best @ accuracy)
    return mean, math.sqrt(float(best @ (accuracy - mean) ** 2))


@grades("tuning-leak", points=1)
def test_winners_validation_accuracy(student):
    """The winners' mean validation accuracy is what the best of so many coin flippers reaches by luck.

    With F the distribution function of one flipper's number of right rows, that of the best of M is F to the power M;
    mean and standard deviation follow exactly. Everything within five standard errors, SD / sqrt(repeats), is accepted.
    """
    for n_models, n_val, repeats, seed in (
        (25, 30, 400, 3),
        (8, 101, 300, 14),
        (60, 12, 300, 15),
        (1, 40, 400, 92),
        (2, 1, 400, 16),
    ):
        mean, sd = best_of(n_models, n_val)
        val_accuracy, _ = optimism(student, n_models, n_val, 20, repeats, seed)
        check.that(
            abs(val_accuracy - mean) <= STANDARD_ERRORS * sd / math.sqrt(repeats),
            f"The best of {n_models} on {n_val} rows reach {val_accuracy:.4f} in the mean: luck gives another value.",
            "In every repetition: new fair flips for each model and row, then the best model's validation accuracy.",
        )
    for seed in (21, 22, 23):
        val_accuracy, _ = optimism(student, 4, 7, 13, 11, seed)
        text = f"Nobody can be right in {val_accuracy:.4f} of 7 validation rows, in the mean of 11 repetitions."
        check.that(comes_from(val_accuracy, 7, 11), text, "Flip `n_val` coins for each model, `repeats` times.")
    first, again, *others = [optimism(student, 5, 20, 20, 30, seed=seed) for seed in (8, 8, 9, 10, 11)]
    hint = "Make one generator from `seed`, and flip the coins with it."
    check.that(first == again, "One seed gave different numbers in two calls.", hint)
    moves = any(other[0] != first[0] for other in others)
    check.that(moves, "Four seeds gave the same mean validation accuracy: nothing was flipped by the seed.", hint)


@grades("tuning-leak", points=0.5)
def test_winners_test_accuracy(student):
    """The winners' mean test accuracy is that of a coin, for the test flips are independent of the pick.

    The mean of ``repeats * n_test`` fair flips has the standard error 0.5 / sqrt(repeats * n_test); five of them are
    accepted. (A single model has nothing to be picked from: if its test rows are flipped once and for all, its mean is
    a number of fifths.) Over 40 seeds such means vary by that much. Less than half of it is not a coin's luck (below
    one in a million, chi-squared with 39 degrees of freedom): it is a constant, or the mean of many models.
    """
    for n_models, n_val, n_test, repeats, seed in ((40, 25, 25, 300, 5), (15, 20, 70, 200, 6), (1, 9, 5, 400, 7)):
        _, test_accuracy = optimism(student, n_models, n_val, n_test, repeats, seed)
        check.that(
            abs(test_accuracy - 0.5) <= STANDARD_ERRORS * 0.5 / math.sqrt(repeats * n_test),
            f"The mean test accuracy of the winners is {test_accuracy:.4f}, too far from that of a coin.",
            "Flip separate coins for the test rows, and look at one model only: the one that validation picked.",
        )
    for seed in (24, 25, 26):
        _, test_accuracy = optimism(student, 4, 7, 13, 11, seed)
        text = f"Nobody can be right in {test_accuracy:.4f} of 13 test rows, in the mean of 11 repetitions."
        check.that(comes_from(test_accuracy, 13, 11), text, "Flip `n_test` coins for each model, `repeats` times.")
    several = [optimism(student, 30, 10, 5, 20, seed)[1] for seed in range(40)]
    check.that(
        float(np.std(several, ddof=1)) > 0.25 / math.sqrt(20 * 5),
        "With other seeds the mean test accuracy hardly changes, as if more than the winner's rows were averaged.",
        "In every repetition, take the test accuracy of the one model that validation picked.",
    )
