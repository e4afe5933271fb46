"""Checks of exercises 1 to 3: penalties, their gradients and dropout, by hand."""

from __future__ import annotations

import numpy as np
from ps8_regularization.helpers import gradients, penalty, positive, weights

from goodfit import check, grades

ROUNDING = {"rtol": 1e-4, "atol": 1e-6}  # float32 sums of many terms are right answers too

# ---- 1 the penalty


def networks() -> list[list[np.ndarray]]:
    """Kernels of dense networks of several sizes, without biases."""
    return [
        weights((196, 40), (40, 10), seed=1, dtype="float32"),
        weights((72, 5), (5, 5), (5, 8), (8, 1), seed=2),
        weights((17, 1), seed=3),
        [0.01 * weights((6, 2), seed=10)[0], np.array([[1e-6, -1e-6], [0.0, 0.02]])],  # small weights count, too
    ]


@grades("penalty", points=1)
def test_l1_penalty(student):
    """The L1 penalty is the factor times the sum of the absolute values of all kernels."""
    for kernels, l1 in zip(networks(), (0.001, 0.03, 0.5, 0.02), strict=True):
        expected = l1 * sum(float(np.abs(k.astype(float)).sum()) for k in kernels)
        hint = "Sum |w| over every entry of every kernel, then multiply by l1: no signs, no mean, and not l2."
        check.close(penalty(student, kernels, l1=l1), expected, "the L1 penalty", hint=hint, **ROUNDING)


@grades("penalty", points=1)
def test_l2_penalty(student):
    """The L2 penalty is the factor times the sum of the squares of all kernels, without a factor of one half."""
    for kernels, l2 in zip(networks(), (0.002, 0.07, 0.4, 0.3), strict=True):
        expected = l2 * sum(float((k.astype(float) ** 2).sum()) for k in kernels)
        hint = "Sum w² over every entry of every kernel, then multiply by l2: no root, no ½, no mean."
        check.close(penalty(student, kernels, l2=l2), expected, "the L2 penalty", hint=hint, **ROUNDING)


@grades("penalty", points=1)
def test_penalties_add_up(student):
    """With both factors the penalty is the L1 penalty plus the L2 penalty; the weights stay as they were."""
    for shapes, l1, l2, seed in ((((30, 20), (20, 4)), 0.001, 0.002, 4), (((9, 6), (6, 2), (2, 2)), 0.2, 0.05, 5)):
        kernels = positive(*shapes, seed=seed)
        parts = penalty(student, kernels, l1=l1), penalty(student, kernels, l2=l2)
        check.that(min(parts) > 0, "One of the penalties of weights above zero is not above zero.")
        hint = "Your own L1 penalty and L2 penalty of the same kernels should add up to it."
        check.close(penalty(student, kernels, l1=l1, l2=l2), sum(parts), "the L1+L2 penalty", hint=hint, **ROUNDING)
    student.call_sparing("weight_penalty", weights((9, 6), (6,), (6, 2), (2,), seed=11), l1=0.2, l2=0.05)


@grades("penalty", points=1)
def test_tells_kernels_from_biases(student):
    """Biases, with one dimension, are not penalised; kernels are, whether they have two dimensions or more."""
    dense, conv, last = positive((12, 9), (2, 2, 9, 3), (3, 7), seed=6)
    bias, other, third = positive((9,), (3,), (7,), seed=7)
    alone = penalty(student, [dense, conv.reshape(-1, 3), last], l1=0.01, l2=0.03)
    check.that(alone > 0, "The penalty of kernels above zero is not above zero.")
    hint = "A convolution's kernel has four dimensions; its entries pay like all others."
    check.close(
        penalty(student, [dense, conv, last], l1=0.01, l2=0.03), alone, "the penalty with a convolution", hint=hint
    )
    deep = dense.reshape(3, 2, 2, 3, 3)
    hint = "Two dimensions or more: a convolution over volumes has a kernel of five."
    check.close(
        penalty(student, [deep, conv, last], l1=0.01, l2=0.03), alone, "the penalty with five dimensions", hint=hint
    )
    for mixed in ([dense, bias, conv, other, last, third], [third, other, dense, conv, last, bias]):
        hint = "An array with one dimension is a bias, wherever it stands in the list; leave it out."
        check.close(penalty(student, mixed, l1=0.01, l2=0.03), alone, "the penalty of kernels and biases", hint=hint)
    hint = "Where there is no kernel there is nothing to pay."
    check.close(penalty(student, [bias, other], l1=0.01, l2=0.03), 0.0, "the penalty of biases alone", hint=hint)
    check.close(penalty(student, [], l1=0.01, l2=0.03), 0.0, "the penalty of no weights at all", hint=hint)
    hint = "Without factors nothing is charged."
    check.close(penalty(student, [dense, bias]), 0.0, "the penalty without factors", hint=hint)


# ---- 2 the gradient


@grades("gradient", points=1)
def test_pull_of_l1(student):
    """L1 pulls every weight with the same force towards zero, and leaves a weight that is zero at rest."""
    for kernels, l1 in zip(networks(), (0.001, 0.03, 0.5, 0.02), strict=True):
        answer = gradients(student, kernels, l1=l1)
        for got, kernel in zip(answer, kernels, strict=True):
            hint = "l1 times the sign of w: it does not depend on the size of w, and the sign of 0 is 0."
            check.close(
                got, l1 * np.sign(kernel.astype(float)), "the gradient of the L1 penalty", hint=hint, **ROUNDING
            )


@grades("gradient", points=1)
def test_pull_of_l2(student):
    """L2 pulls every weight in proportion to its size, with twice the factor, and beside L1 when both have one."""
    for kernels, l2 in zip(networks(), (0.02, 0.07, 0.4, 0.3), strict=True):
        answer = gradients(student, kernels, l2=l2)
        for got, kernel in zip(answer, kernels, strict=True):
            hint = "The derivative of l2 · w² is 2 · l2 · w."
            check.close(got, 2 * l2 * kernel.astype(float), "the gradient of the L2 penalty", hint=hint, **ROUNDING)
    kernels = weights((8, 5), (5, 3), seed=12)
    pulls = (gradients(student, kernels, **factors) for factors in ({"l1": 0.2}, {"l2": 0.07}, {"l1": 0.2, "l2": 0.07}))
    for one, other, both in zip(*pulls, strict=True):
        wanted = np.asarray(one, dtype=float) + np.asarray(other, dtype=float)
        hint = "Your own gradient of the L1 penalty and that of the L2 penalty should add up to it."
        check.close(both, wanted, "the gradient of the L1+L2 penalty", hint=hint, **ROUNDING)


@grades("gradient", points=1)
def test_no_pull_on_biases(student):
    """For a bias the gradient is an array of zeros, in the bias's place and of its shape."""
    for shapes, seed in ((((20, 6), (6,), (6, 3), (3,)), 8), (((4,), (2, 3, 1, 4), (11, 4), (1,), (2, 1, 2, 3, 4)), 9)):
        arrays = positive(*shapes, seed=seed)
        answer = student.call_sparing("penalty_gradient", arrays, 0.04, 0.3)
        answer = check.sequence(answer, "penalty_gradient(...)", length=len(arrays))
        for got, array in zip(answer, arrays, strict=True):
            if array.ndim == 1:
                hint = "Biases are not penalised, so nothing pulls at them."
                check.close(got, np.zeros(array.shape), "the gradient for a bias", hint=hint)
            else:
                got = check.array(got, "the gradient for a kernel", dtype="number")
                check.that(
                    got.any(), "The gradient is zero for a kernel as well.", "Kernels have two or more dimensions."
                )


# ---- 3 dropout


def generator(seed: int) -> np.random.Generator:
    """A generator that has been used before."""
    rng = np.random.default_rng(seed)
    rng.random(seed)
    return rng


def dropped(student, values: np.ndarray, rate: float, seed: int, **kwargs: bool) -> np.ndarray:
    """Call ``dropout`` and return its array, which may hold infinities."""
    got = student.call("dropout", values, rate, generator(seed), **kwargs)
    return check.array(got, "dropout(...)", shape=values.shape, dtype="number", finite=False)


@grades("dropout", points=1)
def test_drops_the_right_values(student):
    """In training exactly those values become 0 whose draw is below the rate."""
    for shape, rate, seed in (((257,), 0.2, 3), ((13, 7, 5), 0.65, 4), ((40, 30), 0.0, 5), ((64, 16), 0.5, 6)):
        rng = np.random.default_rng(seed + 100)
        values = (rng.uniform(0.5, 2, size=shape) * rng.choice([-1, 1], size=shape)).astype("float32")
        if rate == 0.65:
            rate = float(generator(seed).random(shape)[3, 2, 1])  # exactly the rate is not below it
        got = dropped(student, values, rate, seed, training=True)
        wrong = int(((got == 0) != (generator(seed).random(shape) < rate)).sum())
        check.that(
            wrong == 0,
            f"With a rate of {rate}, {wrong} of {values.size} values are dropped or kept wrongly.",
            "One call of rng.random(values.shape); dropped is what is below `rate`, and `rate` is the share to drop.",
        )
    values = np.random.default_rng(106).uniform(0.5, 2, size=(20, 3))
    student.call_sparing("dropout", values, 0.4, generator(7), True, hint="Work on a new array, not on `values`.")


@grades("dropout", points=1)
def test_scales_by_the_keep_rate(student):
    """What is not dropped is divided by the keep rate, so that the expected value stays the same."""
    for shape, rate, seed in (((300,), 0.2, 7), ((9, 11, 4), 0.35, 8), ((50, 20), 0.8, 9)):
        rng = np.random.default_rng(seed + 100)
        values = rng.uniform(0.5, 2, size=shape) * rng.choice([-1, 1], size=shape)
        got = dropped(student, values, rate, seed)
        kept = got != 0
        check.that(kept.any(), f"With a rate of {rate} every value was dropped.")
        hint = "1 - rate is the share that is kept; divide by it. At 0.5 both rates are the same, so try another."
        check.close(got[kept], values[kept] / (1 - rate), f"what is kept at a rate of {rate}", hint=hint, **ROUNDING)


@grades("dropout", points=1)
def test_drops_nothing_at_inference(student):
    """With training=False the values come back unchanged, whatever the rate is."""
    for shape, rate, seed in (((80,), 0.3, 10), ((6, 5, 4), 0.9, 11)):
        values = np.random.default_rng(seed + 100).normal(size=shape)
        got = dropped(student, values, rate, seed, training=False)
        hint = "Inverted dropout does all its scaling in training; at inference there is nothing left to do."
        check.close(got, values, "dropout(..., training=False)", hint=hint, **ROUNDING)
    in_training = dropped(student, values, 0.9, 13, training=True)
    hint = "Without dropping anything in training, there is nothing that inference could leave alone."
    check.that(not np.allclose(in_training, values), "Nothing is ever dropped, in training neither.", hint)
    hint = "At inference there is nothing to do: not even to `values` itself."
    student.call_sparing("dropout", values, 0.4, generator(12), False, hint=hint)
