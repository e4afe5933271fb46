"""Checks of exercises 1 to 4: the audit, the split, the preparation and the baseline."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
from ps9_capstone.helpers import border, earliest, keys, rows_of, table, two_parts, two_tables

from goodfit import check, grades

# ---- 1 audit

TABLES = ((60, 5, 0, 1), (200, 3, 37, 2), (9, 4, 30, 3))  # different rows, columns, copies, seed


def audited(student, x: np.ndarray, y: np.ndarray, key: str):
    """Call ``audit`` and return one of its answers."""
    return check.mapping(student.call("audit", x, y), "audit(...)", keys=(key,))[key]


@grades("audit", points=1)
def test_counts_copies(student):
    """Copies are rows that are equal to an earlier one in every column; missing equals missing."""
    for n, d, copies, seed in TABLES:
        x = table(n, d, seed, copies=copies)
        y = np.random.default_rng(seed).integers(0, 2, len(x))
        hint = "All but the first of equal rows count, also where NaN stands, whatever their labels are."
        check.equal(audited(student, x, y, "copies"), len(x) - len(set(keys(x))), "the number of copies", hint=hint)
    hint = "Rows are copies where all columns are equal, not where they are nearly so."
    x = np.array([[1.0, 0], [1 + 1e-12, 0], [0, 1], [1, 0], [np.nan, 0], [0, np.nan]])
    got = audited(student, x, np.zeros(6, dtype=int), "copies")
    check.equal(got, 1, "the number of copies of close rows", hint=hint)
    hint = "Missing equals missing, and nothing else: whatever you put in for NaN must not occur in the table."
    x = np.array([[v, 2.0] for v in (np.nan, 0, -1, -999, np.nan)])
    got = audited(student, x, np.zeros(5, dtype=int), "copies")
    check.equal(got, 1, "the number of copies where numbers stand that often mean missing", hint=hint)


@grades("audit", points=1)
def test_counts_missing_values(student):
    """Missing values are counted for each column."""
    for n, d, copies, seed in TABLES:
        x = table(n, d, seed + 10, missing=0.3, copies=copies)
        expected = np.array([sum(v != v for v in column) for column in x.T.tolist()])
        y = np.random.default_rng(seed).integers(0, 2, len(x))  # in no order: whoever sorts it changes it
        got = check.mapping(student.call_sparing("audit", x, y), "audit(...)", keys=("missing",))["missing"]
        check.close(got, expected, "the number of missing values by column", hint="One number for each column.")


@grades("audit", points=1)
def test_finds_constant_columns(student):
    """Constant columns are those whose known values are all equal, whether or not values are missing."""
    hint = "Compare the known values only. Equal means equal, however close or small the values are."
    # of 0.1, as often as it is known here, np.nanstd is no 0, and np.nanmean no 0.1
    for n, constants, seed in ((40, {1: 0.0, 3: -7.5}, 1), (70, {0: 1e6, 2: 0.1, 5: 3.0}, 2), (12, {}, 3), (1, {}, 4)):
        x = np.random.default_rng(seed).normal(size=(n, 9)) * 1e-3
        x[:, 4] = np.where(np.arange(n) % 2, 1e-3, -1e-3)  # two values are one too many
        x[::3, 4] = np.nan
        x[:, 7] = 1e-20 * (1 + np.arange(n) % 2)  # not equal, if ever so close
        x[:, 8] = 1e6 + np.arange(n) % 2 * 1e-9
        for j, value in constants.items():
            x[:, j] = value
            x[seed - 1 :: 4, j] = np.nan  # with the first row among them in one table
        if constants:
            x[:, 6] = np.nan
            constants = {**constants, 6: np.nan}
        if n == 1:
            constants = dict.fromkeys(range(9), np.nan)  # a single row: no column has two values
        got = audited(student, x, np.zeros(n, dtype=int), "constant")
        got = check.array(got, "the constant columns", shape=(None,), dtype="integer")
        check.equal(sorted(got.tolist()), sorted(constants), "the list of constant columns", hint=hint)
        check.equal(got.tolist(), sorted(constants), "the order of the constant columns", hint="Ascending.")
    # the 1 of the first column is known, although its row has a gap
    x = np.array([[1, 5, np.nan], [2, 5, 1], [2, 5, 1], [2, 5, 1], [2, np.nan, 1]])
    got = check.array(audited(student, x, np.zeros(5, dtype=int), "constant"), "the constant columns", shape=(None,))
    hint = "Each column by itself: a gap in one column takes no value from another."
    check.equal(sorted(got.tolist()), [1, 2], "the list of constant columns", hint=hint)


@grades("audit", points=1)
def test_measures_class_shares(student):
    """The share of each class that occurs is given, whatever the classes are called."""
    for counts, seed in (({0: 30, 1: 10}, 1), ({-1: 5, 2: 7, 9: 1}, 2), ({3: 8}, 3)):
        y = np.random.default_rng(seed).permutation(np.repeat(list(counts), list(counts.values())))
        x = table(len(y), 3, seed)
        x[1::2] = x[0]  # copies are rows too: half of these are
        got = check.mapping(audited(student, x, y, "shares"), "the shares")
        hint = "One key for each class that occurs in y, its value is a share of all rows."
        check.that(len(got) == len(counts), f"The shares have {len(got)} classes, not those of y.", hint)
        for label, count in counts.items():
            check.that(label in got, f"The shares do not have the class {label}.", hint)
            check.close(got[label], count / len(y), f"the share of class {label}", hint=hint)


# ---- 2 split


@grades("split", points=1)
def test_keeps_the_earliest_copy(student):
    """Of equal rows the one of the earliest day is kept, the first one of these, whatever the order of the rows."""
    hint = "The smallest day decides, not the place in the table; on the same day the smaller row number."
    # different rows, columns, copies, days, seed; few days: many copies of the same day
    for n, d, copies, days, seed in ((50, 3, 40, 17, 1), (12, 2, 90, 17, 2), (30, 4, 0, 17, 3), (150, 2, 450, 3, 4)):
        x = table(n, d, seed, missing=0.0, copies=copies)
        day = np.random.default_rng(seed + 50).integers(3, 3 + days, len(x))
        for days_as_given in (day, day * 0.25 - 2.5):  # whole days, and quarters of them, some below 0
            got = rows_of(student.call_sparing("first_copies", x, days_as_given), "first_copies(...)", len(x))
            kept = earliest(x, days_as_given)
            check.that(len(got) == len(kept), "Of some rows no copy is kept, or more than one.", hint)
            check.equal(got, kept, "the list of rows to keep", hint=hint)


@grades("split", points=1)
def test_missing_equals_missing(student):
    """Rows with missing values are copies where they are missing in the same places; similar rows are not."""
    nan = np.nan
    x = np.array([[nan, 1.0], [0, 1], [1, nan], [nan, 1], [-1, 1], [1, nan], [1, 1e-9], [1, 0], [nan, nan]])
    x = np.concatenate([x, [[1, 1e-12], [1 + 1e-12, 0], [-999, 1]]])  # hardly different; another usual code for a gap
    day = np.arange(12.0) + 1  # in order: only what is a copy matters here
    tables = [(x, day)]
    for n, copies, seed in ((40, 25, 4), (25, 60, 5)):
        made = table(n, 5, seed, missing=0.4, copies=copies)
        tables.append((made, np.arange(len(made)) + 0.0))
    for x, day in tables:
        got = np.sort(rows_of(student.call_sparing("first_copies", x, day), "first_copies(...)", len(x)))
        hint = "NaN == NaN is false; and whatever you put in for NaN must not occur in the table."
        kept = earliest(x, day)
        check.that(len(got) == len(kept), f"Of {len(x)} rows {len(got)} are kept: a wrong number.", hint)
        check.equal(got, kept, "the list of rows to keep", hint=hint)


@grades("split", points=1)
def test_past_before_future(student):
    """Validation gets the last days, at least the share that is asked for and no day too many, in any order of rows."""
    for n, share, seed in ((64, 0.25, 1), (101, 0.3, 2), (17, 0.5, 3), (256, 0.125, 4)):
        day = np.random.default_rng(seed).permutation(n) * 0.25 + 3  # all different
        train, val = two_parts(student, day, share, sparing=True)
        late = day >= border(day.tolist(), share)
        hint = "Sort by day, not by row number: the last days are for validation, all earlier ones for training."
        check.equal(val, np.flatnonzero(late), "the list of validation rows", hint=hint)
        check.equal(train, np.flatnonzero(~late), "the list of training rows", hint=hint)


@grades("split", points=1)
def test_days_stay_whole(student):
    """All rows of a day are on one side, and a split that leaves no training row is refused."""
    for n, days, share, seed in ((64, 9, 0.25, 5), (90, 5, 0.4, 2), (33, 4, 0.1, 3)):
        day = np.sort(np.random.default_rng(seed).integers(0, days, n))
        train, val = two_parts(student, day, share)
        torn = set(day[train].tolist()) & set(day[val].tolist())
        hint = "Find the first day of validation; every row of that day belongs to it."
        check.that(not torn, f"{len(torn)} of {days} days have rows on both sides.", hint)
        late = day >= border(day.tolist(), share)
        check.equal(val, np.flatnonzero(late), "the list of validation rows", hint=hint)
    hint = "Where all rows would be validation there is nothing to learn from."
    student.raises("ValueError", "split_by_day", np.array([4, 4, 4, 4]), 0.25, hint=hint)
    student.raises("ValueError", "split_by_day", np.array([1, 2, 2, 2, 2]), 0.9, hint=hint)


# ---- 3 prepare


def readings(n: int, d: int, seed: int, missing: float) -> np.ndarray:
    """Readings on very different scales (no value is more than three deviations out), some of them missing."""
    rng = np.random.default_rng(seed)
    x = (rng.beta(2, 2, size=(n, d)) + np.linspace(-2, 3, d)) * 10.0 ** np.arange(-2, d - 2)
    x[1:][rng.random((n - 1, d)) < missing] = np.nan
    return x


def mirrored(n: int, d: int, seed: int, missing: float) -> np.ndarray:
    """2n such rows, each with its mirror image: mean, median and the median of two such tables are one and the same."""
    half, centre = readings(n, d, seed, missing), (0.5 + np.linspace(-2, 3, d)) * 10.0 ** np.arange(-2, d - 2)
    return np.concatenate([half, 2 * centre - half])


def by_hand(x_train: np.ndarray, x_new: np.ndarray) -> list[np.ndarray]:
    """Filled and scaled, not clipped, column by column with sorted lists and sums."""
    parts = [x_train.astype(float).copy(), x_new.astype(float).copy()]
    for j in range(x_train.shape[1]):
        known = sorted(v for v in x_train[:, j].tolist() if v == v)
        median = (known[(len(known) - 1) // 2] + known[len(known) // 2]) / 2
        for part in parts:
            part[:, j] = [median if v != v else v for v in part[:, j].tolist()]
        mean = sum(parts[0][:, j]) / len(x_train)
        deviation = (sum((parts[0][:, j] - mean) ** 2) / len(x_train)) ** 0.5
        for part in parts:
            part[:, j] = (part[:, j] - mean) / deviation
    return parts


@grades("prepare", points=1)
def test_fills_with_the_training_median(student):
    """Missing values become the training median: they end where a row with the median in that place ends."""
    for n, m, d, seed in ((31, 8, 3, 1), (80, 25, 5, 2)):
        x_train, x_new = readings(n, d, seed, 0.2), readings(m, d, seed + 20, 0.0)
        x_new[::2, 1] = np.nan
        known = x_new.copy()
        column = x_train[~np.isnan(x_train[:, 1]), 1]
        known[::2, 1] = (np.sort(column)[(len(column) - 1) // 2] + np.sort(column)[len(column) // 2]) / 2
        _, with_gaps = two_tables(student, x_train, x_new)
        _, without = two_tables(student, x_train, known)
        hint = "The median of the known values of the training column, for both tables."
        check.close(with_gaps, without, "the new table with missing values", rtol=1e-5, atol=1e-5, hint=hint)


@grades("prepare", points=1)
def test_measures_with_training_rows(student):
    """Both tables are scaled by the mean and the standard deviation of the training rows."""
    tables = [
        (readings(40, 4, 3, 0.0), readings(1, 4, 23, 0.0)),
        # measured is what was *filled*; what it is filled with is another check's question
        (mirrored(45, 3, 4, 0.2), mirrored(17, 3, 24, 0.2)),
        (np.random.default_rng(5).integers(0, 9, (30, 3)), np.random.default_rng(6).integers(0, 9, (4, 3))),
        (mirrored(25, 3, 7, 0.2).astype(np.float32), mirrored(5, 3, 27, 0.2).astype(np.float32)),
        (readings(40, 2, 8, 0.0), readings(9, 2, 28, 0.0)),
    ]
    tables[-1][0][3] = 9.0, -700.0  # wild readings have their part in mean and deviation
    for x_train, x_new in tables:
        got = two_tables(student, x_train, x_new, sparing=True)
        for answer, expected, name in zip(got, by_hand(x_train, x_new), ("training", "new"), strict=True):
            hint = "Mean and np.std of each *filled* training column, also for new rows (there may be one row only)."
            answer = np.where(np.abs(expected) < 3, answer, expected)  # farther out is another check's question
            tolerance = 1e-3 if x_train.dtype == np.float32 else 1e-5
            check.close(answer, expected, f"the scaled {name} table", rtol=tolerance, atol=tolerance, hint=hint)


@grades("prepare", points=1)
def test_constant_columns_stay_finite(student):
    """A constant training column, and no other, gives 0 on training rows and a finite number on new ones."""
    for n, value, seed in ((25, 3.0, 5), (60, 0.1, 6), (41, 1e5 / 3, 7)):
        x_train, x_new = readings(n, 3, seed, 0.0), readings(6, 3, seed + 20, 0.0)
        x_train[:, 0], x_new[:, 0] = (1e-10 * (1 + np.arange(len(part)) % 2) for part in (x_train, x_new))
        x_train[:, 1] = value
        if value == 3:  # missing here and there, and in the first row; other values' means are not exact
            x_train[::2, 1] = np.nan
        x_new[:, 1] = [value, value + 1, value - 2, value, value + 0.5, value]
        got = two_tables(student, x_train, x_new)
        hint = "A deviation of 0, or of a rounding error, is no ruler: divide by 1 there."
        check.close(got[0][:, 1], np.zeros(n), "a constant training column", atol=1e-6, hint=hint)
        expected = np.array([0, 1, -2, 0, 0.5, 0])
        check.close(got[1][:, 1], expected, "new values of a constant column", atol=1e-5, rtol=1e-5, hint=hint)
        hint = "Only a column whose values are all equal is constant; any other is measured by its own deviation."
        for answer, wanted in zip(got, by_hand(x_train[:, :1], x_new[:, :1]), strict=True):
            check.close(answer[:, :1], wanted, "a column of tiny values", atol=1e-5, rtol=1e-5, hint=hint)


@grades("prepare", points=1)
def test_clips_after_scaling(student):
    """What is more than 4 deviations out becomes 4 or -4 in both tables; mean and deviation are taken before that."""
    for n, seed in ((50, 8), (120, 9)):
        x_train, x_new = readings(n, 2, seed, 0.0), readings(9, 2, seed + 20, 0.0)
        x_train[3, 0], x_train[4, 1] = 9.0, -700.0
        x_new[:4, 0], x_new[4:7, 1] = (50, -60, 1e9, -1e9), (300, -500, 4000)
        got, expected = two_tables(student, x_train, x_new), by_hand(x_train, x_new)
        for answer, wanted, name in zip(got, expected, ("training", "new"), strict=True):
            answer, far = answer.astype(float), np.abs(wanted) > 4
            hint = "Clip the scaled values, between -4 and 4, in the training table as well as in the new one."
            check.close(answer[far], np.sign(wanted[far]) * 4, f"far-out values of the {name} table", hint=hint)
            check.that(np.abs(answer).max() < 4 + 1e-6, f"A value of the {name} table is beyond 4.", hint)


# ---- 4 baseline


@grades("baseline", points=1)
def test_baseline_from_training_labels(student):
    """The baseline is the commonest training class, the smallest of equals, as often as it is asked for."""
    for labels, n, expected in (
        ([2, 0, 2, 1, 2], 4, 2),
        ([5, 3, 3, 5, 9], 7, 3),
        ([9, -2, 0, 9, -2], 2, -2),
        ([1, -3, 5, 1, -3], 2, -3),
        ([0] * 6 + [1] * 7, 1, 1),
        ([4], 3, 4),
        ([1, 1, 0], 0, 1),
    ):
        got = student.call_sparing("baseline_answers", np.array(labels), n)
        got = check.array(got, "baseline_answers(...)", shape=(n,), dtype="number", hint="n equal answers.")
        check.equal(
            got.astype(int), np.full(n, expected), "the list of answers", hint="Count each class; smallest of equals."
        )


def games(only_ours: int, only_theirs: int, both: int, none: int, seed: int) -> tuple[np.ndarray, ...]:
    """Labels of three classes and two models' answers with these numbers of rows, in no order."""
    rng = np.random.default_rng(seed)
    n = only_ours + only_theirs + both + none
    y = rng.integers(0, 3, size=n)
    kind = rng.permutation(np.repeat([0, 1, 2, 3], (only_ours, only_theirs, both, none)))
    ours = np.where((kind == 0) | (kind == 2), y, (y + rng.integers(1, 3, size=n)) % 3)
    theirs = np.where((kind == 1) | (kind == 2), y, (y + rng.integers(1, 3, size=n)) % 3)
    return y, ours, theirs


def compared(student, arrays: tuple[np.ndarray, ...], sparing: bool = False) -> list:
    """Call ``sign_test`` and return its three items; with ``sparing`` fail where it changes what it is given."""
    answer = (student.call_sparing if sparing else student.call)("sign_test", *arrays)
    return check.sequence(answer, "sign_test(...)", 3, "(only_ours, only_theirs, p)")


def luck(wins: int, losses: int) -> float:
    """Probability of at least ``wins`` heads among wins + losses fair tosses."""
    return float(Fraction(sum(comb(wins + losses, k) for k in range(wins, wins + losses + 1)), 2 ** (wins + losses)))


@grades("baseline", points=1)
def test_counts_rows_that_decide(student):
    """Only rows count that exactly one of the two models has right."""
    for wins, losses, both, none, seed in ((14, 6, 40, 12, 1), (0, 5, 3, 30, 2), (21, 0, 0, 9, 3)):
        got = compared(student, games(wins, losses, both, none, seed), sparing=True)
        check.equal(got[0], wins, "the number of rows only ours has right", hint="We are right and they are wrong.")
        check.equal(got[1], losses, "the number of rows only theirs has right", hint="They are right and we are wrong.")


@grades("baseline", points=1)
def test_probability_of_luck(student):
    """p is the probability of at least so many wins by tossing a fair coin, one-sided, and 1 where nothing decides."""
    for wins, losses, both, none, seed in (
        (14, 6, 5, 7, 4),
        (4, 11, 2, 3, 5),
        (8, 8, 0, 1, 6),
        (0, 6, 4, 0, 7),
        (0, 0, 9, 4, 8),
    ):
        p = compared(student, games(wins, losses, both, none, seed))[2]
        hint = "Sum from only_ours to b, both included; rows that both have right or wrong play no part."
        check.close(p, luck(wins, losses), "the probability p", rtol=1e-6, atol=1e-12, hint=hint)


@grades("baseline", points=1)
def test_probability_for_thousands_of_rows(student):
    """p is right for thousands of rows as well."""
    for wins, losses, seed in ((690, 610, 9), (1150, 1100, 10), (1020, 1030, 11)):
        p = compared(student, games(wins, losses, 50, 20, seed))[2]
        hint = "Sum whole numbers with math.comb and divide once, at the end; or add logarithms."
        check.close(p, luck(wins, losses), "the probability p", rtol=0.01, atol=0, hint=hint)
