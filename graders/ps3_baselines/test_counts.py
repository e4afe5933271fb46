"""Checks of exercises 1 to 3: baselines that know class counts and nothing else."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np

from goodfit import check, grades

COUNTS = [
    [7, 2, 1],
    np.array([40, 40, 40, 40, 40, 40, 40], dtype=np.int16),
    np.array([0, 812, 31, 0, 5, 77]),
    (3, 0),
    np.array([90_000, 60_000, 10_000], dtype=np.int32),  # squares do not fit int32
    np.array([200, 17, 3, 150], dtype=np.uint8),  # nor does the sum fit uint8
]

# ---- 1 class counts


def baseline(student: Any, counts: Any, name: str) -> Any:
    """One of the three values of ``baselines``."""
    answer = check.mapping(student.call("baselines", counts), "baselines(...)", keys=(name,))
    return answer[name]


@grades("counts", points=1)
def test_uniform_counts_every_class(student):
    """The uniform baseline is 1 / K for K classes, also when some of them have no rows."""
    for counts in COUNTS:
        hint = "K is the length of `counts`: a class that happens to have no row still is a possible answer."
        check.close(baseline(student, counts, "uniform"), 1 / len(counts), "the uniform baseline", hint=hint)


@grades("counts", points=1)
def test_majority_is_the_largest_share(student):
    """The majority baseline is the largest class share."""
    for counts in COUNTS:
        if not isinstance(counts, tuple):
            student.call_sparing("baselines", counts)
        expected = max(int(n) for n in counts) / sum(int(n) for n in counts)
        hint = "The largest count, divided by the number of all rows."
        check.close(baseline(student, counts, "majority"), expected, "the majority baseline", hint=hint)


@grades("counts", points=1)
def test_shuffle_is_the_sum_of_squared_shares(student):
    """The shuffle baseline is the sum of the squared class shares."""
    for counts in COUNTS:
        numbers = [int(n) for n in counts]
        expected = float(sum(Fraction(n, sum(numbers)) ** 2 for n in numbers))
        hint = "Divide by the number of rows first, then square, then add up. Large counts overflow when squared."
        check.close(baseline(student, counts, "shuffle"), expected, "the shuffle baseline", hint=hint)


@grades("counts", points=1)
def test_skill_starts_at_the_strongest_baseline(student):
    """Skill is 0 for the strongest baseline, 1 for perfection and negative below the baseline."""
    for counts in ([7, 2, 1], [25, 25, 25, 25], np.array([0, 812, 31, 0, 5, 77]), np.array([1, 9], dtype=np.uint8)):
        best = max(int(n) for n in counts) / sum(int(n) for n in counts)
        for accuracy in (best, 1.0, (1 + best) / 2, 0.9 * best, best - 0.1, 0.0):
            hint = "(accuracy - strongest) / (1 - strongest). Which of the three baselines is the highest?"
            got = student.call_sparing("skill", accuracy, counts)
            check.close(got, (accuracy - best) / (1 - best), "skill(...)", hint=hint)


# ---- 2 held-out rows

SAME_CLASSES = [
    (["a"] * 7 + ["b"] * 2 + ["c"], ["c"] * 6 + ["a"] * 3 + ["b"] * 5),
    ([4] * 3 + [-1] * 30 + [9] * 8, [9] * 50 + [4] * 20 + [-1] * 3),
    ([1] * 12 + [0] * 11, [0] * 9 + [1] * 2),
    ([-7] * 5, [-7] * 3),
]


def label_rules(student: Any, train: list, test: list, seed: int) -> list[Any]:
    """Call ``label_only`` with mixed labels and return its two items."""
    rng = np.random.default_rng(seed)
    answer = student.call("label_only", rng.permutation(np.array(train)), rng.permutation(np.array(test)))
    return check.sequence(answer, "label_only(...)", length=2, hint="Return (commonest, by_shares).")


def by_shares(train: list, test: list) -> float:
    """The sum of p * q over all classes."""
    p, q = Counter(train), Counter(test)
    return sum(p[name] * q[name] for name in p) / (len(train) * len(test))


@grades("heldout", points=1)
def test_commonest_training_class_is_judged_on_held_out_rows(student):
    """The first number is the held-out share of the class that is commonest in training."""
    for seed, (train, test) in enumerate(SAME_CLASSES):
        commonest = Counter(train).most_common(1)[0][0]
        hint = "Choose the class by the training labels, then count it among the held-out labels."
        student.call_sparing("label_only", np.array(train), np.array(test))
        got = label_rules(student, train, test, seed)[0]
        check.close(got, test.count(commonest) / len(test), "the accuracy of the commonest class", hint=hint)


@grades("heldout", points=0.5)
def test_draws_by_training_shares(student):
    """The second number is the sum of training share times held-out share."""
    for seed, (train, test) in enumerate(SAME_CLASSES):
        hint = "A row of class c (share q) gets the answer c with the training share p: sum p * q."
        check.close(label_rules(student, train, test, seed)[1], by_shares(train, test), "the draw by shares", hint=hint)


@grades("heldout", points=0.5)
def test_classes_that_one_part_lacks(student):
    """Classes that appear in one part only have a share of 0 in the other."""
    for seed, (train, test) in enumerate((
        ([3] * 5 + [8] * 9, [3] * 4 + [5] * 6 + [8] * 2),
        (["x"] * 4 + ["a"] * 3 + ["m"], ["m"] * 5 + ["a"] * 4),
        (["tea"] * 5 + ["ale"] * 3, ["teapot"] * 4 + ["tea"] * 2 + ["ale"]),  # longer than any text in training
        ([0] * 6 + [2] * 3, [1] * 8),
    )):  # fmt: skip
        commonest = Counter(train).most_common(1)[0][0]
        got = label_rules(student, train, test, seed)
        hint = "Count both parts over the same list of classes: np.unique of each part alone gives two different lists."
        check.close(got[0], test.count(commonest) / len(test), "the accuracy of the commonest class", hint=hint)
        check.close(got[1], by_shares(train, test), "the draw by shares", hint=hint)


# ---- 3 one shuffle varies

REPEATS = 400
SHUFFLED = [  # labels, seed
    (np.repeat(np.arange(2), [180, 20]), 3),
    (np.repeat(np.array(["tea", "coffee", "milk", "water"]), [120, 20, 6, 4]), 11),
    (np.repeat(np.array([5, -2, 40]), [5, 90, 5]), 29),
]


def moments(labels: np.ndarray) -> tuple[float, float]:
    """Exact mean and standard deviation of the share of rows that agree with a random permutation of all rows."""
    shares = [count / len(labels) for count in Counter(labels.tolist()).values()]
    s, t = math.fsum(p**2 for p in shares), math.fsum(p**3 for p in shares)
    return s, math.sqrt((s - 2 * t + s**2) / (len(labels) - 1))


def shuffles(student: Any, labels: np.ndarray, repeats: int, seed: int) -> np.ndarray:
    """Call ``shuffle_accuracies`` and return its array."""
    got = student.call("shuffle_accuracies", np.random.default_rng(1).permutation(labels), repeats, seed)
    got = check.array(got, "shuffle_accuracies(...)", shape=(repeats,), dtype="number")
    return np.clip(got.astype(float), -9, 9)  # so that absurd numbers do not overflow


@grades("shuffle", points=1)
def test_shuffles_agree_with_the_formula(student):
    """The mean of many shuffles lies within five standard errors of the sum of squared shares."""
    for labels, seed in SHUFFLED:
        mean, deviation = moments(labels)
        off = abs(float(np.mean(shuffles(student, labels, REPEATS, seed))) - mean)
        check.that(
            off <= 5 * deviation / math.sqrt(REPEATS),
            f"The mean of {REPEATS} shuffles is {off:.3f} away from the formula: more than chance can explain.",
            "Shuffle a copy, compare it with the labels as they were, and take the share of rows that agree.",
        )


@grades("shuffle", points=0.5)
def test_shuffles_spread_as_shuffles_do(student):
    """The standard deviation of many shuffles lies within 20 % of the formula for one shuffle.

    With 400 repetitions its standard error is about 3.5 %. Each number is a share of the rows.
    """
    for labels, seed in SHUFFLED:
        got = shuffles(student, labels, REPEATS, seed)
        ratio = float(np.std(got)) / moments(labels)[1]
        check.that(
            0.8 < ratio < 1.2,
            f"The numbers spread {ratio:.2f} times as widely as shuffles of these labels do.",
            "A shuffle keeps every label once (no drawing with replacement), and each repetition is a new one.",
        )
        rows = got * len(labels)
        check.that(
            np.allclose(rows, np.round(rows), atol=1e-3),
            f"A whole number of {len(labels)} labels agrees in each shuffle, but your shares are not all of this kind.",
            "One shuffle, one share of agreeing rows: not rounded, and not drawn from the formula.",
        )


@grades("shuffle", points=0.5)
def test_shuffles_are_decided_by_the_seed(student):
    """The same seed gives the same numbers, another seed gives others."""
    labels = np.repeat(np.arange(6), 30)
    first, again, other = (shuffles(student, labels, 25, seed) for seed in (17, 17, 18))
    student.call_sparing("shuffle_accuracies", labels, 3, 17)
    shuffles(student, labels, 1, 17)  # one repetition is an array of one
    hint = "Make one generator from `seed`, before the loop: np.random.default_rng(seed)."
    check.that(np.array_equal(first, again), "One seed gave different numbers in two calls.", hint)
    check.that(not np.array_equal(first, other), "Two seeds gave exactly the same numbers.", hint)
