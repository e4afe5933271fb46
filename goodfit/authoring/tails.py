"""How often runs of an answer would fall on the wrong side of a threshold: estimates, and bounds at 95 % confidence.

Two bounds stand side by side. The one by *count* assumes nothing and cannot fall below 3/n. The one by the *tail*
assumes something of the runs' distribution, and reaches further than their number:

- **normal** where the Shapiro–Wilk test does not reject it at 10 %: a one-sided tolerance bound;
- **Pareto** elsewhere: the generalised Pareto distribution over a high quantile, by profile likelihood;
- **halfway** where runs are too few or too alike for both (all equal, or a handful of values at 0 or 1): the count
  of runs that come halfway to the limit, squared.

Nothing here draws random numbers: the same runs always give the same figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import optimize, stats

CONFIDENCE = 0.95
GOAL = 0.001  # a threshold whose bound by the tail is higher is short
REJECTED = 0.1  # p-value of Shapiro–Wilk under which runs are not taken for normal
SPREAD = 6  # so many different values at least, or no smooth distribution is fitted
TAIL, LEAST_TAIL = 0.1, 20  # share of the runs that is the tail, and how many there must be at least
FARTHEST = 6.0  # standard deviations: a limit farther off is taken to be here, which only raises the bound
SHAPES = np.linspace(-0.5, 0.5, 20)  # below, the likelihood is irregular (Smith 1985); above, the variance is infinite

Method = Literal["normal", "Pareto", "halfway"]


@dataclass(frozen=True)
class Tail:
    """One answer's runs and one limit.

    Attributes:
        runs: how many.
        failing: how many of them are on the wrong side.
        by_count: upper bound of the rate that assumes nothing.
        method: how ``rate`` and ``bound`` were found.
        rate: estimate of the rate.
        bound: upper bound of the rate, from the tail.
    """

    runs: int
    failing: int
    by_count: float
    method: Method
    rate: float
    bound: float

    @property
    def short(self) -> bool:
        """Whether the bound by the tail misses the goal of 0.1 %."""
        return self.bound > GOAL


def tail(values: Sequence[float], limit: float, sign: int, trainings: int = 1) -> Tail:
    """How often such runs fall on the wrong side of a limit.

    Args:
        values: measurements of one answer, one a seeded run; NaN fails.
        limit: on which a run still passes.
        sign: 1 where passing is at or above the limit, -1 where it is at or below.
        trainings: how many trainings, each with a seed of its own, must fall short for the check to fail; the values
            are of single ones. They are independent, so that rates are multiplied.
    """
    room = sign * (np.asarray(values, float) - limit)  # below 0: failing
    room[np.isnan(room)] = -np.inf
    n, failing = len(room), int((room < 0).sum())
    by_count = count_bound(n, failing)
    method, rate, bound = _halfway(room)
    if np.isfinite(room).all() and len(np.unique(room)) >= SPREAD:
        if stats.shapiro(room).pvalue >= REJECTED:
            method, rate, bound = _normal(room)
        elif (found := _pareto(room)) is not None:
            method, rate, bound = found
    return Tail(n, failing, by_count**trainings, method, rate**trainings, bound**trainings)


def false_pass(values: Sequence[float], limit: float, sign: int, trainings: int = 1) -> Tail:
    """How often such runs of a wrong answer would pass: the same, from the other side. A run at the limit passes.

    One of several trainings is enough.
    """
    once = tail(values, float(np.nextafter(limit, -sign * np.inf)), -sign)
    by_count, rate, bound = (1 - (1 - one) ** trainings for one in (once.by_count, once.rate, once.bound))
    return replace(once, by_count=by_count, rate=rate, bound=bound)


def count_bound(n: int, failing: int, confidence: float = CONFIDENCE) -> float:
    """Clopper and Pearson's upper bound of a rate, of n runs of which some failed (Biometrika 26, 1934, 404–413)."""
    return 1.0 if failing >= n else float(stats.beta.ppf(confidence, failing + 1, n - failing))


def tolerance_factor(n: int, coverage: float, confidence: float = CONFIDENCE) -> float:
    """How many sample standard deviations from the sample mean at least ``coverage`` of a normal distribution lies.

    One-sided, by the noncentral t distribution (Natrella, Experimental Statistics, NBS Handbook 91, 1963, 2-14).
    """
    return float(stats.nct.ppf(confidence, n - 1, stats.norm.ppf(coverage) * np.sqrt(n)) / np.sqrt(n))


def _normal(room: np.ndarray) -> tuple[Method, float, float]:
    """The tolerance bound turned round: the coverage whose factor just reaches the limit."""
    n = len(room)
    factor = float(room.mean() / room.std(ddof=1))
    reached = np.clip(factor, -FARTHEST, FARTHEST) * np.sqrt(n)

    def beyond(z: float) -> float:
        below = float(stats.nct.cdf(reached, n - 1, z * np.sqrt(n)))
        if np.isnan(below):  # scipy's, where next to nothing is on one side
            below = float(z * np.sqrt(n) < reached)
        return below - CONFIDENCE

    return "normal", float(stats.norm.sf(factor)), float(stats.norm.sf(optimize.brentq(beyond, -12, 12)))


def _halfway(room: np.ndarray) -> tuple[Method, float, float]:
    """The rate of coming halfway to the limit, squared.

    With S(x), the chance that a run falls short of the best one by x or more: S(2x) <= S(x)², wherever the tail is no
    heavier than an exponential one ("new better than used": Barlow and Proschan, Statistical Theory of Reliability
    and Life Testing, 1975, chapter 6). S(x) is bounded by count, so that runs that are all equal have a bound too.
    """
    n, most, failing = len(room), float(room.max()), int((room < 0).sum())
    if failing:  # then half of the way tells no more than the whole of it
        return "halfway", failing / n, count_bound(n, failing)
    there = int((room <= most / 2).sum())
    return "halfway", (there / n) ** 2, count_bound(n, there) ** 2


def _pareto(room: np.ndarray) -> tuple[Method, float, float] | None:
    """Peaks over threshold: a generalised Pareto distribution of how far the worst runs go; None where it has no say.

    The rate is p = q (1 + shape y / scale)^(-1/shape), with q the share of runs in the tail and y the way from its
    start to the limit. Its bound is where the profile likelihood of p, over q and the shape, has fallen by half of
    chi-squared's quantile (Coles, An Introduction to Statistical Modeling of Extreme Values, 2001, 4.3; Davison and
    Smith, J. R. Stat. Soc. B 52, 1990, 393–442): that of 95 %, which on one side is 97.5 %, since with 20 or 30 runs in
    the tail the usual one covers too seldom (91 % of exponential samples of 300). None for too few runs or values in
    the tail, or a limit within it.
    """
    n = len(room)
    k = max(LEAST_TAIL, int(np.ceil(TAIL * n)))
    if n < 2 * k:
        return None
    ordered = np.sort(room)
    start = (ordered[k - 1] + ordered[k]) / 2
    excess = start - ordered[:k]
    if start <= 0 or len(np.unique(excess)) < SPREAD:
        return None
    excess, away = excess / excess.mean(), start / excess.mean()
    shares = np.clip(k / n * np.linspace(0.5, 1.7, 9), None, 0.999)[:, None]
    of_share = stats.binom.logpmf(k, n, shares)

    def likelihood(log_rate: float) -> float:
        """The greatest log-likelihood that goes with this rate."""
        further = np.log(shares) - log_rate  # -log of the chance to reach the limit from the tail's start
        with np.errstate(all="ignore"):  # what cannot be counts as impossible below
            scale = SHAPES * away / np.expm1(SHAPES * further)
            logs = np.log1p(SHAPES / scale * excess[:, None, None]).sum(0)
            total = of_share - k * np.log(scale) - (1 + 1 / SHAPES) * logs
        return float(np.where((further > 0) & np.isfinite(total), total, -np.inf).max())

    rates = np.linspace(np.log(1e-12), np.log(shares[-1, 0]) - 1e-6, 40)
    profile = np.array([likelihood(rate) for rate in rates])
    best = int(profile.argmax())
    enough = profile[best] - stats.chi2.ppf(CONFIDENCE, 1) / 2
    last = int(np.flatnonzero(profile >= enough)[-1])
    highest = rates[-1]
    if last + 1 < len(rates):
        highest = optimize.brentq(
            lambda rate: max(likelihood(rate), -1e9) - enough, rates[last], rates[last + 1], xtol=0.01
        )
    return "Pareto", float(np.exp(rates[best])), float(np.exp(highest))
