"""The tables of a set's ``thresholds.toml``: what must be reached or not exceeded, and what was measured for it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from goodfit.notebooks.source import AssignmentError, meant, read_text, shown

Direction = Literal["at least", "at most"]
BY_HAND = ("direction", "value", "against", "trainings")  # what people write; `goodfit calibrate` adds the rest


class ThresholdRecord(BaseModel):
    """One table of ``thresholds.toml``. The fields behind ``trainings`` are None until the threshold is calibrated.

    Attributes:
        direction: on which side of the value a measurement passes.
        value: the limit, as it was typed: 1 and 1.0 are different numbers to those who look for it in a text.
        against: names of the wrong answers that it must stop.
        trainings: how many trainings must fall short for the check to fail: 2 where it trains once more, with another
            seed, and the better one counts.
        right_runs: how many seeded runs of right answers were measured; their mean, standard deviation and the one
            nearest to the wrong side follow.
        wrong_runs: how many runs of the answers in ``against``; the one nearest to the right side, and its answer,
            follow.
        margin_right: distance of the right runs' mean to the value, in standard deviations; so for the nearest wrong
            answer.
        way: the right answer that is most likely to fail, and upper bounds (95 %, from the tail) of how often it fails
            and of how often a wrong answer passes.
        versions: of the libraries that were measured with.
        date: when it was settled, as ISO 8601.
    """

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)

    direction: Direction
    value: int | float
    against: list[str] = []
    trainings: int = Field(default=1, ge=1, le=3)
    right_runs: int | None = None
    right_mean: float | None = None
    right_spread: float | None = None
    right_worst: float | None = None
    wrong_runs: int | None = None
    wrong_best: float | None = None
    wrong_nearest: str | None = None
    margin_right: float | None = None
    margin_wrong: float | None = None
    way: str | None = None
    bound_right: float | None = None
    bound_wrong: float | None = None
    versions: str | None = None
    date: str | None = None

    @property
    def sign(self) -> int:
        """1 where a larger measurement is the better one, else -1."""
        return 1 if self.direction == "at least" else -1


def read_thresholds(path: Path) -> dict[str, ThresholdRecord]:
    """The tables of a ``thresholds.toml`` by name; empty where there is no such file.

    Raises:
        AssignmentError: when it is no TOML, or a table lacks what every threshold needs.
    """
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise AssignmentError(f"{shown(path)} is no TOML: {error}.") from None
    found = {}
    for name, table in tables.items():
        try:
            if fault := next(_misspelt(table), None):
                raise AssignmentError(f"{shown(path)}: [{name}] {fault}")
            found[name] = ThresholdRecord.model_validate(table)
        except ValidationError as error:
            raise AssignmentError(f"{shown(path)}: [{name}] {_sentence(error)}") from None
    return found


def _misspelt(table: Any) -> Iterator[str]:
    """Unknown keys stay without meaning; one that is nearly a key that people write was meant to be it."""
    for key in table if isinstance(table, dict) else ():
        if key not in ThresholdRecord.model_fields and get_close_matches(key, BY_HAND, cutoff=0.7):
            yield f"has the key {key}, which means nothing{meant(key, BY_HAND)}"


def _sentence(error: ValidationError) -> str:
    """The first fault of a table."""
    fault = error.errors(include_url=False)[0]
    if not fault["loc"]:
        return "is no table."
    key, given = str(fault["loc"][0]), fault["input"]
    if fault["type"] == "missing":
        return f"lacks {key}."
    if key == "direction":
        return f"has the direction {given!r}, which must be {' or '.join(map(repr, get_args(Direction)))}."
    if key == "against":
        return "needs a list of names of wrong answers for `against`."
    if fault["type"].startswith(("int", "float", "finite_number")):
        return f"has the {key} {given!r}, which is no number."
    return f"has the {key} {given!r}, which `goodfit calibrate` does not write: {fault['msg']}."
