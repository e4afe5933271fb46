"""Checks of exercises 1 to 4: wrong labels, ambiguous features, k nearest neighbours, and rare words."""

from __future__ import annotations

import numpy as np
from ps1_overfitting.helpers import (
    given_array,
    grouped_table,
    labels_of,
    neighbours_accuracy,
    p_value,
    pairs,
    words_of,
)

from goodfit import check, grades

# ---- 1 noise

FEW = 0.3  # of ten classes: more than an array that knows nothing shares with the labels (0.1), less than 0.8


@grades("label-noise", points=1.5)
def test_changes_an_exact_number_of_labels(student):
    """Exactly round(rate * n) labels differ from what they were, at any rate."""
    # rate * n is 19.4, 19.6, 27, 20.5, 3.5, 6.65, 0, 25, 33, 0.5
    cases = [(97, 0.2, 10), (98, 0.2, 10), (60, 0.45, 3), (41, 0.5, 2), (14, 0.25, 4), (7, 0.95, 3)]
    cases += [(30, 0.0, 4), (25, 1.0, 2), (33, 1.0, 7), (5, 0.1, 3)]
    for seed, (n, rate, classes) in enumerate(cases):
        labels = np.random.default_rng(100 + seed).integers(0, classes, size=n)
        labels = labels.astype((np.int64, np.uint8, np.int32)[seed % 3])
        got = student.call("flip_labels", labels, rate, classes, np.random.default_rng(seed))
        got = check.array(got, "flip_labels(...)", shape=(n,), dtype="number")
        hint = "Draw the rows without replacement, and give each a class that is certainly another one."
        changed = int((got != labels).sum())
        check.that(changed == round(rate * n), f"At a rate of {rate}, {changed} of {n} labels changed.", hint)


@grades("label-noise", points=1)
def test_reaches_all_other_classes(student):
    """A changed label becomes any of the other classes, all equally often."""
    for classes, n, there in ((4, 6000, 4), (7, 12000, 7), (6, 8000, 4)):  # at last, two classes that do not occur
        labels = np.arange(n) % there
        hint = f"With {classes} classes, each class has {classes - 1} others, and all of them are equally likely."
        got = student.call("flip_labels", labels, 0.8, classes, np.random.default_rng(classes))
        got = labels_of(got, "flip_labels(...)", n, classes, hint)
        changed = got != labels
        check.that(changed.sum() > n / 4, "Far too few labels changed.", hint)
        for old in range(there):
            counts = np.bincount(got[changed & (labels == old)], minlength=classes)
            share = np.delete(counts, old) / max(1, counts.sum())
            even = bool((abs(share * (classes - 1) - 1) < 0.35).all())
            check.that(even, "Changed labels become some of the other classes more often than others.", hint)


@grades("label-noise", points=1)
def test_generator_picks_the_rows(student):
    """Which rows change is decided by the generator alone, and every row is as likely as any other."""
    n, times, beside, chance = 30, np.zeros(30), 0, 0.0
    labels = np.arange(n) % 3
    for seed in range(40):
        got = student.call("flip_labels", labels, 0.4, 3, np.random.default_rng(seed))
        changed = labels_of(got, "flip_labels(...)", n, 3) != labels
        times += changed
        beside += int((changed[1:] & changed[:-1]).sum())
        chance += int(changed.sum()) * (int(changed.sum()) - 1) / n
    hint = "rng.choice or rng.permutation picks the rows: use the generator that was given, not one of your own."
    check.that(bool((times > 2).all()), "Some rows never change, or hardly ever.", hint)
    check.that(bool((times < 32).all()), "Some rows change almost every time.", hint)
    # 12 of 30 rows make 4.4 pairs of neighbours on average; the sum of 40 calls has a spread of 5 %
    check.that(0.6 * chance < beside < 1.5 * chance, "Whether a row changes depends on the row before it.", hint)
    twice = [labels_of(student.call("flip_labels", labels, 0.4, 3, np.random.default_rng(5)), "it", n, 3) for _ in "ab"]
    check.that(np.array_equal(*twice), "Two generators with the same seed give different labels.", hint)


@grades("label-noise", points=0.5)
def test_leaves_the_given_labels_alone(student, given):
    """The labels that were given are as they were; the changed ones are a new array."""
    true = given("digits")["y_train"].astype(np.int64)
    got = student.call_sparing("flip_labels", true, 0.2, 10, np.random.default_rng(3))
    got = check.array(got, "flip_labels(...)", true.shape)
    kept, few = float(np.mean(got == true)), "At a rate of 0.2 four labels in five stay as they are."
    check.that(kept > FEW, f"With rate=0.2 flip_labels(...) keeps {kept:.0%} of the labels.", few)
    hint = "Copy first: np.array(labels) or labels.copy(). Then change the copy."
    noisy = given_array(student, "noisy_labels", len(true))
    check.that(bool((noisy != true).any()), "`noisy_labels` are no other than the true ones.", hint)
    clean = given_array(student, "clean_labels", len(true))
    check.that(np.array_equal(clean, true), "`clean_labels`, which the cell passed to `flip_labels`, changed.", hint)


@grades("label-noise", points=1)
def test_expects_the_right_accuracy(student):
    """The expected accuracy counts rows that stay right and rows that chance sets right."""
    cases = [(0.9, 0.2, 10), (0.6, 0.5, 2), (1.0, 0.3, 5), (0.25, 0.9, 3), (0.8, 0.0, 4), (0.95, 1.0, 2), (0.0, 0.4, 5)]
    for accuracy, rate, classes in cases:
        spread = np.full((classes, classes), rate / (classes - 1))  # a class (row) becomes another (column)
        np.fill_diagonal(spread, 1 - rate)
        answers = np.full(classes, (1 - accuracy) / (classes - 1))
        answers[0] = accuracy
        got = student.call("accuracy_under_noise", accuracy, rate, classes)
        hint = "Two ways to be right: known and unspoilt, or unknown and spoilt into the true class, one of K - 1."
        check.close(got, float(answers @ spread[:, 0]), "accuracy_under_noise(...)", hint=hint)


# ---- 2 ambiguous features

TABLES = [  # rows, features, classes, seed, step: rows that differ by less than a tenth, or than float32 sees, differ
    (60, 2, 3, 21, 0.5), (90, 3, 2, 22, 0.01), (40, 1, 4, 23, 1e-9), (120, 4, 3, 24, 2), (2, 3, 2, 26, 1),
]  # fmt: skip


@grades("ceiling", points=1.5)
def test_takes_the_commonest_label_of_each_group(student):
    """The best possible accuracy gives each group of equal rows its commonest label, and counts rows."""
    for n, d, classes, seed, step in TABLES:
        x, y = grouped_table(n, d, classes, seed, step)
        _, group = np.unique(x, axis=0, return_inverse=True)
        table = np.zeros((group.max() + 1, classes))
        np.add.at(table, (group.ravel(), y), 1)
        got = student.call_sparing("best_possible_accuracy", x, y)
        hint = "Rows are a group when all features agree. Add the counts of the commonest labels, divide by all rows."
        check.close(got, table.max(axis=1).sum() / n, f"best_possible_accuracy(...) with {d} features", hint=hint)


@grades("ceiling", points=0.5)
def test_names_of_classes_do_not_matter(student):
    """The best possible accuracy stays the same when the classes get other names: text, or negative numbers."""
    x, y = grouped_table(70, 2, 3, 25)
    plain = check.number(student.call("best_possible_accuracy", x, y), "best_possible_accuracy(...)")
    for names in (np.array(["setosa", "iris x", "b"]), np.array([-1, 40, -7]), np.array([2, -2, 0])):
        got = student.call("best_possible_accuracy", x, names[y])
        hint = "Count labels without assuming that they are 0, 1, 2: a dictionary, a Counter or np.unique can."
        check.close(got, plain, "best_possible_accuracy(...) with the classes renamed", hint=hint)
    names = np.array(["setosa", "iris x", "b"])
    alone = student.call("best_possible_accuracy", np.arange(60.0).reshape(30, 2), names[np.arange(30) % 3])
    check.that(alone != plain, "Tables with and without equal rows have the same best possible accuracy.", hint)


@grades("ceiling", points=1)
def test_finds_ambiguous_rows(student):
    """A row is ambiguous exactly when an equal row has another label."""
    for n, d, classes, seed, step in TABLES:
        x, y = grouped_table(n // 2, d, classes, seed + 10, step)
        wanted = np.array([len(set(y[(x == row).all(axis=1)].tolist())) > 1 for row in x])
        got = student.call_sparing(
            "ambiguous_rows", x, np.array(["setosa", "iris x", "b", "c"])[y] if d == 3 else y - 1
        )
        hint = "All rows of such a group, also those with its commonest label; equal rows with one label are not."
        check.equal(got, wanted, f"ambiguous_rows(...) with {d} features", hint=hint)


# ---- 3 too sensitive, too dull


def clouds(n: int, d: int, names: tuple[int, ...], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Overlapping classes with these names, without equal distances."""
    rng = np.random.default_rng(seed)
    cloud = rng.choice(len(names), size=n, p=[0.55, 0.45] if len(names) == 2 else None)
    return rng.normal(size=(n, d)) + 1.1 * cloud[:, None], np.array(names)[cloud]


CURVES = [  # training rows, test rows, features, names of the classes, ks, seed: without equal votes
    (45, 30, 2, (0, 1), [1, 3, 7, 21, 45], 31),
    (31, 52, 3, (0, 1), [5, 1, 31], 33),
    (40, 25, 2, (2, 9, 4), [10, 1, 40], 49),
    (21, 20, 2, (0, 1), [21, 1], 51),  # 11 against 10 rows: with k = n each of them counts
]


@grades("k-curve", points=1)
def test_measures_training_accuracy(student):
    """Column 0 is the accuracy on the training rows, each of them being its own nearest neighbour."""
    for n, m, d, names, ks, seed in CURVES:
        (x, y), (x_test, y_test) = clouds(n, d, names, seed), clouds(m, d, names, seed + 1)
        got = pairs(student.call_sparing("accuracy_by_k", x, y, x_test, y_test, ks), "accuracy_by_k(...)", len(ks))
        hint = "Fit on the training rows and score the same rows: with k = 1 each row finds itself."
        wanted = [neighbours_accuracy(x, y, x, y, k) for k in ks]
        check.close(got[:, 0], wanted, "the column of training accuracies", hint=hint)


@grades("k-curve", points=1)
def test_measures_held_out_accuracy(student):
    """Column 1 is the accuracy on the test rows of a classifier that has stored the training rows only."""
    for n, m, d, names, ks, seed in CURVES:
        (x, y), (x_test, y_test) = clouds(n, d, names, seed), clouds(m, d, names, seed + 1)
        got = pairs(student.call_sparing("accuracy_by_k", x, y, x_test, y_test, ks), "accuracy_by_k(...)", len(ks))
        hint = "Test rows are only asked about: they are never part of what the classifier has stored."
        wanted = [neighbours_accuracy(x, y, x_test, y_test, k) for k in ks]
        check.close(got[:, 1], wanted, "the column of held-out accuracies", hint=hint)


ACCURACIES = [  # accuracies, tolerance
    ([[0.99, 0.62], [0.93, 0.81], [0.86, 0.84], [0.70, 0.69], [0.41, 0.44]], 0.10),
    ([[0.95, 0.90], [0.99, 0.80], [0.80, 0.79], [0.60, 0.66]], 0.04),
    ([[1.00, 0.40], [0.90, 0.50], [0.55, 0.30], [0.52, 0.51]], 0.20),
    ([[0.75, 0.74]], 0.05),
    ([[0.42, 0.41], [0.66, 0.64], [0.85, 0.83], [0.92, 0.80], [1.00, 0.71]], 0.10),  # from dull to sensitive
    ([[0.97, 0.91], [0.78, 0.76], [0.60, 0.75]], 0.11),
    ([[0.954, 0.85], [0.75, 0.746], [0.85, 0.846]], 0.10),  # more by less than half a hundredth
    ([[0.875, 0.75], [0.75, 0.75], [0.625, 0.625]], 0.125),  # exact: a difference of just the tolerance does not count
]


@grades("k-curve", points=1)
def test_names_what_overfits(student):
    """Exactly those models overfit whose training accuracy is more than the tolerance above the held-out one."""
    hint = "Training minus held-out accuracy, first of all; a training accuracy that is lower is no overfitting."
    for rows, tolerance in ACCURACIES:
        words = words_of(student.call_sparing("diagnose", np.array(rows), tolerance), len(rows))
        for place, (word, (train, held_out)) in enumerate(zip(words, rows, strict=True)):
            right = (word == "overfits") == (train - held_out > tolerance)
            check.that(right, f"Row {place} of diagnose(...) is {word!r}, which is not right.", hint)


@grades("k-curve", points=1)
def test_names_what_underfits(student):
    """Of the models that do not overfit, those underfit that are far below the best held-out accuracy of all."""
    hint = "Compare with the best held-out accuracy of all rows, those that overfit included."
    judged = 0  # rows that the answer does not call "overfits": whether it should is another check
    for rows, tolerance in ACCURACIES:
        words = words_of(student.call("diagnose", np.array(rows), tolerance), len(rows))
        best = max(held_out for _, held_out in rows)
        for place, (word, (train, held_out)) in enumerate(zip(words, rows, strict=True)):
            if train - held_out <= tolerance and word != "overfits":
                judged += 1
                right = (word == "underfits") == (best - held_out > tolerance)
                check.that(right, f"Row {place} of diagnose(...) is {word!r}, which is not right.", hint)
    check.that(judged >= 5, 'Nearly every row is called "overfits".', hint)


# ---- 4 rare words


def compare(student, counts, hint: str) -> None:
    """Fail unless the p-values of (positive, total) pairs are exact."""
    for positive, total in counts:
        got = student.call("chance_p_value", positive, total)
        what = f"chance_p_value({positive}, {total})"
        # small p-values are as exact as large ones
        check.close(got, p_value(positive, total), what, rtol=1e-6, atol=1e-300, hint=hint)


@grades("words", points=1)
def test_p_values_of_positive_words(student):
    """The p-value of a mostly positive word adds up both tails, the count itself included."""
    hint = "Add the chances of all counts at least as far from n / 2 as this one, on both sides, this one included."
    compare(student, [(8, 9), (3, 3), (61, 100), (27, 40), (150, 257), (1, 1), (20, 20), (60, 60)], hint)


@grades("words", points=1)
def test_p_values_of_negative_words(student):
    """A mostly negative word has the p-value of a word that is positive as often as this one is negative."""
    found = set()
    for positive, total in ((1, 9), (0, 3), (39, 100), (13, 40), (107, 257), (0, 1)):
        mirror = check.number(student.call("chance_p_value", total - positive, total), "chance_p_value(...)")
        got = student.call("chance_p_value", positive, total)
        hint = "The distance from n / 2 counts, not the side."
        check.close(got, mirror, f"chance_p_value({positive}, {total})", rtol=1e-6, hint=hint)
        found.add(round(mirror, 6))
    check.that(len(found) > 2, "Words of all kinds have nearly the same p-value.", hint)


@grades("words", points=0.5)
def test_p_value_is_one_without_evidence(student):
    """The p-value is 1 for an even split and for a word without a review, never more."""
    for positive, total in ((1, 2), (7, 14), (50, 100), (0, 0)):
        got = student.call("chance_p_value", positive, total)
        hint = "An even split is as near to n / 2 as can be: every count is at least as far. The middle counts once."
        check.close(got, 1.0, f"chance_p_value({positive}, {total})", rtol=1e-9, hint=hint)
    got = check.number(student.call("chance_p_value", 30, 30), "chance_p_value(30, 30)")
    check.that(got < 0.5, "The p-value of 30 positive reviews of 30 is that of an even split, or nearly so.", hint)


@grades("words", points=1)
def test_p_values_of_thousands_of_reviews(student):
    """Thousands of reviews are no problem."""
    hint = "Keep to Python's integers until the last step: sum of math.comb(...), divided by 2**n."
    compare(student, [(1580, 3001), (1108, 2100), (2651, 5000), (1900, 3000), (2000, 2000)], hint)


@grades("words", points=1.5)
def test_trusts_for_all_words_together(student):
    """A word is trusted when its p-value is at most alpha divided by the number of words."""
    rng = np.random.default_rng(44)
    for m, alpha in ((1, 0.05), (12, 0.05), (250, 0.05), (40, 0.2), (90, 0.01)):
        p = alpha / m * np.exp(rng.uniform(-5, 5, size=m))
        p = np.where(rng.random(m) < 0.5, p, rng.uniform(alpha, 1, size=m))  # many words mean nothing
        p[m - m // 4 :] = 1.0  # words like cherimoya are words that were tested
        p[: m // 3] = alpha / m * rng.choice([0.985, 1.015], size=m // 3)  # near the border
        p = rng.permutation(np.clip(p, 0, 1)) if m > 1 else np.array([0.04])
        got = student.call_sparing("trusted_words", p, alpha)
        hint = "The more words were tested, the smaller a p-value has to be: alpha / m."
        check.equal(got, p <= alpha / m, f"trusted_words(...) of {m} words at {alpha}", hint=hint)
    got = student.call("trusted_words", np.array([0.0125, 0.5, 0.5, 0.5]), alpha=0.05)  # a quarter of 0.05 is exact
    hint = "What does the rule say of a p-value that is just alpha / m?"
    check.equal(got, np.array([True, False, False, False]), "trusted_words(...) at the border", hint=hint)
