"""Checks of the tiny set, with which the engine is tested."""

import numpy as np

from goodfit import check, grades


@grades("add", points=1)
def test_adds_numbers(student):
    """The sum of two numbers is right."""
    check.equal(student.call("add", 20, 22), 42, what="add(20, 22)", hint="Use the plus sign.")


@grades("add", points=2)
def test_adds_arrays(student):
    """The sum of two arrays is right, entry by entry."""
    a = np.linspace(0.0, 1.0, 11)
    check.close(student.call("add", a, 2 * a), 3 * a, what="add(a, 2 * a)")


@grades("mean", points=2)
def test_takes_the_mean(student):
    """The mean of any number of values is right."""
    values = np.random.default_rng(3).normal(size=37)
    check.close(student.call_sparing("mean", values), values.mean(), what="mean(values)")


@grades("model", points=2)
def test_separates_the_points(student, hidden, thresholds):
    """The model tells the two clouds apart on points it has never seen."""
    points = hidden("points")
    accuracy = student.model("model").accuracy(points["x"], points["y"])
    check.meets(accuracy, thresholds["accuracy"], what="the held-out accuracy")
