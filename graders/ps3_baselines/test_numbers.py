"""Checks of exercises 4 to 6: baselines for numbers and series, and what luck can do."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import bdtrc, betaincinv

from goodfit import check, grades

# ---- 4 the best constant


def targets() -> list[tuple[np.ndarray, np.ndarray]]:
    """Skewed training and test numbers, with outliers, of odd and even lengths."""
    rng = np.random.default_rng(31)
    return [
        (rng.lognormal(3, 1, size=101), rng.lognormal(2, 1, size=40)),
        (np.concatenate([rng.integers(-20, 5, size=38), [900, 4000]]), rng.integers(-50, 80, size=15)),
        (rng.gamma(1.0, 5.0, size=64).astype(np.float32), rng.gamma(2.0, 5.0, size=7).astype(np.float32)),
        (np.array([8, 1, 300], dtype=np.int16), np.array([200, -200], dtype=np.int16)),
        (np.array([250, 3, 200], dtype=np.uint8), np.array([10, 255], dtype=np.uint8)),  # 10 - 200 is 66 in uint8
    ]


def constant_and_error(student: Any, train: np.ndarray, test: np.ndarray, name: str) -> tuple[float, Any]:
    """One pair of ``best_constants``: a finite constant, and what should be its error."""
    answer = check.mapping(student.call("best_constants", train, test), "best_constants(...)", keys=(name,))
    pair = check.sequence(answer[name], f"the pair {name!r}", length=2, hint="Return (constant, error).")
    return float(check.number(pair[0], f"the constant for {name!r}", low=-1e9, high=1e9)), pair[1]


@grades("regression", points=1)
def test_mean_for_squared_errors(student):
    """The constant for squared errors makes the mean squared error of the training rows smallest."""
    for train, test in targets():
        got = constant_and_error(student, train, test, "squared")[0]
        hint = "Large errors count most when they are squared: the constant is the mean, and of y_train."
        check.close(got, float(train.astype(float).sum() / len(train)), "the constant", rtol=1e-4, hint=hint)


@grades("regression", points=1)
def test_median_for_absolute_errors(student):
    """The constant for absolute errors makes the mean absolute error of the training rows smallest."""
    for train, test in targets():
        got = constant_and_error(student, train, test, "absolute")[0]
        ordered = np.sort(train.astype(float))
        low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]  # everything between is as good
        slack = 1e-4 * (1 + abs(low))
        check.that(
            low - slack <= got <= high + slack,
            f"With {len(train)} training rows, another constant than yours has a smaller mean absolute error.",
            "The median of y_train has half of the rows on either side.",
        )


@grades("regression", points=1)
def test_errors_are_measured_on_test_rows(student):
    """The errors are those of the returned constants on the test rows: squared without a root, and absolute."""
    for train, test in targets():
        for name, power in (("squared", 2), ("absolute", 1)):
            constant, error = constant_and_error(student, train, test, name)
            student.call_sparing("best_constants", train, test)
            expected = float(np.mean(np.abs(test.astype(float) - constant) ** power))
            hint = "The mean over y_test, of the squared differences (no root) or of the absolute ones."
            check.close(error, expected, f"the mean {name} error", rtol=1e-4, atol=1e-6, hint=hint)


# ---- 5 a series


def all_series(hidden: Any) -> list[np.ndarray]:
    """The hidden years, and random numbers that all differ."""
    rng = np.random.default_rng(5)
    return [hidden("sunspots")["spots"], rng.permutation(60).astype(np.int64), rng.normal(size=47)]


def forecasts(student: Any, series: np.ndarray, times: np.ndarray, horizon: int, season: int | None) -> np.ndarray:
    """Call ``naive_forecast`` and return its array."""
    named = {} if season is None else {"season": season}
    got = student.call("naive_forecast", series, times, horizon, **named)
    return check.array(got, "naive_forecast(...)", shape=times.shape, dtype="number")


def compare(student: Any, hidden: Any, cases: tuple[tuple[int, int | None, int], ...], hint: str) -> None:
    """Compare forecasts with the values ``lag`` steps back, for (horizon, season, lag)."""
    rng = np.random.default_rng(6)
    for series in all_series(hidden):
        for horizon, season, lag in cases:
            times = rng.permutation(np.arange(lag, len(series)))[:20]
            times = np.append(times, times[3])  # a time that is asked for twice is answered twice
            got = forecasts(student, series, times, horizon, season)
            wrong = int((~np.isclose(got.astype(float), series[times - lag].astype(float))).sum())
            how = f"horizon={horizon}" + ("" if season is None else f" and season={season}")
            check.that(wrong == 0, f"With {how}, {wrong} of {len(times)} forecasts are wrong.", hint)


@grades("series", points=1)
def test_persistence_answers_with_the_newest_value(student, hidden):
    """Without a season, and with a season of one step, the forecast is the newest value that is known."""
    hint = "Persistence answers with the value `horizon` steps back, at each of `times`."
    compare(student, hidden, ((1, None, 1), (4, None, 4), (3, 1, 3), (9, None, 9)), hint)


@grades("series", points=0.5)
def test_seasonal_forecast_goes_one_season_back(student, hidden):
    """With a horizon of at most a season, the forecast is the value one season back."""
    compare(student, hidden, ((1, 7, 7), (3, 12, 12), (5, 5, 5), (2, 3, 3)), "ceil(horizon / season) is 1 here.")


@grades("series", points=0.5)
def test_long_horizons_use_nothing_newer(student, hidden):
    """With a horizon longer than a season, the forecast goes back as many whole seasons as it must, and no more."""
    hint = "One season back may be newer than what is known; go back ceil(horizon / season) seasons."
    compare(student, hidden, ((5, 3, 6), (6, 3, 6), (11, 4, 12), (21, 10, 30), (3, 2, 4)), hint)


@grades("series", points=0.5)
def test_refuses_to_look_before_the_start(student):
    """ValueError is raised when a value from before the start is needed, and only then."""
    series = np.arange(50.0) ** 2
    hint = "A position below 0 counts from the end in NumPy: it would answer with the far future."
    for horizon, season in ((1, 1), (4, 1), (2, 6), (12, 12)):
        lag = max(horizon, season)
        for early in ([lag - 1], [40, 30, lag - 1, 45], [0]):
            student.raises("ValueError", "naive_forecast", series, np.array(early), horizon, season, hint=hint)
        forecasts(student, series, np.array([lag, lag + 1, 49]), horizon, season)
        student.call_sparing("naive_forecast", series, np.array([49, lag]), horizon, season)


@grades("series", points=0.5)
def test_error_as_a_multiple_of_the_naive_one(student):
    """The relative error is the forecast's mean absolute error divided by the naive forecast's."""
    rng = np.random.default_rng(8)
    for n, scale in ((3, 1.0), (50, 20.0), (8, 0.001), (1, 7.0), (30, 400.0)):
        actual, forecast, naive = rng.normal(2, scale, size=(3, n))
        if n == 30:
            actual, forecast, naive = (part.astype(np.int16) for part in (actual, forecast, naive))
        errors = [float(np.abs(actual - other).sum()) for other in (forecast, naive)]
        hint = "Two mean absolute errors against `actual`, and the naive one is the denominator."
        got = student.call_sparing("relative_error", actual, forecast, naive)
        check.close(got, errors[0] / errors[1], "relative_error(...)", hint=hint)


# ---- 6 luck


def tail(correct: int, n: int, p: float) -> float:
    """Chance of at least ``correct`` of n, exactly."""
    return 1.0 if correct == 0 else float(bdtrc(correct - 1, n, p))


@grades("bound", points=1)
def test_p_value_counts_at_least_as_many(student):
    """The p-value is the binomial chance of as many right answers, or more."""
    for correct, n, p in ((7, 10, 0.5), (1, 30, 0.02), (38, 40, 0.9), (120, 300, 0.352), (3, 3, 0.1), (60, 250, 0.26)):
        hint = "Sum the binomial chances from `correct` itself up to n: 'at least', so `correct` belongs to it."
        got = student.call("p_value", correct, n, p)
        check.close(got, tail(correct, n, p), f"the p-value of {correct} of {n} against {p}", rtol=1e-4, hint=hint)


@grades("bound", points=0.5)
def test_p_value_with_many_rows_or_none_right(student):
    """The p-value is right for thousands of rows, and 1 when nothing is right."""
    for correct, n, p in (
        (0, 12, 0.3),
        (0, 5000, 0.5),
        (5080, 10_000, 0.5),
        (7150, 20_000, 0.352),
        (2200, 2246, 0.97),
        (9000, 20_000, 0.5),
    ):
        hint = "Add logarithms, with math.lgamma, and take exp last. At least 0 right answers come always."
        got = student.call("p_value", correct, n, p)
        check.close(got, tail(correct, n, p), f"the p-value of {correct} of {n} against {p}", rtol=1e-3, hint=hint)


@grades("bound", points=1)
def test_lower_bound_is_exact_and_one_sided(student):
    """The lower bound is the one-sided exact binomial one, also when none or all are right."""
    for correct, n, confidence in (
        (9, 10, 0.95),
        (40, 100, 0.9),
        (300, 700, 0.99),
        (0, 20, 0.95),
        (1, 12, 0.9),
        (15, 15, 0.8),
        (12, 30, 0.3),  # so little confidence that the bound lies above the share of right answers
    ):
        expected = 0.0 if correct == 0 else float(betaincinv(correct, n - correct + 1, 1 - confidence))
        hint = "All of 1 - confidence lies on one side; P(correct, n, bound) equals it. No normal approximation."
        got = student.call("lower_bound", correct, n, confidence=confidence)
        check.close(got, expected, f"the lower bound for {correct} of {n}", rtol=0, atol=2e-4, hint=hint)
    got, expected = student.call("lower_bound", 130, 200), float(betaincinv(130, 71, 0.05))
    hint = "Without the argument, `confidence` is 0.95."
    check.close(got, expected, "the lower bound for 130 of 200 at 0.95", rtol=0, atol=2e-4, hint=hint)


@grades("bound", points=0.5)
def test_decides_by_the_lower_bound(student):
    """A model really beats a baseline if its lower bound does, not merely its accuracy.

    The cases are clear: one-sided or two-sided, exact or approximate bounds decide all of them alike.
    """
    for correct, n, baseline, confidence, expected in (
        (56, 100, 0.5, 0.95, False),
        (560, 1000, 0.5, 0.95, True),
        (930, 1000, 0.9, 0.95, True),
        (47, 50, 0.9, 0.95, False),
        (400, 1000, 0.42, 0.95, False),
        (540, 1000, 0.5, 0.9999, False),
        (40, 100, 0.352, 0.5, True),
        (57, 100, 0.5, None, False),  # luck is 0.097: a confidence of 0.9 would do
        (64, 100, 0.5, None, True),  # luck is 0.003
    ):
        named = {} if confidence is None else {"confidence": confidence}
        got = student.call("really_beats", correct, n, baseline, **named)
        hint = "Compare the lower bound at this confidence with the baseline, and return True or False."
        check.equal(got, expected, f"really_beats({correct}, {n}, {baseline}, {confidence})", hint=hint)
