"""Checks of exercises 1 to 3 and 6: decisions from recorded losses."""

from __future__ import annotations

import numpy as np
from ps7_early_stopping.helpers import (
    NAN,
    a_rule,
    bumps,
    expected_stop,
    numbers,
    record,
    report,
    smooth,
    stop,
)

from goodfit import check, grades

ROUNDING = {"rtol": 1e-5, "atol": 1e-7}  # sums in another order, or in float32, are right answers too

# ---- 1 the rule


@grades("stop", points=1)
def test_last_epoch(student):
    """Training stops after `patience` epochs in a row without improvement on the best loss, counted from 1."""
    cases = [
        ([1.5, 1.25, 1.0, 1.125, 1.25, 0.5], 1),
        ([1.0, 0.75, 0.875, 0.5, 0.625, 0.75, 0.875, 0.25], 3),
        ([0.5, 1.0, 0.75, 0.625, 0.5625, 0.25], 4),  # falls again, but never below the best
        *((bumps(60, seed), patience) for seed, patience in ((3, 2), (4, 5), (5, 7))),
    ]
    for losses, patience in cases:
        last, _ = stop(student, losses, patience)
        hint = "Each improvement on the best loss so far sets the count back; the epoch that completes it is still run."
        check.equal(last, expected_stop(losses, patience)[0], f"last_epoch with a patience of {patience}", hint=hint)


@grades("stop", points=1)
def test_best_epoch(student):
    """The best epoch is the first with the lowest loss among the epochs that are run, counted from 1."""
    cases = [
        ([1.0, 0.5, 0.75, 0.875, 1.0, 1.25, 1.5, 0.25], 3),  # lower where nobody gets to
        ([1.0, 0.75, 0.5, 0.5, 0.625, 0.75], 12),  # ties
        (np.array([1.5, 1.0, 0.75, 0.875], dtype="float32"), 5),
        ([0.75], 2),
        ([1.0, 0.5, 0.25, 0.125], 3),
        (np.array([7, 5, 5, 3, 4, 6, 2]), 2),  # whole numbers
        ([40.0, 20.0, 30.0, 35.0], 5),  # large ones: the first loss is the best so far, whatever its size
        ([0.5, 0.0, 0.25, 0.375], 5),  # a loss of 0 is one like others
        ([0.5, 0.4999, 0.4998, 0.4997], 1),  # small steps: without min_delta each of them counts
    ]
    for losses, patience in cases:
        _, best = stop(student, losses, patience)
        hint = "Epochs that are never run cannot be the best. An equal loss is no improvement, so the first one counts."
        check.equal(best, expected_stop(losses, patience)[1], f"best_epoch with a patience of {patience}", hint=hint)


@grades("stop", points=1)
def test_never_stops(student):
    """Where patience never runs out, the last epoch is the last one of the curve."""
    a_rule(student)
    for losses, patience in (([0.5], 3), ([1.0, 0.75, 0.5, 0.375], 1), ([1.0, 0.25, 0.5, 0.75], 9), (bumps(25, 6), 60)):
        last, _ = stop(student, losses, patience)
        hint = "The curve ends before patience does: all of it was run, and no epoch more."
        check.equal(last, len(losses), "last_epoch of a curve on which the rule never stops", hint=hint)


@grades("stop", points=1)
def test_patience_zero(student):
    """A patience of 0 means the same as a patience of 1."""
    a_rule(student)
    for losses in ([1.0, 0.75, 0.5, 0.625, 0.25], [0.5, 0.75, 0.25], bumps(30, 8)):
        hint = "An epoch that improves never stops the training, whatever the patience is."
        zero, one = stop(student, losses, 0), stop(student, losses, 1)
        check.equal(zero, one, "early_stop with a patience of 0", hint=hint)


@grades("stop", points=1)
def test_min_delta(student):
    """A loss improves only if it is below the best one by more than min_delta; small steps add up against the best.

    Your own function is asked twice: about a curve with small improvements, and without min_delta about the same curve
    without them.
    """
    a_rule(student)
    cases = [  # a curve, the curve that is the same to the rule without min_delta, min_delta, patience
        ([1.0, 0.9375, 0.875, 0.75, 0.9375, 0.96875, 1.0], [1.0, 1.125, 1.0, 0.75, 1.0, 1.0, 1.0], 0.125, 3),
        ([1.0, 0.5, 0.46875, 0.4375, 0.40625, 0.25, 0.1875], [1.0, 0.5, 0.75, 0.75, 0.75, 0.25, 0.375], 0.125, 3),
        ([2.0, 1.75, 1.5, 1.25, 1.0, 0.75], [2.0, 2.0, 1.5, 1.5, 1.0, 1.0], 0.25, 2),  # 0.25 lower is no improvement
        ([1.0, 0.75, 0.875, 0.9375, 0.5, 0.5625], [1.0, 1.0, 1.125, 1.125, 0.5, 0.5625], 0.25, 9),
        ([9.0, 8.0, 6.0, 5.0, 4.5], [9.0, 9.5, 6.0, 6.25, 6.5], 2, 2),  # a whole number
    ]
    for losses, same, min_delta, patience in cases:
        got, wanted = stop(student, losses, patience, min_delta=min_delta), stop(student, same, patience)
        hint = "Compare with the best loss, the one of the epoch that improved last; a step too small does not move it."
        check.equal(got, wanted, f"early_stop with min_delta={min_delta}", hint=hint)


@grades("stop", points=1)
def test_nan(student):
    """NaN is an epoch without improvement, and the best loss stays what it was.

    Your own function is asked twice: about a curve with NaN, and about the same curve with a high loss in its place.
    An array with NaN stays as it was.
    """
    a_rule(student)
    cases = [  # a curve with NaN, and one with a higher loss in its place
        ([1.0, 0.5, NAN, 0.75, 0.875, 0.25, 0.5, 0.625], [1.0, 0.5, 0.625, 0.75, 0.875, 0.25, 0.5, 0.625], 4),
        ([1.0, 0.5, NAN, NAN, NAN, NAN, 0.25], [1.0, 0.5, 0.75, 0.75, 0.75, 0.75, 0.25], 3),
        ([1.0, 0.75, 0.5, NAN, 0.625, 0.75, 0.875], [1.0, 0.75, 0.5, 0.5625, 0.625, 0.75, 0.875], 6),
    ]
    for losses, higher, patience in cases:
        got, wanted = stop(student, losses, patience), stop(student, higher, patience)
        hint = "Every comparison with NaN is False: does yours then count as an improvement? Is there a NaN in `best`?"
        check.equal(got, wanted, "early_stop with NaN", hint=hint)
    hint = "Leave NaN where it is: a comparison with it is False by itself. Or work on a copy."
    student.call_sparing("early_stop", np.array([1.0, 0.5, NAN, 0.75, 0.25]), 3, hint=hint)


# ---- 2 the trailing mean


@grades("smooth", points=1)
def test_averages_the_window(student):
    """A single high value is spread over `window` epochs, in equal parts; the values given stay as they were."""
    for n, where, window, dtype in ((30, 12, 5, float), (41, 20, 8, float), (20, 9, 1, float), (33, 14, 4, int)):
        values = np.zeros(n, dtype=dtype)
        values[where] = 3
        got = np.nan_to_num(smooth(student, values, window))
        seen = got[np.abs(got) > 1e-6]
        hint = "The plain mean of `window` values: each one counts the same, and then not at all."
        if dtype is int:
            hint = "The means of whole numbers are no whole numbers: is the array of your results one of floats?"
        check.that(
            len(seen) == window, f"With window={window}, one high value shows in {len(seen)} of the results.", hint
        )
        check.close(seen, np.full(window, 3.0 / window), "what is left of a single high value", hint=hint, **ROUNDING)
    student.call_sparing("trailing_mean", bumps(9, 12), 3, hint="Write the means into an array of their own.")


@grades("smooth", points=1)
def test_looks_back_only(student):
    """Each result depends on the present value and on earlier ones, never on later ones."""
    for n, where, window in ((30, 17, 6), (25, 10, 3), (18, 11, 9)):
        values = np.zeros(n)
        values[where] = 1.0
        got = np.nan_to_num(smooth(student, values, window))
        seen = np.flatnonzero(np.abs(got) > 1e-6)
        check.that(seen.size > 0, "A high value leaves no trace in the results.", "Does the present value take part?")
        first = int(seen[0]) + n - len(got)  # results may be missing at the beginning: another check's business
        hint = "The result of an epoch is the mean of this epoch and those before it."
        check.that(first >= where, "A value changes the results of epochs before it: that is the future.", hint)
        check.that(first == where, "The value of an epoch takes no part in the result of this epoch.", hint)
        check.that(seen.size > 1, "A value changes the result of one epoch alone: earlier values take no part.", hint)


@grades("smooth", points=1)
def test_beginning_of_the_mean(student):
    """There is a result for every epoch; the first ones are the means of the values that there are."""
    for values, window in (([6.0, 2.0, 4.0, 0.0, 3.0], 4), (bumps(9, 11), 30), ([5.0], 3), ([1.0, 2.0, 4.0], 3)):
        got = smooth(student, values, window)
        hint = "At epoch 1 there is one value, at epoch 2 there are two: divide by as many as there are."
        check.that(len(got) == len(values), f"{len(values)} values gave {len(got)} results.", hint)
        head = min(window - 1, len(values))
        wanted = np.cumsum(values)[:head] / np.arange(1, head + 1)
        check.close(got[:head], wanted, "the beginning of trailing_mean(...)", hint=hint, **ROUNDING)


# ---- 3 the price of patience


def quarter(curve):
    """A rule of the grader's: run half of the epochs, keep the one after a quarter. It is lent to the student."""
    return len(curve) // 2 + 1, len(curve) // 4 + 1


def first_rise(curve):
    """Another one: stop at the first rise, keep the epoch before it. It is lent to the student."""
    for epoch in range(1, len(curve)):
        if curve[epoch] > curve[epoch - 1]:
            return epoch + 1, epoch
    return len(curve), len(curve)


def counts_its_calls(curve, calls=[]):  # noqa: B006 (it is to remember)
    """A third one, whose answer depends on how often it has been asked."""
    calls.append(1)
    return len(calls), 1


CURVES = [
    [bumps(n, seed).tolist() for n, seed in ((20, 21), (33, 22), (12, 23), (1, 24))],
    np.array([bumps(40, seed) for seed in range(30, 37)]),
]


def prices(student, rule, curves):
    """Call ``price`` with a lent rule and return its two items."""
    answer = student.call("price", curves, student.remote(rule))
    return numbers(answer, "price(...)", 2, "Return (epochs, regret).")


@grades("price", points=1.5)
def test_epochs_run(student):
    """The first number is the mean of the rule's last epochs."""
    for rule in (quarter, first_rise):
        for curves in CURVES:
            epochs, _ = prices(student, rule, curves)
            wanted = float(np.mean([rule(c)[0] for c in curves]))
            hint = "The first of the two numbers that the rule gives, averaged over the curves."
            check.close(epochs, wanted, "the mean number of epochs", hint=hint, **ROUNDING)
    curves = [*CURVES[1], CURVES[1][2]]  # two of them are equal, and each is a curve
    rule, n = student.remote(counts_its_calls), len(curves)
    for before in (0, n):  # the second time it has been asked n times
        epochs, _ = numbers(student.call("price", curves, rule), "price(...)", 2, "Return (epochs, regret).")
        hint = "Call the rule once for each curve and keep both numbers: a rule may be slow, or depend on chance."
        wanted = before + (n + 1) / 2
        check.close(epochs, wanted, "the epochs of a rule that counts its calls", hint=hint, **ROUNDING)


@grades("price", points=1.5)
def test_regret(student):
    """The second number is the mean of the loss at the rule's best epoch minus the lowest loss of the whole curve.

    The curves stay as they were.
    """
    for rule in (quarter, first_rise):
        for curves in CURVES:
            _, regret = prices(student, rule, curves)
            wanted = float(np.mean([c[rule(c)[1] - 1] - np.min(c) for c in curves]))
            hint = "The rule counts from 1, a list from 0. The lowest loss is that of all epochs, run or not."
            check.close(regret, wanted, "the regret", hint=hint, **ROUNDING)
    hint = "The lowest loss can be found without sorting the curve itself: min(curve), or a sorted copy."
    student.call_sparing("price", CURVES[1], student.remote(quarter), hint=hint)


# ---- 6 stopping on the rows that report

RECORDS = [(30, 50, 41, 7), (25, 90, 42, 60), (12, 8, 43, 1), (18, 30, 44, 29)]  # epochs, rows, seed, size of the set


def stopping_sets():
    """Records and stopping sets; the rows are in no order."""
    for epochs, rows, seed, size in RECORDS:
        yield record(epochs, rows, seed), np.random.default_rng(seed).permutation(rows)[:size]


@grades("leak", points=1)
def test_epoch_of_the_stopping_set(student):
    """The epoch is the first with the lowest mean loss over the stopping set, counted from 1."""
    flat = np.array([[1.0, 0.5, 3.0, 0.0], [0.5, 0.5, 2.0, 1.0], [0.25, 0.75, 0.5, 4.0]])
    for losses, rows in (*stopping_sets(), (flat, [1, 0])):
        epoch, _, _ = report(student, losses, rows)
        expected = int(losses.take(rows, axis=1).sum(axis=1).argmin()) + 1
        hint = "Only the stopping set decides. The first epoch is epoch 1, and the first of equals counts."
        check.equal(check.number(epoch, "the epoch"), expected, "the epoch", hint=hint)


@grades("leak", points=1)
def test_reported_loss(student):
    """The reported loss is the mean loss of the stopping set at its best epoch; record and rows stay as they were."""
    late = np.linspace(2, 1, 7)[:, None] + np.arange(6) / 8  # the loss falls to the end
    for losses, rows in (*stopping_sets(), (record(9, 20, 45).astype("float32"), [4, 19, 0]), (late, [5])):
        _, reported, _ = report(student, losses, rows)
        expected = float(losses.take(rows, axis=1).sum(axis=1).min() / len(rows))
        check.close(reported, expected, "the reported loss", hint="The lowest mean of the stopping set.", **ROUNDING)
    student.call_sparing("stop_and_report", record(9, 20, 46), np.array([7, 19, 3]))


@grades("leak", points=2)
def test_fresh_loss(student):
    """The fresh loss is the mean loss of all rows outside the stopping set, at the epoch that the set chose."""
    for losses, rows in (*stopping_sets(), (record(9, 20, 45), [4, 19, 0])):
        _, _, fresh = report(student, losses, rows)
        chosen = int(losses.take(rows, axis=1).sum(axis=1).argmin())
        expected = float(np.mean([v for i, v in enumerate(losses[chosen]) if i not in set(np.asarray(rows).tolist())]))
        hint = "Fresh rows have no say in the epoch, and no row of the stopping set is among them."
        check.close(fresh, expected, "the fresh loss", hint=hint, **ROUNDING)
