"""Bounds of rates agree with published figures, and hold as often as they claim."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from goodfit.authoring.tails import GOAL, count_bound, false_pass, tail, tolerance_factor


@pytest.mark.parametrize(
    ("n", "failing", "bound"), [(99, 0, 0.0298), (299, 0, 0.01), (2995, 0, 0.001), (4742, 1, 0.001)]
)
def test_bounds_by_count(n: int, failing: int, bound: float) -> None:
    """None of 299 failing bounds the rate at 1 %; all failing bounds nothing."""
    assert count_bound(n, failing) == pytest.approx(bound, rel=0.01)
    assert count_bound(n, n) == 1


@pytest.mark.parametrize(("n", "factor"), [(33, 3.97), (50, 3.77), (100, 3.54), (300, 3.34), (1000, 3.22)])
def test_tolerance_factors(n: int, factor: float) -> None:
    """The factors for 99.9 % at 95 % are those of the tables, and a limit at the factor is bounded by 0.1 %."""
    assert tolerance_factor(n, 0.999) == pytest.approx(factor, abs=0.005)
    sample = stats.norm.ppf((np.arange(n) + 0.5) / n)
    found = tail(sample, sample.mean() - tolerance_factor(n, 0.999) * sample.std(ddof=1), 1)
    assert (found.method, found.bound) == ("normal", pytest.approx(GOAL, rel=1e-3))


KNOWN = {"normal": stats.norm(), "exponential": stats.expon(), "bounded": stats.beta(2, 5), "heavy": stats.laplace()}


@pytest.mark.parametrize("name", KNOWN)
def test_bounds_cover_the_truth(name: str) -> None:
    """Of 100 seeded samples of 300 from a known distribution, at least 95 have a bound above the true rate of 0.1 %."""
    limit = KNOWN[name].isf(0.001)
    samples = (KNOWN[name].rvs(300, random_state=np.random.default_rng([seed, 300])) for seed in range(100))
    found = [tail(sample, limit, -1) for sample in samples]
    assert sum(one.bound >= 0.001 for one in found) >= 95
    assert np.median([one.bound for one in found]) < 0.02, "a bound that says nothing covers, too"


def test_both_sides_and_directions_are_one() -> None:
    """A mirrored sample has the same figures; runs at the limit pass, on either side."""
    sample = np.random.default_rng(1).normal(0.9, 0.01, 100)
    assert tail(sample, 0.87, 1).bound == pytest.approx(tail(-sample, -0.87, -1).bound)
    assert tail([0.5] * 10, 0.5, 1).failing == 0
    assert false_pass([0.5] * 10, 0.5, 1).failing == 10


@pytest.mark.parametrize("low", [1.0, 0.99])
def test_runs_that_are_alike_are_bounded_by_half_the_way(low: float) -> None:
    """Accuracies of 1, or of 1 and one other, have no shape to fit: their bound is stated, and enough runs reach the goal."""
    few, many = (tail([1.0, low] * n, 0.9, 1) for n in (30, 150))
    assert {few.method, many.method} == {"halfway"}
    assert few.bound == pytest.approx(count_bound(60, 0) ** 2)
    assert few.short
    assert not many.short
    assert tail([0.8] * 100, 0.9, 1).bound == 1


def test_what_is_no_number_fails() -> None:
    """A run that diverged counts as failing, whatever the direction."""
    assert [tail([0.9, 0.91, float("nan")], 0.5 + sign, sign).failing for sign in (-1, 1)] == [3, 3]
    assert tail([0.9] * 99 + [float("nan")], 0.5, 1).failing == 1
    assert tail([0.9] * 99 + [float("inf")], 1.5, -1).failing == 1


def test_of_two_trainings_both_must_fall_short_and_one_is_enough() -> None:
    """A right way fails with the square of one training's rate, a wrong answer passes with about twice of it."""
    sample = np.random.default_rng(0).normal(size=100)
    for direction in (tail, false_pass):
        once = direction(sample, -2.5 if direction is tail else 2.5, 1)
        twice = direction(sample, -2.5 if direction is tail else 2.5, 1, trainings=2)
        assert 0 < once.rate < once.bound < once.by_count < 0.1
        for name in ("rate", "bound", "by_count"):
            p = getattr(once, name)
            assert getattr(twice, name) == pytest.approx(p**2 if direction is tail else 2 * p - p**2)
        assert (twice.runs, twice.failing, twice.method) == (once.runs, once.failing, once.method)


@pytest.mark.parametrize("n", [6, 7, 8, 10, 15, 20, 40])
def test_few_runs_far_away_are_bounded_too(n: int) -> None:
    """Whatever the distance to the limit: a bound, which a farther limit never raises."""
    values = stats.norm.ppf((np.arange(n) + 0.5) / n)
    bounds = [tail(values, limit, 1).bound for limit in (40.0, 8.0, 3.0, 0.0, -3.0, -8.0, -40.0, -1e6)]
    assert all(0 <= bound <= 1 for bound in bounds)
    assert bounds == sorted(bounds, reverse=True)
