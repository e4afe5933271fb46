"""What several checks of ps4_learning_rate share: made-up tasks and curves, and readers of answers."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodfit import check


def images(rows: np.ndarray) -> np.ndarray:
    """Grey values between 0 and 1, as the notebook scales them."""
    return rows.astype(np.float32) / 255


# ---- 1 one step


def regression(n: int, d: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """A made-up batch for linear regression: x (n, d), y (n,), weights (d,) and a bias."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) + 0.3, 2 * rng.normal(size=n) + 1, rng.normal(size=d), float(rng.normal())


def mse_slopes(x: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """Slopes of the mean squared error for all weights and, last, the bias, shape (d + 1,).

    By central differences, which are exact (but for rounding) for a function of the second degree.
    """
    theta, h = np.append(w, b).astype(float), 1e-2

    def loss(t: np.ndarray) -> float:
        return float(np.mean((x @ t[:-1] + t[-1] - y) ** 2))

    return np.array([(loss(theta + h * e) - loss(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])


def move(
    student: Any, x: np.ndarray, y: np.ndarray, w: np.ndarray, b: float, rate: float, keeping: bool = False
) -> np.ndarray:
    """Call ``gradient_step`` and return by how much weights and bias have moved, shape (d + 1,)."""
    hint = "Return (new_w, new_b): the weights with the shape they came in, and one number."
    call = student.call_sparing if keeping else student.call
    answer = check.sequence(call("gradient_step", x, y, w, b, rate), "gradient_step(...)", length=2, hint=hint)
    new_w = check.array(answer[0], "the new weights", shape=w.shape, dtype="number", hint=hint)
    bias = answer[1]
    if isinstance(bias, np.ndarray) and bias.shape == (1,):
        bias = bias.reshape(())
    new_b = check.number(bias, "the new bias", hint=hint)
    return np.append(new_w.astype(float) - w, float(new_b) - b)


# ---- 2 a quadratic valley


def valley(curvatures: Any, seed: int) -> np.ndarray:
    """A symmetric matrix with these eigenvalues, turned at random: how steep the valley is in hidden directions."""
    curvatures = np.asarray(curvatures, dtype=float)
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(curvatures), len(curvatures))))
    matrix = turn @ np.diag(curvatures) @ turn.T
    return (matrix + matrix.T) / 2


def path(
    student: Any, hessian: np.ndarray, start: np.ndarray, rate: float, steps: int, keeping: bool = False
) -> np.ndarray:
    """Call ``descent_path`` and return its points, shape (any, d)."""
    hint = "One row for each point of the path, one column for each weight."
    call = student.call_sparing if keeping else student.call
    points = call("descent_path", hessian, start, rate, steps)
    return check.array(points, "descent_path(...)", shape=(None, len(start)), dtype="number", hint=hint).astype(float)


# ---- 3 recorded curves


def falling(start: float, epochs: int, end: float, noise: float, seed: int) -> np.ndarray:
    """Losses that fall quickly to `end` (share of the start), with multiplicative noise."""
    rng = np.random.default_rng(seed)
    curve = end + (1 - end) * np.exp(-np.arange(1, epochs + 1) / (epochs / 8))
    return start * curve * np.exp(noise * rng.normal(size=epochs))


def crawling(start: float, epochs: int, end: float, noise: float, seed: int) -> np.ndarray:
    """Losses that move in a straight line from the start to `end` (share of the start), with a little noise."""
    rng = np.random.default_rng(seed)
    return start * (np.linspace(1, end, epochs + 1)[1:] + noise * rng.uniform(-1, 1, size=epochs))


def bouncing(start: float, epochs: int, low: float, high: float, seed: int) -> np.ndarray:
    """Losses that jump back and forth between about `low` and `high` (shares of the start)."""
    rng = np.random.default_rng(seed)
    sides = np.where(np.arange(epochs) % 2 == seed % 2, low, high)
    return start * (sides + 0.04 * rng.uniform(-1, 1, size=epochs))


def verdicts(
    student: Any,
    curves: list[tuple[float, Any]],
    label: str,
    what: str,
    hint: str,
    unlike: tuple[float, Any],
    keeping: bool = False,
) -> None:
    """Fail unless ``diagnose`` gives the label to all curves (start, losses), and another one to ``unlike``.

    Without the latter a function that always says the same would pass.
    """
    call = student.call_sparing if keeping else student.call
    for start, losses in [*curves, unlike]:
        got = call("diagnose", start, losses)
        if isinstance(got, np.ndarray) and got.ndim == 0:
            got = got.item()
        one_of = got in ("too large", "too small", "suitable") if isinstance(got, str) else False
        check.that(one_of, "diagnose(...) should return one of the three labels as a text.", hint)
        if losses is unlike[1]:
            check.that(got != label, f"A curve of quite another kind is called {got!r} as well.", hint)
        else:
            check.that(got == label, f"A curve {what} is called {got!r}.", hint)


# ---- 4 a sweep


def results(
    student: Any, *args: Any, rates: list[float], keeping: bool = False, **kwargs: Any
) -> list[tuple[list[Any], Any]]:
    """Call ``sweep`` and return (losses, accuracy) for each rate."""
    call = student.call_sparing if keeping else student.call
    return entries(call("sweep", *args, rates, **kwargs), rates, "sweep(...)")


def entries(answer: Any, rates: list[float], what: str) -> list[tuple[list[Any], Any]]:
    """Read (losses, accuracy) for each rate from what ``sweep`` returned."""
    hint = "A dictionary: each rate is a key, its value a dictionary with 'losses' and 'accuracy'."
    found = check.mapping(answer, what, keys=rates, hint=hint)
    pairs = []
    for rate in rates:
        entry = check.mapping(found[rate], f"the result for the rate {rate}", keys=("losses", "accuracy"), hint=hint)
        losses = check.sequence(entry["losses"], f"the losses of the rate {rate}", hint=hint)
        check.that(bool(losses), f"The losses of the rate {rate} are empty.", hint)
        pairs.append((losses, entry["accuracy"]))  # read by `share` where it is judged: a wrong one costs that alone
    return pairs


def share(accuracy: Any, what: str) -> float:
    """An accuracy as ``sweep`` gives it, a share from 0 to 1."""
    hint = "A share of the rows, from 0 to 1, not a percentage."
    return float(check.number(accuracy, what, low=0, high=1, hint=hint))


def first_loss(losses: list[Any], what: str) -> float:
    """A curve's first loss, of a network that is hardly trained yet.

    The untrained network of the notebook has a loss of 2.2 to 2.7 by its seed (ln 10 is 2.3). What lies far outside
    is no loss of it, and made-up curves earn nothing.
    """
    loss = float(check.number(losses[0], what, hint="The losses are those that `fit` records."))
    check.that(1 < loss < 5, f"{what} is {loss:.3g}: that is not this network's.", "new_network(seed), as it is given.")
    return loss


# ---- 5 batches


def scattered(n: int, d: int, seed: int, centre: float) -> np.ndarray:
    """Made-up gradients of n rows, shape (n, d), whose mean is exactly about `centre` in each column."""
    gradients = np.random.default_rng(seed).standard_t(5, size=(n, d)) * np.linspace(0.5, 2, d)
    return gradients - gradients.mean(axis=0) + centre


def noise(student: Any, gradients: np.ndarray, batch_size: int, draws: int, seed: int, keeping: bool = False) -> float:
    """Call ``gradient_noise`` and return its number."""
    call = student.call_sparing if keeping else student.call
    answer = call("gradient_noise", gradients, batch_size, draws, seed)
    return float(check.number(answer, "gradient_noise(...)", low=0, hint="Return one number, the noise."))
