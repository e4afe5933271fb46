"""Checks of exercises 1 to 3: which rows go where."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from ps2_data_splitting.helpers import adjacent_pairs_together, every_row_once, named_parts, row_numbers

from goodfit import check, grades

PARTS = ("train", "val", "test")


def shuffled_labels(sizes: dict, seed: int) -> np.ndarray:
    """Labels with the given number of rows for each name, in random order."""
    return np.random.default_rng(seed).permutation(np.repeat(list(sizes), list(sizes.values())))


# ---- 1 a stratified three-way split


@grades("split-stratified", points=1)
def test_puts_every_row_into_one_part(student):
    """Every row is in exactly one of the three parts, also where the class sizes do not divide."""
    for sizes, fractions, seed in (
        ({0: 331, 1: 333, 2: 333}, (0.6, 0.2, 0.2), 3),
        ({0: 17, 1: 23, 2: 31, 3: 12}, (0.5, 0.25, 0.25), 11),
        ({0: 103, 1: 59}, (0.7, 0.1, 0.2), 0),
    ):
        labels = shuffled_labels(sizes, seed=5)
        parts = student.call_sparing("stratified_split", labels, fractions, seed)
        parts = named_parts(parts, len(labels), PARTS, "stratified_split(...)")
        check.that(
            all(part.size for part in parts), "One of the three parts is empty.", "Cut each class at two places."
        )
        hint = "Cut each class at two places and keep all three pieces: what rounding cuts off must go somewhere."
        every_row_once(parts, np.arange(len(labels)), "part", hint)


@grades("split-stratified", points=1)
def test_keeps_class_shares(student):
    """Every part holds its fraction of every class, whatever the classes are called.

    Rounding moves a class's count in a part by less than one row; two splits one after the other (the usual way with
    scikit-learn) by less than two. So two rows are allowed. A plain shuffle is further off in some class and part, and
    so is whoever puts the ten rows of a rare class into one part.
    """
    for sizes, fractions, seed in (
        ({"benign": 603, "malignant": 251, "unclear": 148, "rare": 40}, (0.6, 0.2, 0.2), 4),
        ({3: 411, 7: 298, 11: 97, 200: 203}, [0.7, 0.15, 0.15], 9),
        ({-1: 655, 0: 10, 1: 345}, (0.4, 0.35, 0.25), 1),
    ):
        labels = shuffled_labels(sizes, seed=6)
        parts = student.call("stratified_split", labels, fractions, seed)
        parts = named_parts(parts, len(labels), PARTS, "stratified_split(...)")
        for part, fraction, name in zip(parts, fractions, PARTS, strict=True):
            for label, size in sizes.items():
                count = int((labels[part] == label).sum())
                check.that(
                    abs(count - fraction * size) <= 2,
                    f"`{name}` holds {count} of the {size} rows of class {label!r}, at a fraction of {fraction}.",
                    "Go through the classes that really occur in `labels`, and split each on its own.",
                )


@grades("split-stratified", points=0.5)
def test_chooses_rows_by_the_seed(student):
    """The seed decides everything: the same seed the same parts, another seed other rows, drawn one by one.

    Of two neighbouring rows of a class, both are in training or both are not with a probability of about 0.52; with 396
    such pairs 0.75 is nine standard deviations away. Of two neighbours among the other rows, both are in the same part
    with a probability of about one half; with 156 such pairs 0.75 is six standard deviations away. Whoever takes whole
    stretches of rows has nearly 1.
    """
    labels = np.repeat(np.arange(4), 100)
    found = []
    for seed in (21, 21, 22):
        parts = student.call("stratified_split", labels, (0.6, 0.2, 0.2), seed)
        found.append(named_parts(parts, len(labels), PARTS, "stratified_split(...)"))
    hint = "Make one generator from `seed` and draw all shuffles from it, the last one inside the parts too."
    same = all(np.array_equal(one, other) for one, other in zip(found[0], found[1], strict=True))
    check.that(same, "Two calls with the same seed gave different parts, or the same rows in another order.", hint)
    hint = "Shuffle the rows of each class before you cut; to shuffle the finished parts is not enough."
    for place, name in enumerate(PARTS):
        first, other = np.sort(found[0][place]), np.sort(found[2][place])
        check.that(
            not np.array_equal(first, other), f"Two different seeds chose exactly the same rows: `{name}`.", hint
        )
    together = adjacent_pairs_together(np.isin(np.arange(len(labels)), found[0][0]))
    check.that(together < 0.75, "Rows that stand beside each other nearly always go into the same part.", hint)
    rest = np.setdiff1d(np.arange(len(labels)), found[0][0])
    together = adjacent_pairs_together(np.isin(rest, found[0][1]))
    text = "Of the rows that do not train, those that stand beside each other nearly always go into the same part."
    check.that(together < 0.75, text, hint)


@grades("split-stratified", points=0.5)
def test_mixes_the_classes(student):
    """Inside each part the classes are mixed, not one after the other.

    With 5 equal classes in random order a fifth of the neighbours are of the same class, in a part of 100 rows 20 with
    a standard deviation of 4. One half is more than seven standard deviations away.
    """
    labels = np.repeat(np.arange(5), 100)
    parts = student.call("stratified_split", labels, (0.6, 0.2, 0.2), 13)
    for part, name in zip(named_parts(parts, len(labels), PARTS, "stratified_split(...)"), PARTS, strict=True):
        check.that(part.size > 20, f"The part `{name}` is too small to say anything about its order.")
        same = float(np.mean(np.diff(labels[part]) == 0))
        check.that(
            same < 0.5,
            f"In the part `{name}`, {same:.0%} of the rows are followed by a row of the same class.",
            "When the pieces of all classes are joined, shuffle each part once more.",
        )
        check.that(
            name != "train" or same > 0.08,
            f"In the part `{name}` the classes take turns: hardly a row is followed by one of the same class.",
            "Random order is no pattern: draw a permutation of each finished part.",
        )


# ---- 2 a split in time order


def expected_time_split(times: np.ndarray, n_val: int, n_test: int, gap: int) -> list[list[int]]:
    """The three parts, counted from the end."""
    order = [int(i) for i in sorted(range(len(times)), key=lambda i: times[i])]
    parts = []
    for n in (n_test, n_val):
        parts.append([order.pop() for _ in range(n)][::-1])
        for _ in range(gap):
            order.pop()
    return [order, parts[1], parts[0]]


@grades("split-time", points=0.5)
def test_past_trains_future_tests(student):
    """The first rows are for training, the next for validation, the last for test."""
    for n, n_val, n_test in ((31, 6, 4), (100, 1, 10), (50, 20, 29)):
        times = np.linspace(1900, 1990, n)
        parts = named_parts(student.call("time_split", times, n_val, n_test, 0), n, PARTS, "time_split(...)")
        for part, wanted, name in zip(parts, expected_time_split(times, n_val, n_test, 0), PARTS, strict=True):
            check.that(
                sorted(part.tolist()) == wanted,
                f"With {n} rows in time order and no gap, the part `{name}` does not hold the right rows.",
                "The past trains, the future tests. With gap=0 all rows are used: mind slices like order[-0:].",
            )


@grades("split-time", points=0.5)
def test_leaves_gaps_at_both_borders(student):
    """Exactly `gap` rows are left out between training and validation, and again between validation and test."""
    for n, n_val, n_test, gap in ((40, 8, 8, 3), (60, 5, 11, 12), (25, 4, 4, 1)):
        parts = student.call("time_split", np.arange(n) * 7, n_val, n_test, gap)
        parts = named_parts(parts, n, PARTS, "time_split(...)")
        parts = sorted((np.sort(part) for part in parts if part.size), key=lambda part: int(part[0]))
        check.that(len(parts) == 3, "One of the three parts is empty, though there are rows enough.")
        for before, after in pairwise(parts):
            out = int(after[0] - before[-1]) - 1
            check.that(out >= 0, "Two parts overlap in time.", "Each part is one stretch of rows in time order.")
            check.that(
                out == gap,
                f"With gap={gap}, {out} rows lie between the end of one part and the start of the next.",
                "Leave rows out before the validation rows and before the test rows.",
            )


@grades("split-time", points=0.5)
def test_sorts_by_time(student, hidden):
    """Rows in mixed order are split as the same rows in time order are, and each part comes in time order."""
    years = hidden("co2")["year"]
    days = np.array([412, -95, 77, 5, 400, 18, 250, 31, 90, 120], dtype=np.int32)
    rng = np.random.default_rng(8)
    seconds = 1.7e9 + rng.permutation(40) / 8  # float32 cannot tell them apart
    numbers = np.array([3, 250, 0, 77, 12, 199, 41, 8], dtype=np.uint8)
    for times, n_val, n_test, gap in (
        (rng.permutation(years), 52, 30, 4),
        (years[::-1].copy(), 26, 26, 0),
        (days, 2, 3, 1),
        (seconds, 7, 9, 2),
        (numbers, 2, 1, 1),
    ):
        n = len(times)
        in_order = np.sort(times).astype(float)
        wanted = named_parts(student.call("time_split", in_order, n_val, n_test, gap), n, PARTS, "time_split(...)")
        parts = student.call_sparing("time_split", times, n_val, n_test, gap)
        parts = named_parts(parts, n, PARTS, "time_split(...)")
        for part, same, name in zip(parts, wanted, PARTS, strict=True):
            check.that(
                np.array_equal(np.sort(times[part]), np.sort(in_order[same])),
                f"With {n} times in mixed order, the part `{name}` holds other times than with the same times sorted.",
                "np.argsort(times) gives the row numbers in time order: cut those, and return them.",
            )
            hint = "Return the row numbers as np.argsort gives them, without sorting them again."
            check.that((np.diff(times[part]) > 0).all(), f"The part `{name}` is not in time order.", hint)


@grades("split-time", points=0.5)
def test_refuses_when_no_training_row_is_left(student):
    """ValueError is raised when no row is left for training, and not when one is."""
    hint = "Count what is left after all that is held or left out: negative positions count from the end and hide it."
    for n_val, n_test, gap in ((3, 5, 2), (4, 2, 3), (1, 1, 10)):
        roomy = student.call("time_split", np.arange(90.0), n_val, n_test, gap)
        used = 90 - len(
            named_parts(roomy, 90, PARTS, "time_split(...)")[0]
        )  # held out and left out; whether that is the right number is another check
        for n in (used, used - 1):
            student.raises("ValueError", "time_split", np.arange(float(n)), n_val, n_test, gap, hint=hint)
        parts = student.call("time_split", np.arange(used + 1.0), n_val, n_test, gap)
        train = named_parts(parts, used + 1, PARTS, "time_split(...)")[0]
        check.that(train.size == 1, "One row should be left for training, but there came another number of rows.", hint)


# ---- 3 duplicates and groups


@grades("split-groups", points=1)
def test_keeps_the_first_copies(student):
    """first_copies gives the first of all equal rows, ascending, however far apart they lie."""
    rng = np.random.default_rng(17)
    table = rng.normal(size=(40, 3))
    shapes = rng.integers(0, 256, size=(60, 16)).astype(np.uint8)
    shapes = shapes[rng.permutation(np.unique(shapes.sum(axis=1), return_index=True)[1])]  # no two sums are equal
    for different, n in ((table, 101), (shapes, 90), (table[:1], 5), (rng.normal(size=(12, 2)).astype(np.float32), 12)):
        chosen = np.concatenate([np.arange(len(different)), rng.integers(0, len(different), size=n - len(different))])
        chosen = rng.permutation(chosen)
        wanted = [i for i, row in enumerate(chosen) if row not in chosen[:i]]
        kept = row_numbers(student.call_sparing("first_copies", different[chosen]), n, "first_copies(...)")
        check.that(
            set(kept.tolist()) == set(wanted) and kept.size == len(wanted),
            f"Of {n} rows, many of them copies, the {kept.size} that you keep are not the first copies.",
            "Compare each row with all earlier ones, not only with its neighbour; keep one copy, the first.",
        )
        hint = "np.unique sorts by the rows' values: sort the row numbers afterwards."
        check.that(kept.tolist() == wanted, "These are the first copies, but not in ascending order.", hint)


@grades("split-groups", points=0.5)
def test_keeps_near_copies(student):
    """Rows that are almost equal, or equal but for their order, are different rows and stay."""
    nearly = np.arange(1000.0, 1008) + np.array([0, 1e-9, 1e-7, 1e-5, 1e-3])[:, None] * np.eye(8)[0]
    grey = np.full((4, 9), 200, dtype=np.uint8)
    grey[np.arange(4), [8, 7, 4, 0]] += 1
    turned = np.array([[1.0, 2.0, 3.0], [1.0, 3.0, 2.0], [2.0, 1.0, 3.0], [3.0, 2.0, 1.0]])
    large = np.array([[2**60, 5], [2**60 + 1, 5], [2**60 + 2, 5]])  # one number for a float
    joined = np.array([[1, 12], [11, 2], [-1, 0], [-2, 0]])  # as texts in one piece, or by their hashes, they are alike
    last = np.array([[4.0, 1.0, 0.0], [4.0, 1.0, 1.0], [4.0, 1.0, 2.0]])
    for x in (nearly, grey, turned, large, joined, last):
        x = np.concatenate([x[:1], x])  # one true copy, so that it is not enough to keep everything
        kept = set(row_numbers(student.call("first_copies", x), len(x), "first_copies(...)").tolist())
        lost = len(set(range(2, len(x))) - kept)
        check.that(
            lost == 0,
            f"Of {len(x) - 1} rows that all differ, some by very little, {lost} were dropped.",
            "Two rows are copies only if they are exactly equal in every entry: no rounding, no sums.",
        )
        check.that(not {0, 1} <= kept, "Two rows that are equal in every entry were both kept.")


@grades("split-groups", points=1)
def test_tears_no_group_apart(student):
    """All rows of a group are on the same side, and every row is on one."""
    rng = np.random.default_rng(23)
    names = np.array(["anna", "bo", "chen", "dana", "emil", "fay", "gil", "hana"])
    for groups, fraction, seed in (
        (np.repeat(np.array([5, 905, 17, 3, 88, 41, 9, 2, 60, 7]), rng.integers(1, 14, size=10)), 0.3, 2),
        (np.repeat(names, rng.integers(2, 9, size=8)), 0.25, 31),
        (np.repeat(np.arange(20), 5), 0.5, 4),
    ):
        groups = rng.permutation(groups)
        parts = student.call_sparing("group_split", groups, fraction, seed)
        train, test = named_parts(parts, len(groups), ("train", "test"), "group_split(...)")
        check.that(train.size > 0 and test.size > 0, "All rows are on one side.", "Both sides get whole groups.")
        hint = "Rows are in test if their group is, and in training if it is not."
        every_row_once([train, test], np.arange(len(groups)), "part", hint)
        torn = np.intersect1d(groups[train], groups[test]).size
        hint = "Choose the groups first, then take all rows of the chosen groups: np.isin(groups, chosen)."
        check.that(torn == 0, f"{torn} groups have rows on both sides.", hint)


@grades("split-groups", points=0.5)
def test_chooses_a_share_of_the_groups(student):
    """The share of groups for test is right, and the seed decides which groups these are.

    Where all groups have the same number of rows, one group more or less, as rounding may have it, is that many rows.
    Of 59 pairs of neighbouring groups about half are on one side, when half of the groups are drawn; 0.85 is more than
    five standard deviations away. Of ten large and ten small groups ten are drawn, eight times: 40 large ones with a
    standard deviation of 3.2, so that 20 and 60 are six of them away.
    """
    for n_groups, size, fraction in ((30, 4, 0.2), (11, 6, 0.4), (60, 3, 0.7)):
        groups = np.repeat(np.arange(n_groups) * 10, size)
        chosen = []
        for seed in (1, 1, 2, 3):
            parts = student.call("group_split", groups, fraction, seed)
            test = named_parts(parts, len(groups), ("train", "test"), "group_split(...)")[1]
            check.that(
                abs(len(test) - fraction * len(groups)) <= size,
                f"Of {n_groups} groups of {size} rows, {len(test)} rows are for test, at a fraction of {fraction}.",
                "The share is for the test part, and it is a share of the groups.",
            )
            chosen.append(np.sort(test))
        hint = "Shuffle the different group names with a generator made from `seed`, and take the first ones."
        check.that(np.array_equal(chosen[0], chosen[1]), "One seed gave different test rows in two calls.", hint)
        same = all(np.array_equal(chosen[0], other) for other in chosen[2:])
        check.that(not same, "Three different seeds chose the same test rows.", hint)
    parts = student.call("group_split", np.arange(60), 0.5, 8)
    test = named_parts(parts, 60, ("train", "test"), "group_split(...)")[1]
    together = adjacent_pairs_together(np.isin(np.arange(60), test))
    check.that(together < 0.85, "Groups whose names are neighbours nearly always go to the same side.", hint)
    few, unequal = np.repeat(np.arange(4), 5), np.repeat(np.arange(20), [90] + [2] * 15 + [30] * 4)
    for groups, fraction, seed, wanted, hint in (
        (few, 0.1, 6, 1, "However small the fraction is, one group is for test."),
        (unequal, 0.3, 1, 6, "Count groups, not rows."),
        (unequal, 0.3, 2, 6, "Count groups, not rows."),
        (unequal, 0.3, 3, 6, "Count groups, not rows."),
    ):
        parts = student.call("group_split", groups, fraction, seed)
        train, test = named_parts(parts, len(groups), ("train", "test"), "group_split(...)")
        if np.intersect1d(groups[train], groups[test]).size:
            continue  # torn groups cannot be counted, and another check finds them
        n, all_groups = len(np.unique(groups[test])), len(np.unique(groups))
        check.that(n == wanted, f"Of {all_groups} groups, {n} are for test, at a fraction of {fraction}.", hint)
    large_and_small, n_large = np.repeat(np.arange(20), [9] * 10 + [1] * 10), 0
    for seed in range(40, 48):
        parts = student.call("group_split", large_and_small, 0.5, seed)
        train, test = named_parts(parts, 100, ("train", "test"), "group_split(...)")
        if np.intersect1d(large_and_small[train], large_and_small[test]).size:
            return
        n_large += np.intersect1d(large_and_small[test], np.arange(10)).size
    text = f"Half of 10 large and 10 small groups, drawn 8 times: {n_large} large ones, where chance gives about 40."
    check.that(20 < n_large < 60, text, "Shuffle the groups, each once: how many rows they have does not matter.")
