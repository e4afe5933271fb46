"""Marks in everything that is hidden of a course, and the search for them in everything that comes out."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
from nbgrader.api import Gradebook

OTHER = "marlene-dumas"  # a student whose submission and grades are nobody else's business
ROWS = 6  # hidden rows that are replaced by marks
LABELS = 48  # of the hidden labels, so many in a row are no accident
SHORT = 8  # characters below which a part of a base64 text may be an accident
BLANKS = re.compile(rb"[\s'\"\\,]+")
NO_DIGITS = re.compile(rb"\D+")


@dataclass(frozen=True)
class Canary:
    """One thing that must not come out.

    Attributes:
        what: its name for people.
        texts: how it may be written; each is searched for as it is, reversed, and in base64 and hexadecimal.
        digits: a row of digits that gives it away, whatever stands between them.
    """

    what: str
    texts: tuple[bytes, ...] = ()
    digits: bytes = b""

    def forms(self) -> set[bytes]:
        """Everything that is searched for."""
        found: set[bytes] = set()
        for text in self.texts:
            found |= {text, text[::-1], text.hex().encode(), repr(text)[2:-1].encode()}
            for shift in range(3):  # where in a longer text it stood
                coded = base64.b64encode(b"\0" * shift + text)
                end = (0, 3, 2)[(shift + len(text)) % 3]
                part = coded[(0, 2, 3)[shift] : len(coded) - end]  # without what neighbours would change
                if len(part) >= SHORT:
                    found |= {part, part[::-1], part.translate(bytes.maketrans(b"+/", b"-_"))}
        return found


def secret(what: str) -> str:
    """A text that looks random and is the same each time."""
    return "cnry" + hashlib.sha256(f"goodfit canary: {what}".encode()).hexdigest()[:20]


def number(what: str, below: float) -> float:
    """A number of seven digits that looks random, the same each time, and that rounding does not touch."""
    raw = int(hashlib.sha256(f"goodfit canary: {what}".encode()).hexdigest(), 16)
    return below + (raw % 899_999 + 100_000) / 1e6 + 2e-7


def in_digits(value: float) -> tuple[bytes, ...]:
    """Its first seven digits, with the point and without."""
    text = f"{value:.7f}"[:8].encode()
    return text, text.replace(b".", b"")


def plant(course: Path, assignment: str) -> list[Canary]:
    """Put marks into a course folder before anything is graded in it; returns what to search for."""
    graders, source = course / "graders" / assignment, course / "source" / assignment / f"{assignment}.ipynb"
    canaries = [Canary("the course's folder", (str(course).encode(),))]

    checks = graders / f"test_{assignment}.py"
    checks.write_text(f'{checks.read_text()}\n\nMARK = "{secret("check")}"\n')
    canaries.append(Canary("the text of a check", (secret("check").encode(), b"check.close(student.call(")))

    thresholds = graders / "thresholds.toml"
    value = f"{number('threshold', 0):.7f}".replace("0.", "0.91")
    thresholds.write_text(thresholds.read_text().replace("0.913", value))
    canaries.append(Canary("a threshold", (value[:9].encode(), value[2:9].encode(), f"value = {value}".encode())))

    with np.load(graders / "data" / "points.npz") as file:
        x, y = file["x"], file["y"]
    for i in range(ROWS):
        x[i] = [number(f"row {i}, {j}", below=3.0 if y[i] else 0.0) for j in (0, 1)]
        texts = [form for value in x[i] for form in in_digits(float(value))]
        canaries.append(Canary("a hidden row", (*texts, x[i].tobytes(), x[i].astype(float).tobytes())))
    np.savez(graders / "data" / "points.npz", x=x, y=y)
    labels = y[:LABELS]
    canaries.append(Canary("hidden labels", (labels.tobytes(), labels.astype(np.uint8).tobytes()), bytes(labels + 48)))

    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        begin = "### BEGIN SOLUTION\n"
        before, mark, after = cell.source.partition(begin)
        if mark:
            indent = re.match(" *", after)[0]  # type: ignore[index]
            cell.source = f"{before}{mark}{indent}# {secret('solution')}\n{after}"
    source.write_text(json.dumps(notebook, indent=1))
    canaries.append(Canary("a solution", (secret("solution").encode(),)))

    other = course / "submitted" / OTHER / assignment
    other.mkdir(parents=True)
    (other / f"{assignment}.ipynb").write_text(secret("submission"))
    canaries.append(Canary("another submission", (secret("submission").encode(), OTHER.encode())))
    return canaries


def plant_in_gradebook(url: str) -> Canary:
    """A student whom only the gradebook knows."""
    with Gradebook(url) as book:
        book.add_student(OTHER, last_name=secret("gradebook"))
    return Canary("the gradebook", (secret("gradebook").encode(),))


def revealed(canaries: Iterable[Canary], *outputs: bytes) -> list[str]:
    """What of the hidden things stands in what came out, in any form."""
    digits = [NO_DIGITS.sub(b"", output) for output in outputs]
    close = [BLANKS.sub(b"", output) for output in outputs]  # without quotes, and what a list has between its letters
    found = []
    for canary in canaries:
        if any(
            form in output or BLANKS.sub(b"", form) in letters
            for form in canary.forms()
            for output, letters in zip(outputs, close, strict=True)
        ) or (canary.digits and any(row in text for text in digits for row in (canary.digits, canary.digits[::-1]))):
            found.append(canary.what)
    return list(dict.fromkeys(found))
