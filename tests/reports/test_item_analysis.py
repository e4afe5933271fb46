"""The numbers of a report, against values worked out by hand and against other people's programs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from goodfit.reports import item_analysis as numbers


@pytest.mark.parametrize(("successes", "n"), [(0, 5), (1, 5), (5, 5), (7, 10), (81, 263), (999, 1000)])
def test_wilson_is_that_of_statsmodels(successes: int, n: int) -> None:
    assert numbers.wilson(successes / n, n) == pytest.approx(
        proportion_confint(successes, n, method="wilson"), abs=1e-12
    )


def test_wilson_is_the_published_one() -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81/263, 15/148, 0/20 and 1/29."""
    published = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (successes, n), interval in published.items():
        assert numbers.wilson(successes / n, n) == pytest.approx(interval, abs=5e-5)


def test_nobody_has_no_interval() -> None:
    assert numbers.wilson(0.0, 0) is None


def test_correlations_are_those_of_numpy() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(40, 3)), rng.normal(size=(40, 3))
    y[:, 1] += x[:, 1]
    expected = [np.corrcoef(x[:, i], y[:, i])[0, 1] for i in range(3)]
    assert numbers.correlations(x, y)[0] == pytest.approx(expected)


def test_a_resample_is_the_rows_that_it_drew() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(12, 1)), rng.normal(size=(12, 1))
    drawn = rng.integers(12, size=12)
    weights = np.bincount(drawn, minlength=12)[None, :].astype(float)
    expected = np.corrcoef(x[drawn, 0], y[drawn, 0])[0, 1]
    assert numbers.correlations(x, y, weights)[0, 0] == pytest.approx(expected)
    exercises = rng.normal(size=(12, 4))
    assert numbers.alphas(exercises, weights)[0] == pytest.approx(numbers.alphas(exercises[drawn])[0])


def test_a_constant_item_has_no_correlation() -> None:
    """Not 0: that would say that it does not go with the rest."""
    marks = np.array([[1.0, 0, 1], [1, 1, 1], [1, 1, 0], [1, 0, 0]])
    r = numbers.correlations(marks, numbers.rest(marks, marks.sum(axis=1)))[0]
    assert np.isnan(r).tolist() == [True, False, False]
    assert numbers.efficiency(marks[:, 0], marks[:, 1]) is None
    assert numbers.efficiency(marks[:, 1], marks[:, 0]) is None


def test_the_item_is_not_in_its_own_rest() -> None:
    """Two items that have nothing to do with each other: with the total their correlation would be 0.7."""
    marks = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    r = numbers.correlations(marks, numbers.rest(marks, marks.sum(axis=1)))[0]
    assert r == pytest.approx([0, 0])


def test_efficiency_by_hand() -> None:
    """Item 0 1 1, rest 2 1 4: the covariance is 1/6, and of the sorted lists 2/3."""
    assert numbers.efficiency(np.array([0.0, 1, 1]), np.array([2.0, 1, 4])) == pytest.approx(25)


def test_efficiency_does_not_punish_an_easy_item() -> None:
    """One of fifty fails, and it is the worst: r is low, the efficiency is all that can be had."""
    rest = np.arange(50.0)
    item = (rest > 0).astype(float)
    assert numbers.efficiency(item, rest) == pytest.approx(100)
    assert numbers.correlations(item[:, None], rest[:, None])[0, 0] < 0.3
    assert numbers.efficiency(item[::-1].copy(), rest) == pytest.approx(-100)


def test_quintiles_by_hand() -> None:
    item, totals = np.array([0.0, 1, 0, 1, 1, 1, 0, 1, 1, 1]), np.arange(10.0)
    assert numbers.quintiles(item, totals) == [0.5, 0.5, 1, 0.5, 1]
    assert numbers.quintiles(item[:4], totals[:4]) is None


def test_the_order_of_equal_students_does_not_matter() -> None:
    item, totals = np.array([1.0, 0, 0, 0, 1, 1]), np.array([5.0, 5, 5, 5, 9, 9])
    shuffled = np.random.default_rng(3).permutation(6)
    assert numbers.quintiles(item, totals) == numbers.quintiles(item[shuffled], totals[shuffled])
    assert numbers.quintiles(item, totals) == pytest.approx([0.25, 0.25, 0.25, 1, 1])


def test_alpha_by_hand() -> None:
    """Variances (n) 2/3 and 2/3, of the totals 2: 2 · (1 - (4/3)/2) = 2/3. The same item twice: 1."""
    assert numbers.alphas(np.array([[1.0, 1], [2, 3], [3, 2]]))[0] == pytest.approx(2 * (1 - (4 / 3) / 2))
    twice = np.array([[1.0, 1], [2, 2], [5, 5]])
    assert numbers.alphas(twice)[0] == pytest.approx(1)


def test_alpha_of_two_halves_is_spearman_browns() -> None:
    """For two exercises of equal variance, alpha is 2r / (1 + r)."""
    x = np.random.default_rng(4).normal(size=200)
    y = 0.6 * x + np.random.default_rng(5).normal(size=200)
    both = stats.zscore(np.column_stack([x, y]))
    r = np.corrcoef(both.T)[0, 1]
    assert numbers.alphas(both)[0] == pytest.approx(2 * r / (1 + r))


def test_alpha_does_not_exist_for_one_exercise_or_equal_totals() -> None:
    assert np.isnan(numbers.alphas(np.array([[1.0], [2], [3]]))[0])
    assert np.isnan(numbers.alphas(np.array([[1.0, 2], [2, 1]]))[0])


def test_the_bootstrap_is_seeded_and_near_fishers_interval() -> None:
    """Normal data, n = 200: within a few hundredths of the interval by Fisher's z, and the same each time."""
    rng = np.random.default_rng(6)
    x = rng.normal(size=(200, 1))
    y = x + rng.normal(size=(200, 1))
    low, high = numbers.intervals(numbers.correlations(x, y, numbers.resamples(200)), 200)[0] or (0, 0)
    expected = stats.pearsonr(x[:, 0], y[:, 0]).confidence_interval()
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=0.03)
    assert np.array_equal(numbers.resamples(9), numbers.resamples(9))


def test_a_number_that_hardly_ever_exists_has_no_interval() -> None:
    """One of six fails: a third of the resamples do not have that student."""
    item, rest = np.array([[0.0], [1], [1], [1], [1], [1]]), np.arange(6.0)[:, None]
    assert numbers.intervals(numbers.correlations(item, rest, numbers.resamples(6)), 6) == [None]
    assert numbers.intervals(np.ones((1000, 1)), 4) == [None]


def test_histogram_counts_everybody_once() -> None:
    assert numbers.histogram([0, 1.9, 2, 9.99, 10], 10, 5) == [2, 1, 0, 0, 2]
    assert numbers.histogram([0, 0], 0, 5) == [2, 0, 0, 0, 0]
