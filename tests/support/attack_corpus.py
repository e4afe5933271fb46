"""The attack corpus: one file an attack. What it tries is its docstring; how it is handed in, comments below that.

    # places: first, answer, last    cells in which it stands, each tried: behind the set-up, in the answers, at the end;
                                     "model": it is the answer that makes a model; "file": it changes the submission
    # begins with: messages          a prelude whose code stands before it
    # bgw: BGW-103                   weaknesses of the Bohrin list that it tries
    # limits: cell_seconds=4         limits that differ from those of the corpus
    # only: user                     it makes sense as an ordinary user only (or: root)
    # alone: yes                     no other attack in its class
    # quick: yes                     one of the sample in `make test`
    # expected: open: …              it succeeds today, with the reason
    # open in: fork                  in this sandbox alone; it is held in the other

An attack prints a line that begins with ``REACHED`` when it got what it must not get. One that is handed in as "file"
defines ``hand_in(folder, notebook)``, which the runner calls before the notebook is written.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ATTACKS = Path(__file__).resolve().parents[1] / "attacks"
CORPUS = ATTACKS / "corpus"
PRELUDES = ATTACKS / "preludes"
CELLS = ("first", "answer", "last")
PLACES = (*CELLS, "model", "file")
KEYS = {"places", "begins with", "bgw", "limits", "only", "alone", "quick", "expected", "open in"}
LINE = re.compile(r"# ([a-z ]+): (.+)")
FAMILIES = {
    "forging": "points that were not earned",
    "reading": "what is hidden",
    "reaching": "others: neighbours, the next student, the network, the host",
    "exhausting": "time, memory, disk, processes of the machine",
    "escaping": "the sandbox itself",
    "display": "the pages and terminals of those who look",
    "afterwards": "what the host does with what was handed in",
}


class BadAttack(ValueError):
    """A file of the corpus that is no attack; the message says why."""


@dataclass(frozen=True)
class Attack:
    """One file of the corpus.

    Attributes:
        name: family and file name, as ``forging/early_exit``.
        tries: what it tries, from its docstring, on one line.
        code: the file's text, behind its prelude.
        places: where it stands; each is tried.
        bgw: numbers of the weaknesses that it tries.
        limits: fields of Limits that differ.
        only: "root", "user" or empty.
        alone: whether it is graded with no other attack beside it.
        quick: whether it belongs to the sample.
        open: why it succeeds today; empty where it is held.
        open_in: the only sandbox in which it does; empty: in each.
    """

    name: str
    tries: str
    code: str
    places: tuple[str, ...] = CELLS
    bgw: tuple[str, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    only: str = ""
    alone: bool = False
    quick: bool = False
    open: str = ""
    open_in: str = ""

    @property
    def family(self) -> str:
        return self.name.split("/")[0]


def parse(path: Path) -> Attack:
    """Read one file.

    Raises:
        BadAttack: with what is wrong in it.
    """
    name, text = f"{path.parent.name}/{path.stem}", path.read_text(encoding="utf-8")
    try:
        tries = ast.get_docstring(ast.parse(text))
    except SyntaxError as error:
        raise BadAttack(f"{name}: {error}") from None
    if not tries:
        raise BadAttack(f"{name}: a docstring must say what it tries")
    found = dict(_settings(text, name))
    places = tuple(found.get("places", ", ".join(CELLS)).split(", "))
    expected = found.get("expected", "held")
    if unknown := set(places) - set(PLACES):
        raise BadAttack(f"{name}: there is no place {', '.join(sorted(unknown))}")
    if expected != "held" and not expected.startswith("open: "):
        raise BadAttack(f"{name}: expected is `held` or `open: reason`, not {expected}")
    prelude = found.get("begins with", "models" if places == ("model",) else "")
    code = (PRELUDES / f"{prelude}.py").read_text(encoding="utf-8") + text if prelude else text
    pairs = [pair.split("=") for pair in found.get("limits", "").split(", ") if pair]
    return Attack(
        name=name,
        tries=" ".join(tries.split()),
        code=code,
        places=places,
        bgw=tuple(found["bgw"].split(", ")) if "bgw" in found else (),
        limits={key: float(value) for key, value in pairs},
        only=found.get("only", ""),
        alone="alone" in found or expected != "held" or bool(pairs),
        quick="quick" in found,
        open=expected.removeprefix("open: ") if expected != "held" else "",
        open_in=found.get("open in", ""),
    )


def _settings(text: str, name: str) -> list[tuple[str, str]]:
    """The comments directly below the docstring."""
    lines = text.splitlines()[ast.parse(text).body[0].end_lineno :]
    found = []
    for line in lines:
        if not line.startswith("#"):
            break
        match = LINE.fullmatch(line)
        if match is None or match[1] not in KEYS:
            raise BadAttack(f"{name}: this is no setting: {line}")
        found.append((match[1], match[2]))
    return found


@functools.cache
def corpus() -> dict[str, Attack]:
    """Every attack by its name, family by family."""
    order = list(FAMILIES)
    found = [parse(path) for path in sorted(CORPUS.glob("*/*.py"))]
    if strange := {attack.family for attack in found} - set(order):
        raise BadAttack(f"there is no family {', '.join(sorted(strange))}")
    return {attack.name: attack for attack in sorted(found, key=lambda a: (order.index(a.family), a.name))}
