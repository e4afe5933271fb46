"""What several checks of ps6_feature_engineering share: clock faces, circular differences, and lent models."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodfit import check

RADIUS = 0.46  # of the dial, as a share of the image size
HANDS = {"hour": (720, (0.08, 0.30, 0.80)), "minute": (60, (0.95, 0.45, 0.05))}  # minutes for one turn, colour


def face(time: float, size: int, lengths: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Draw a clock as the notebook does; lengths and widths of hour and minute hand are shares of the radius."""
    radius, image = RADIUS * size, np.ones((size, size, 3))
    down, right = np.mgrid[:size, :size] - (size - 1) / 2
    r, spot = np.hypot(right, down), right - 1j * down
    layers = [(radius - r + 0.5, (0.97,) * 3)]
    for mark in range(12):
        inner, thick = (0.80, 0.05) if mark % 3 == 0 else (0.85, 0.025)
        layers.append((_stroke(spot, mark / 12, inner * radius, 0.94 * radius, thick * radius + 0.4), (0.5,) * 3))
    layers.append((0.02 * radius + 0.7 - abs(r - 0.98 * radius), (0.25,) * 3))
    for (turn, colour), length, width in zip(HANDS.values(), lengths * radius, widths * radius, strict=True):
        layers.append((_stroke(spot, time / turn, 0, length, width), colour))
    layers.append((0.07 * radius - r + 0.5, (0.3,) * 3))
    for cover, colour in layers:
        share = np.clip(cover, 0, 1)[..., None]
        image += share * (np.array(colour) - image)
    return image


def _stroke(spot: np.ndarray, turn: float, start: float, end: float, width: float) -> np.ndarray:
    """How much of each pixel a round-ended stroke covers; ``spot`` holds x + iy of each pixel."""
    turned = spot * np.exp(2j * np.pi * turn)  # clockwise from 12 o'clock becomes the imaginary axis
    nearest = np.clip(turned.imag, start + width / 2, end - width / 2)
    return width / 2 + 0.5 - np.hypot(turned.real, turned.imag - nearest)


def clocks(times: Any, size: int, seed: int, noise: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw a clock for each time, with hands of random lengths and widths within the bounds that the exercise names.

    Returns:
        images (n, size, size, 3); true tip distances in pixels (n, 2); true angles in degrees (n, 2).
    """
    rng, times = np.random.default_rng(seed), np.asarray(times, dtype=float)
    lengths = rng.uniform((0.42, 0.72), (0.55, 0.85), size=(len(times), 2))
    widths = rng.uniform((0.14, 0.045), (0.18, 0.065), size=(len(times), 2))
    images = np.array([face(t, size, a, b) for t, a, b in zip(times, lengths, widths, strict=True)])
    if noise:
        images = np.clip(images + rng.normal(0, noise, size=images.shape), 0, 1)
    angles = np.column_stack([times / 720, times / 60]) * 360 % 360
    return images, lengths * RADIUS * size, angles


def apart(a: Any, b: Any, turn: float) -> np.ndarray:
    """The shorter way round between two places on a circle that has ``turn`` units."""
    return np.abs((np.asarray(a) - np.asarray(b) + turn / 2) % turn - turn / 2)


def bounded(value: Any, what: str, shape: tuple[int | None, ...], hint: str | None = None) -> np.ndarray:
    """Return an array of floats that are finite and not absurdly large (a circle loses its meaning there)."""
    values = check.array(value, what, shape=shape, dtype="number", hint=hint).astype(float)
    check.that(bool((np.abs(values) < 1e9).all()), f"{what} holds numbers that are far too large.", hint)
    return values


def nearest_row():  # no annotation: it would have to be imported where the source is run
    """A model that answers with the answer of the nearest training row, the first of equals."""
    import numpy as np

    class NearestRow:
        def fit(self, x, y):
            self.x_, self.y_ = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
            return self

        def predict(self, x):
            distance = ((np.asarray(x, dtype=float)[:, None] - self.x_[None]) ** 2).sum(axis=2)
            return self.y_[distance.argmin(axis=1)]

    return NearestRow()


def adds_up_its_rows():  # no annotation: it would have to be imported where the source is run
    """A model that remembers: it answers every row with the number of rows that it was fitted on in its life."""
    import numpy as np

    class AddsUpItsRows:
        def fit(self, x, y):
            self.rows_ = getattr(self, "rows_", 0) + len(x)
            return self

        def predict(self, x):
            return np.full(len(x), float(self.rows_))

    return AddsUpItsRows()


def constant_answer():  # no annotation: it would have to be imported where the source is run
    """A model that answers every row with 250."""
    import numpy as np

    class ConstantAnswer:
        def fit(self, x, y):
            return self

        def predict(self, x):
            return np.full(len(x), 250.0)

    return ConstantAnswer()


def distance_between(predicted, actual):  # no annotation: it would have to be imported where the source is run
    """The error as a plain distance."""
    import numpy as np

    return np.abs(np.asarray(predicted) - np.asarray(actual))


def distance_on_a_dial_of_300(predicted, actual):  # no annotation: it would have to be imported where the source is run
    """The error on a dial that has 300 units."""
    import numpy as np

    way = np.mod(np.asarray(predicted) - np.asarray(actual), 300)
    return np.minimum(way, 300 - way)


def three_times_too_high(predicted, actual):  # no annotation: it would have to be imported where the source is run
    """An error that punishes answers that are too high three times as much."""
    import numpy as np

    over = np.asarray(predicted) - np.asarray(actual)
    return np.where(over > 0, 3 * over, -over)
