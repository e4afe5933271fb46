"""What several checks of ps1_overfitting share: images, made-up tables, p-values, and readers of answers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from goodfit import check


def images(rows: np.ndarray) -> np.ndarray:
    """Grey values between 0 and 1, as the notebook scales them."""
    return rows.astype(np.float32) / 255


def labels_of(value: Any, what: str, n: int, classes: int, hint: str | None = None) -> np.ndarray:
    """Return n integer labels from 0 to classes - 1."""
    labels = check.array(value, what, shape=(n,), dtype="integer", hint=hint).astype(np.int64)
    inside = bool(((labels >= 0) & (labels < classes)).all())
    check.that(inside, f"{what} holds classes that do not exist.", hint)
    return labels


def chance_network(student: Any, function: str, x: np.ndarray, y: np.ndarray, rows: np.ndarray, seed: int) -> Any:
    """Train twice, with two seeds, and return the first network; fail where the seed makes no difference."""
    first, other = (student.model_from(function, x, y, seed + 1000 * again) for again in (0, 1))
    same = np.allclose(first.predict(rows[:50]), other.predict(rows[:50]), atol=1e-6)
    hint = "Call keras.utils.set_random_seed(seed), with the argument, before the network is built."
    check.that(not same, f"Two different seeds gave the same network: `{function}` does not use its `seed`.", hint)
    return first


def held_back(layers: Any) -> list[str]:
    """What holds a network back, by name: layers of dropout or noise, and penalties, as Keras tells them."""
    noisy = [layer["class_name"] for layer in layers if any(w in layer["class_name"] for w in ("Dropout", "Noise"))]
    regularizers = ((k, value) for layer in layers for k, value in layer["config"].items() if "regularizer" in k)
    return noisy + [key for key, value in regularizers if _weighs(value)]


def _weighs(regularizer: Any) -> bool:
    """Whether a regularizer, as Keras saves it, adds anything to the loss: not None, nor one of strength 0."""
    config = regularizer.get("config") if isinstance(regularizer, dict) else None
    numbers = [v for v in (config or {}).values() if isinstance(v, int | float)] if isinstance(config, dict) else []
    return bool(regularizer) and (not numbers or any(numbers))


def given_array(student: Any, name: str, n: int) -> np.ndarray:
    """Read an array of n integers that a given cell handed to the student's function."""
    return check.array(student.value(name), f"`{name}`", shape=(n,), dtype="integer")


def p_value(positive: int, total: int) -> float:
    """Exact two-sided p-value of a fair coin: twice the smaller tail, at most 1 (the distribution is symmetric).

    The binomials come from Pascal's rule C(n, j + 1) = C(n, j) (n - j) / (j + 1).
    """
    small, term, tail = min(positive, total - positive), 1, 0
    for j in range(small + 1):
        tail += term
        term = term * (total - j) // (j + 1)
    return float(min(Fraction(1), Fraction(2 * tail, 2**total)))


def grouped_table(n: int, d: int, classes: int, seed: int, step: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Rows of multiples of a step of which many are equal, and labels that depend on the row, loosely."""
    rng = np.random.default_rng(seed)
    values = 9 if d == 1 else 5 if d == 2 else 3
    whole = rng.integers(0, values, size=(n, d))
    y = np.where(rng.random(n) < 0.6, whole.sum(axis=1) % classes, rng.integers(0, classes, size=n))
    return 1 + whole * step, y


def neighbours_accuracy(x: np.ndarray, y: np.ndarray, rows: np.ndarray, labels: np.ndarray, k: int) -> float:
    """Accuracy of k-nearest-neighbour votes of (x, y) on other rows."""
    order = np.argsort(((rows[:, None] - x[None]) ** 2).sum(axis=2), axis=1)[:, :k]
    votes = (y[order][:, :, None] == np.arange(y.max() + 1)).sum(axis=1)
    return float(np.mean(votes.argmax(axis=1) == labels))


def pairs(value: Any, what: str, m: int, hint: str | None = None) -> np.ndarray:
    """Return an array (m, 2) of accuracies."""
    return check.array(value, what, shape=(m, 2), dtype="number", hint=hint).astype(float)


def words_of(value: Any, m: int) -> list[str]:
    """Return the m words of ``diagnose``, in lower case."""
    hint = 'One of "overfits", "underfits", "fits" for each row.'
    words = check.array(value, "diagnose(...)", shape=(m,), dtype="text", hint=hint)
    words = [str(word).strip().lower() for word in words]
    unknown = sorted(set(words) - {"overfits", "underfits", "fits"})
    check.that(not unknown, "diagnose(...) holds other words than the three of the exercise.", hint)
    return words
