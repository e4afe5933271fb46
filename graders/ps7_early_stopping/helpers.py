"""What several checks of ps7_early_stopping share: made-up curves, expected results, readers of answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from goodfit import check

NAN = float("nan")


def images(rows: np.ndarray) -> np.ndarray:
    """Grey values between 0 and 1, as the notebook scales them."""
    return rows.astype(np.float32) / 255


def stop(student: Any, losses: Any, patience: int, **kwargs: float) -> tuple[int, int]:
    """Call ``early_stop`` and return its two whole numbers (last_epoch, best_epoch)."""
    answer = student.call("early_stop", losses, patience, **kwargs)
    hint = "Return (last_epoch, best_epoch)."
    last, best = numbers(answer, "early_stop(...)", 2, hint)
    return (
        int(check.number(last, "the last epoch", integer=True, hint=hint)),
        int(check.number(best, "the best epoch", integer=True, hint=hint)),
    )


DRILL = "See how the cell with `drill` plays a curve."
EARLY = [1.0, 0.5] + [0.75] * 20  # turns after epoch 2
LATE = [1.0 - epoch / 16 for epoch in range(9)] + [0.75] * 13  # as long, turns after epoch 9


def a_rule(student: Any) -> None:
    """Fail an ``early_stop`` that answers without looking at curve and patience: a special case says nothing of it.

    For checks that compare the student's function only with itself, which such an answer would pass.
    """
    soon, longer = (stop(student, EARLY, patience)[0] for patience in (3, 6))
    later, _ = stop(student, LATE, 3)
    decides = 1 < soon < min(longer, later) and max(longer, later) < len(EARLY)
    rationale = "When your function stops does not depend on curve and patience, even where a curve turned long ago."
    check.that(decides, rationale, "First the rule itself: see the check of the last epoch.")


def a_callback(student: Any) -> None:
    """Fail a ``RestoreBest`` to which an early turn is the same as a late one: a second training says nothing of it."""
    same = drill(student, 2, EARLY) == drill(student, 2, LATE)
    rationale = "A first training ends the same whether its curve turns early or late."
    check.that(not same, rationale, "First the rule itself: see the checks of the stop and of the weights.")


def drill(student: Any, patience: int, *curves: Sequence[float]) -> list[tuple[int, list[int]]]:
    """Call the notebook's ``drill``; return (last epoch, the epochs that weights are from) of each training."""
    answer = student.call("drill", patience, *[list(curve) for curve in curves])
    trainings = []
    for item in check.sequence(answer, "drill(...)", length=len(curves)):
        last, weights = numbers(item, "the result of a training", 2, DRILL)
        several = weights if isinstance(weights, list) and weights else [weights]
        epochs = [int(check.number(one, "the epoch of the weights", integer=True, hint=DRILL)) for one in several]
        trainings.append((int(check.number(last, "the last epoch", integer=True, hint=DRILL)), epochs))
    return trainings


def epoch_of(weights: list[int], best: int) -> int:
    """The epoch to be judged: the best one where some of the weights are from it, else the latest."""
    return best if best in weights else max(weights)


def numbers(answer: Any, what: str, length: int, hint: str | None = None) -> list[Any]:
    """The items of a list, a tuple or an array; those of an array become plain numbers."""
    items = check.sequence(answer, what, length=length, hint=hint)
    return [item.item() if isinstance(item, np.generic) else item for item in items]


def smooth(student: Any, values: Any, window: int) -> np.ndarray:
    """Call ``trailing_mean`` and return its numbers, of whatever length, perhaps with NaN among them."""
    answer = student.call("trailing_mean", values, window)
    return check.array(answer, "trailing_mean(...)", shape=(None,), dtype="number", finite=False).astype(float)


def bumps(n: int, seed: int) -> np.ndarray:
    """A made-up validation curve of n epochs that falls, turns and bumps; no two epochs are equal."""
    rng = np.random.default_rng(seed)
    t = np.arange(n)
    return 0.6 + 0.9 * np.exp(-t / (n / 8)) + 0.5 * t / n + rng.normal(scale=0.04, size=n)


def expected_stop(losses: Sequence[float], patience: int) -> tuple[int, int]:
    """(last_epoch, best_epoch) of the rule without min_delta, from running minima; counted from 1.

    The rule is the one of keras.callbacks.EarlyStopping (mode "min"), with patience 0 read as 1.
    """
    running = np.minimum.accumulate(np.asarray(losses, dtype=float))
    new_best = np.flatnonzero(np.r_[True, running[1:] < running[:-1]]) + 1  # epochs that improve on all before
    ends = np.r_[new_best[1:], len(losses) + 1]  # the next improvement, or beyond the end
    for best, following in zip(new_best, ends, strict=True):
        if following - best > max(patience, 1):
            return int(min(best + max(patience, 1), len(losses))), int(best)
    return len(losses), int(new_best[-1])


def record(epochs: int, rows: int, seed: int) -> np.ndarray:
    """Made-up losses of rows after each epoch, float64 of shape (epochs, rows): rows differ in when they turn."""
    rng = np.random.default_rng(seed)
    t = np.arange(epochs)[:, None]
    turn = rng.uniform(0.1, 0.9, size=rows) * epochs
    return rng.uniform(0.2, 1, size=rows) + ((t - turn) / epochs) ** 2 + rng.normal(scale=0.05, size=(epochs, rows))


def report(student: Any, losses: np.ndarray, rows: Any) -> list[Any]:
    """Call ``stop_and_report`` and return its three items."""
    answer = student.call("stop_and_report", losses, rows)
    return numbers(answer, "stop_and_report(...)", 3, "Return (epoch, reported, fresh).")
