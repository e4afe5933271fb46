"""Checks of exercises 4 to 6: windows and forecasts of a series, parameters, and the turn of recorded curves."""

from __future__ import annotations

import itertools

import numpy as np
from ps5_model_capacity.helpers import predictions, wave, windows

from goodfit import check, grades

# ---- 4 a series


ROWS = "Row i holds series[i] to series[i + k - 1], oldest first; its target stands `horizon` steps after the last one."


@grades("series", points=1)
def test_windows_before_the_target(student):
    """Each row holds the k values right before its target, oldest first; every possible row is there."""
    for n, k in ((12, 4), (30, 1), (9, 7), (6, 5)):
        series = 10.0 * np.arange(n) + 3.3  # the values tell their place
        x, y = windows(student, series.tolist() if n == 9 else series, k)
        place = np.arange(n - k)[:, None] + np.arange(k)
        check.close(x, 10.0 * place + 3.3, f"x of {n} values with k={k}", hint=ROWS)
        check.close(y, series[k:], f"y of {n} values with k={k}", hint=ROWS)


@grades("series", points=1)
def test_horizon(student):
    """With a horizon the target lies that many steps after the last value of the row, which holds k values in a row."""
    for n, k, horizon in ((15, 3, 2), (20, 1, 5), (11, 4, 6)):
        x, y = windows(student, 10.0 * np.arange(n) + 3, k, horizon=horizon)
        expected = [10.0 * place + 3 for place in range(n) if place >= k - 1 + horizon]
        check.close(y, expected, f"y of {n} values with k={k}, horizon={horizon}", hint=ROWS)
        what = f"x of {n} values with k={k}, horizon={horizon}"
        x = check.array(x, what, shape=(len(expected), k), dtype="number", hint=ROWS)
        place = np.arange(len(expected))[:, None] + np.arange(k)
        check.close(np.sort(x, axis=1), 10.0 * place + 3, what, hint=ROWS)  # the order is judged by another check


@grades("series", points=1)
def test_too_short_a_series(student):
    """A series without a single complete row gives arrays of shapes (0, k) and (0,)."""
    for n, k, horizon in ((4, 4, 1), (3, 6, 1), (5, 3, 3), (7, 2, 9)):
        options = {} if horizon == 1 else {"horizon": horizon}
        x, y = windows(student, np.arange(float(n)), k, **options)
        hint = f"{n} values, k={k}, horizon={horizon}: there is no row. Keep both shapes all the same."
        check.array(x, "x", shape=(0, k), dtype="number", hint=hint)
        check.array(y, "y", shape=(0,), dtype="number", hint=hint)
        x, y = (np.shape(part) for part in windows(student, np.arange(40.0), k, **options))
        check.that(x[:1] != (0,) and y != (0,), f"Of 40 values with k={k} and horizon={horizon} there is no row.", hint)


@grades("series", points=1)
def test_one_prediction_for_each_value(student):
    """There are as many predictions as future values, also where they are fewer than the lags."""
    for n, m, k, seed in ((60, 25, 4, 1), (80, 3, 9, 2), (50, 1, 2, 3)):
        series = wave(n + m, seed)
        got = student.call_sparing("forecast", series[:n], series[n:], k)
        hint = "The first windows begin in `past`: put its last k values before `future`."
        what = f"forecast(...) of {m} values with k={k}"
        low = check.array(got, what, shape=(m,), dtype="number", hint=hint)
        high = check.array(
            student.call("forecast", series[:n] + 1000, series[n:] + 1000, k),
            what,
            shape=(m,),
            dtype="number",
            hint=hint,
        )
        moves = bool((high - low.astype(float) > 200).all())
        check.that(moves, "Where all values are 1,000 higher, the predictions are not.", "Predict from the values.")


@grades("series", points=1)
def test_forecast_leaks_nothing(student):
    """A prediction depends on the k values before its target: on none at or after it, and on no older one."""
    for n, m, k, changed, seed in ((70, 20, 3, 12, 4), (90, 24, 6, 20, 5)):
        series = wave(n + m, seed)
        other = series.copy()
        other[n + changed :] += 500
        first, second = (predictions(student, s[:n], s[n:], k) for s in (series, other))
        check.that(len(first) == len(second), "The number of predictions depends on the values.")
        early = len(first) - (m - changed) + 1  # up to the prediction of the first changed value
        check.that(early > 0, f"There are only {len(first)} predictions.", "One for each value.")
        moved = ~np.isclose(first[:early], second[:early], rtol=1e-6, atol=1e-6)
        hint = "Fit on `past` only, and let each window end before its target."
        check.that(
            not moved.any(), "A value of `future` was changed, and a prediction for that time or before moved.", hint
        )
        check.that(
            not np.allclose(first[early:], second[early:], rtol=1e-6, atol=1e-6),
            "Values of `future` were changed, and no later prediction moved.",
            "Each prediction is made from the k values right before its target, those of `future` among them.",
        )
        once = series.copy()
        once[n + 2] += 500
        third = predictions(student, once[:n], once[n:], k)
        check.that(len(third) == len(first), "The number of predictions depends on the values.")
        late = len(first) - (m - 2 - k) + 1  # the first prediction whose k values all come after the changed one
        stays = np.allclose(third[late:], first[late:], rtol=1e-6, atol=1e-6)
        check.that(stays, f"With k={k}, a prediction depends on a value {k + 1} places back or more.", "Use k lags.")


@grades("series", points=2)
def test_beats_persistence(student, given, hidden, thresholds):
    """On years that nobody was given, the error is clearly below that of persistence; so it is on a wave."""
    past, future, k = given("sunspots")["number"], hidden("sunspots")["number"], 9
    got = predictions(student, past, future, k)
    few = f"There are only {len(got)} predictions for {len(future)} years."
    check.that(len(got) >= len(future) - k, few, "One for each value.")  # the first k are the matter of another check
    persistence = np.concatenate([past[-1:], future[:-1]])
    ours, theirs = (np.sqrt(np.mean((p - future[-len(p) :]) ** 2)) for p in (got, persistence[-len(got) :]))
    hint = "Does the model see all k values before each target, in the same order as in its training?"
    what = "the error of your forecasts divided by that of persistence"
    check.meets(float(ours / theirs), thresholds["sunspot_ratio"], what, hint=hint)
    # A wave of another period: a linear model of its own past, not of sunspots, foresees the first values as well.
    n, m, k = 190, 10, 4
    even = 250 + 40 * np.sin(1.3 * np.arange(n + m)) + np.random.default_rng(4).normal(size=n + m)
    waves = [np.where(np.arange(n + m) == n, even + bump, even) for bump in (0, 20, 40)]
    got, once, twice = (predictions(student, series[:n], series[n:], k) for series in waves)
    check.that(
        len(got) >= m - k and len(got) == len(once) == len(twice), "Predictions are missing.", "One for each value."
    )
    hint = "Fit on the windows of `past`, the argument; the first windows begin with its last k values."
    check.that(np.abs(got - even[-len(got) :]).max() < 15, "An even wave goes on, and your forecasts do not.", hint)
    leaks = len(got) == m and abs(once - got)[0] > 1e-6  # its target was changed: that is the matter of another check
    linear = leaks or np.allclose(twice - got, 2 * (once - got), rtol=1e-2, atol=1e-2)
    hint = "Fit a linear model: Ridge, LinearRegression or least squares."
    check.that(linear, "A value is changed twice as much, and the predictions do not move twice as far.", hint)
    oldest = len(got) - (m - k)  # the prediction whose window begins with the changed value
    check.that(
        leaks or abs(once - got)[oldest] > 1e-6,
        f"No prediction depends on the value {k} places back.",
        "Use all k lags.",
    )


# ---- 5 parameters


def counted(student, sizes: list[int], expected: int, **options: bool) -> None:
    """Compare ``count_parameters`` with the number of entries of arrays of these sizes."""
    got = student.call_sparing("count_parameters", sizes, **options)
    hint = "Each layer from a to b units: a times b weights and b biases; the inputs are no layer."
    check.equal(got, expected, f"count_parameters({sizes})", hint=hint)


def entries(sizes: list[int], bias: int) -> int:
    """Entries of kernels with `bias` further rows each, summed over the layers."""
    return sum(np.empty((a + bias, b), dtype="int8").size for a, b in itertools.pairwise(sizes))


@grades("parameters", points=1)
def test_counts_parameters(student):
    """Weights and biases are summed over all layers of networks of several depths."""
    for sizes in ([196, 24, 10], [57, 4], [13, 7, 5, 3, 2], [30, 64, 64, 1]):
        counted(student, sizes, entries(sizes, bias=1))


@grades("parameters", points=1)
def test_counts_no_layer(student):
    """A single entry means inputs and no layer: nothing to count."""
    counted(student, [17], 0)
    counted(student, [1], 0, bias=False)
    hint = "A layer stands between each two neighbours: two entries make one, three make two."
    check.that(student.call("count_parameters", [17, 3]) != 0, "Two entries are a layer, and you count nothing.", hint)


@grades("parameters", points=1)
def test_counts_without_biases(student):
    """With bias=False only the weights are counted, in every layer."""
    for sizes in ([20, 9, 6, 4], [64, 32, 10], [8, 3, 3, 3, 5], [20, 4]):
        counted(student, sizes, entries(sizes, bias=0), bias=False)


@grades("parameters", points=1)
def test_widest_within_the_budget(student):
    """The hidden layer is as wide as the budget allows, not wider, and 0 where no unit fits."""
    for inputs, outputs, budget in (
        (196, 10, 5000),
        (6, 2, 20),
        (6, 2, 19),
        (5, 4, 13),
        (5, 4, 14),
        (40, 10, 3),
        (9, 1, 111),
        (3, 2, 30000),
    ):
        expected = max([0, *(h for h in range(1, 6000) if entries([inputs, h, outputs], bias=1) <= budget)])
        hint = (
            "Count the parameters of [inputs, h, outputs] as h grows. Exactly the budget is allowed; mind all biases."
        )
        got = student.call("widest", inputs, outputs, budget)
        check.equal(got, expected, f"widest({inputs}, {outputs}, {budget})", hint=hint)


# ---- 6 the turn


def turns(student, cases: list, hint: str, exact: bool = True) -> None:
    """Compare turning epochs of recorded curves with the expected ones; unless exact, only whether there is one."""
    for losses, options, expected in cases:
        got = student.call_sparing("turning_epoch", losses, **options)
        shown = f"turning_epoch of {len(losses)} losses with {options or 'the defaults'}"
        if expected is not None and not exact:
            check.that(got is not None, f"{shown} is None.", hint)
        else:
            check.equal(got, expected, shown, hint=hint)


@grades("turn", points=1)
def test_epoch_of_the_turn(student):
    """The turn is the first epoch with the lowest loss, counted from 1."""
    cases = [
        ([1.5, 0.75, 0.5, 1.0, 1.25, 1.5], {}, 3),
        ([0.25, 0.5, 0.75, 1.0], {}, 1),
        ([1.0, 0.5, 0.75, 0.5, 1.0, 1.25, 1.5], {}, 2),  # ties
        ([2.0, 1.0, 1.0, 1.0, 1.5, 2.0, 2.5], {}, 2),
        ([1.0, 0.5, 0.25, 0.75], {"tail": 1}, 3),
        ([1.0, 0.625, 0.5, 1.0, 1.25, 1.5], {"tolerance": 0.25}, 3),  # the tolerance makes no ties
        ([1.0, 0.50390625, 0.5, 0.50390625, 0.50390625, 0.50390625], {}, 3),  # and neither does rounding
    ]
    turns(student, cases, "Count from 1; of equal losses the first one counts.")


@grades("turn", points=1)
def test_no_turn(student):
    """A curve that falls to its end, or whose lowest loss has fewer than `tail` epochs after it, has not turned."""
    cases = [
        ([1.0, 0.75, 0.5, 0.375, 0.25], {}, None),
        ([1.5, 1.0, 0.5, 1.5, 1.5], {}, None),  # two epochs after it
        ([1.5, 1.0, 0.5, 1.0, 2.0, 3.0, 4.0], {"tail": 5}, None),
        ([0.5], {}, None),
        ([0.5, 0.5, 0.5, 0.5, 0.5], {}, None),  # flat
        ([0.25, 0.5], {"tail": 4}, None),  # shorter than the tail
    ]
    hint = "At least `tail` epochs after the lowest one, and a mean that is really above it."
    turns(student, cases, hint)
    turns(student, [([1.0, 0.25, 0.5, 1.0, 2.0, 4.0], {}, 2)], hint, exact=False)  # and this one turns


@grades("turn", points=1)
def test_noise_is_no_turn(student):
    """The mean of the last `tail` losses decides: a bump does not, and neither does a rise within the tolerance."""
    cases = [
        ([1.0, 0.5, 2.0, 0.5625, 0.5, 0.5625, 0.5625], {"tolerance": 0.125}, None),  # a bump in between
        ([1.0, 0.5, 0.75, 0.75, 0.75], {"tolerance": 0.25}, None),  # equal is not enough
        ([1.0, 0.5, 0.75, 0.75, 0.75], {"tolerance": 0.125}, 2),
        ([1.0, 0.5, 0.875, 1.0, 0.5625], {"tolerance": 0.25}, 2),  # the last one alone is low
        ([1.0, 0.5, 0.5, 0.5625, 1.25], {"tolerance": 0.375}, None),  # the last one alone is high
        ([1.0, 0.5, 0.5625, 0.5625, 1.25], {"tolerance": 0.125}, 2),  # so is their mean, and their median is not
        ([1.0, 0.5, 0.5, 0.5, 0.625, 1.0], {"tail": 2, "tolerance": 0.25}, 2),
    ]
    turns(
        student,
        cases,
        "Take the mean of the last `tail` losses; above the lowest one by more than `tolerance`.",
        exact=False,
    )


@grades("turn", points=1)
def test_smallest_size_that_overfits(student):
    """Of all sizes whose curve has turned the smallest is returned, whatever their order; None where none has."""
    falls, rises = [2.0, 1.5, 1.0, 0.75, 0.5, 0.25], [2.0, 0.5, 1.0, 1.5, 2.0, 2.5]
    slightly = [2.0, 0.5, 0.625, 0.625, 0.625, 0.625]
    late, at_once = [2.0, 1.5, 0.5, 1.0, 1.5, 2.0], [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    cases = [
        ({4: falls, 40: at_once, 12: late, 20: rises}, {}, 12),  # the smallest, not the one that turns first
        ({9: at_once, 30: late, 90: slightly}, {}, 9),
        ({8: falls, 16: falls, 32: rises, 64: rises}, {}, 32),
        ({256: rises, 4: falls, 64: rises, 128: falls, 16: falls}, {}, 64),
        ({1: rises, 2: falls, 4: falls}, {}, 1),  # a larger one need not turn
        ({8: falls, 4: falls}, {}, None),
        ({100: rises, 20: slightly, 5: falls}, {"tolerance": 0.25}, 100),
        ({100: rises, 20: slightly, 5: falls}, {}, 20),
        ({12: rises, 6: falls}, {"tail": 5}, None),
    ]
    for curves, options, expected in cases:
        got = student.call_sparing("smallest_overfitting", curves, **options)
        hint = "The smallest size, not the first one in the dictionary; hand on `tail` and `tolerance`."
        check.equal(got, expected, f"the smallest size that overfits of {list(curves)} with {options}", hint=hint)
