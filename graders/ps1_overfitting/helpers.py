"""What several checks of ps1_overfitting share: images, made-up tables, p-values, and readers of answers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from goodfit import check

PLAIN = {"Dense", "InputLayer", "Activation", "ReLU", "Softmax", "Flatten", "Rescaling"}
FEW = 75  # rows of a training that only shows what the seed does


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
    """Train a network and return it; fails where it has no softmax over 10 classes."""
    network = student.model_from(function, x, y, seed)
    told = np.asarray(network.predict(rows[:50]))
    hint = 'A last layer of 10 units with activation="softmax": 10 probabilities for each row, that add up to 1.'
    check.that(told.shape == (len(told), 10), f"What `{function}` returns does not end in 10 classes.", hint)
    softmax = bool((told >= 0).all()) and np.allclose(told.sum(axis=1), 1, atol=1e-3)
    check.that(softmax, f"What `{function}` returns does not end in a softmax.", hint)
    return network


def rows_and_seed_decide(
    student: Any, function: str, x: np.ndarray, y: np.ndarray, rows: np.ndarray, seed: int
) -> None:
    """Fail unless the rows and the seed that a function is given decide which network it returns.

    Seen from four trainings on few rows, of which two are alike, one has another seed, and one other rows.
    """
    head, tail = (x[:FEW], y[:FEW]), (x[-FEW:], y[-FEW:])
    few = (
        student.model_from(function, *some, seed + more)
        for some, more in ((head, 0), (head, 0), (head, 1000), (tail, 0))
    )
    first, again, other, elsewhere = (np.asarray(model.predict(rows[:50])) for model in few)
    hint = "Call keras.utils.set_random_seed(seed), with the argument, before the network is built."
    same = np.allclose(first, other, atol=1e-6)
    check.that(not same, f"Two different seeds gave the same network: `{function}` does not use its `seed`.", hint)
    # not exactly equal: where threads share the work, sums may be rounded otherwise
    strays = abs(first - again).mean() > 0.3 * abs(first - other).mean()
    check.that(not strays, f"The same seed gave two networks: `{function}` cannot be repeated.", hint)
    hint = "Build and train anew at each call; keep no network from one call to the next."
    kept = np.allclose(elsewhere, first, atol=1e-6)
    check.that(not kept, f"Called with other rows, `{function}` returned the same network as before.", hint)


def hidden_units(layers: Any) -> list[int] | None:
    """Units of the dense layers but for the one that answers; None where other layers may be hidden ones, too."""
    if not layers or {layer["class_name"] for layer in layers} - PLAIN:
        return None
    units = [layer["config"].get("units") for layer in layers if layer["class_name"] == "Dense"]
    at = max((i for i, one in enumerate(units) if one == 10), default=-1)  # of a class, layers may come in any order
    return units[:at] + units[at + 1 :] if at >= 0 else units


def held_back(model: Any) -> list[str]:
    """What holds a network back, by name: dropout or noise, penalties, bounds, and what it was compiled with."""
    layers = model.layers
    noisy = [layer["class_name"] for layer in layers if any(w in layer["class_name"] for w in ("Dropout", "Noise"))]
    regularizers = ((k, value) for layer in layers for k, value in layer["config"].items() if "regularizer" in k)
    bounds = [k for layer in layers for k, value in layer["config"].items() if k.endswith("_constraint") and value]
    return noisy + [key for key, value in regularizers if _weighs(value)] + bounds + model.compiled_restraints


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
