"""What several checks of ps8_regularization share: made-up weights, readers of answers and of models' layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodfit import check


def images(rows: np.ndarray) -> np.ndarray:
    """Grey values between 0 and 1, as the notebook scales them."""
    return rows.astype(np.float32) / 255


def weights(*shapes: tuple[int, ...], seed: int, dtype: str = "float64") -> list[np.ndarray]:
    """Made-up weights of the given shapes, about a third of them exactly zero."""
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=shape) * (rng.random(shape) > 1 / 3) for shape in shapes]
    return [a.astype(dtype) for a in arrays]


def positive(*shapes: tuple[int, ...], seed: int) -> list[np.ndarray]:
    """Made-up weights that are all above zero: what is said of them does not depend on signs."""
    rng = np.random.default_rng(seed)
    return [rng.uniform(0.1, 2.0, size=shape) for shape in shapes]


def penalty(student: Any, arrays: list[np.ndarray], **factors: float) -> float:
    """Call ``weight_penalty`` and return its number."""
    return check.number(student.call("weight_penalty", arrays, **factors), "weight_penalty(...)")


def gradients(student: Any, arrays: list[np.ndarray], **factors: float) -> list[Any]:
    """Call ``penalty_gradient`` and return its list, one item for each array."""
    answer = student.call("penalty_gradient", arrays, **factors)
    hint = "Return a list with one array for each array of `weights`, biases too."
    return check.sequence(answer, "penalty_gradient(...)", length=len(arrays), hint=hint)


def turn(student: Any, losses: Any, **kwargs: int) -> tuple[float, float]:
    """Call ``turning_point`` and return its two numbers."""
    items = student.call("turning_point", losses, **kwargs)
    items = check.sequence(items, "turning_point(...)", length=2, hint="Return (epoch, rise).")
    return check.number(items[0], "the epoch"), check.number(items[1], "the rise")


def regularizers(layers: Any, key: str) -> list[tuple[float, float]]:
    """The factors (l1, l2) of each regularizer that layers have under a key; NaN for those of another kind."""
    found = []
    for layer in layers:
        node = layer["config"].get(key)
        if node is not None:
            found.append(factors(node))
    return [pair for pair in found if pair != (0.0, 0.0)]


def factors(node: Any) -> tuple[float, float]:
    """Read (l1, l2) of a regularizer's configuration as Keras saves it; it comes from a student's file."""
    config = node.get("config") if isinstance(node, dict) else None
    if not isinstance(config, dict) or not set(config) <= {"l1", "l2"}:
        return (float("nan"), float("nan"))
    values = [config.get("l1", 0.0), config.get("l2", 0.0)]
    l1, l2 = (float(v) if isinstance(v, int | float) else float("nan") for v in values)
    return l1, l2


def held_back(layers: Any) -> list[str]:
    """The kinds of layers that add noise or drop something, whatever Keras calls them, and of penalties, by name."""
    noisy = [layer["class_name"] for layer in layers if any(w in layer["class_name"] for w in ("Dropout", "Noise"))]
    keys = ("kernel_regularizer", "bias_regularizer", "activity_regularizer")
    return noisy + [key for key in keys if regularizers(layers, key)]


def dropouts(layers: Any) -> tuple[list[bool], list[float]]:
    """Whether dropout follows each dense layer before the next one, in order, and the rates of all dropout layers."""
    places: list[bool] = []
    rates: list[float] = []
    for layer in layers:
        if layer["class_name"] == "Dense":
            places.append(False)
        elif layer["class_name"] == "Dropout":
            rate = layer["config"].get("rate")
            rates.append(float(rate) if isinstance(rate, int | float) else float("nan"))
            places[-1:] = [True] * len(places[-1:])
    return places, rates


def units(layers: Any) -> list[int]:
    """Units of each dense layer in order, 0 where a student's file has no such number."""
    found = [layer["config"].get("units") for layer in layers if layer["class_name"] == "Dense"]
    return [n if isinstance(n, int) else 0 for n in found]
