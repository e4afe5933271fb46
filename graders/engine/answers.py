"""The answer bank: right and wrong answers that test the graders, each a small change of the reference answer."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from graders.engine.assignment import Assignment, AssignmentError, grade_id
from graders.engine.excerpt import affected

HEADER = re.compile(r"^# (why|fails): (.+)$")
CELL = re.compile(r"^# %% (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """One answer to a problem set.

    Attributes:
        name: file name without ``.py``; "reference" for the solution in the source notebook.
        kind: "right" or "wrong".
        why: what it does another way, or which mistake it makes.
        fails: names of the checks that it must fail; all others it must pass.
        cells: new source of answer cells, by grade_id; the others keep the reference answer.
    """

    name: str
    kind: str
    why: str
    fails: frozenset[str]
    cells: dict[str, str]

    @property
    def label(self) -> str:
        """Name for reports and tests: "wrong/remainder-dropped"."""
        return self.name if self.name == "reference" else f"{self.kind}/{self.name}"

    def notebook(self, assignment: Assignment) -> bytes:
        """The notebook that a student with this answer would hand in.

        Raises:
            AssignmentError: when it names a cell that the notebook does not have.
        """
        unknown = set(self.cells) - {grade_id(c) for c in assignment.source.cells}
        if unknown:
            raise AssignmentError(f"answer {self.label} of {assignment.name}: no answer cell {sorted(unknown)[0]!r}")
        notebook = copy.deepcopy(assignment.source)
        for cell in notebook.cells:
            name = grade_id(cell)
            if name in self.cells:
                cell.source = self.cells[name]
        return nbformat.writes(notebook, version=4).encode()


def reference() -> Answer:
    """The solution that is written in the source notebook."""
    return Answer("reference", "right", "the solution in the source notebook", frozenset(), {})


def bank(assignment: Assignment) -> list[Answer]:
    """The reference answer and all of ``answers/right`` and ``answers/wrong``, by name.

    Raises:
        AssignmentError: when a file is not an answer; it says which and why.
    """
    found = [reference()]
    for kind in ("right", "wrong"):
        paths = sorted((assignment.graders_dir / "answers" / kind).glob("*.py"))
        found += [parse(path.read_text(), path, kind) for path in paths]
    return found


def packs(assignment: Assignment, answers: list[Answer]) -> list[list[Answer]]:
    """The answers in as few notebooks as will do: no two of a pack touch the same exercise, so all are seen at once."""
    found: list[tuple[set[str], list[Answer]]] = []
    for answer in answers:
        touched = affected(assignment, answer.cells)
        fitting = next((pack for pack in found if not pack[0] & touched), None)
        if fitting is None:
            found.append((touched, [answer]))
        else:
            fitting[0].update(touched)
            fitting[1].append(answer)
    return [pack for _, pack in found]


def together(pack: list[Answer]) -> Answer:
    """One answer that makes all the mistakes of a pack."""
    first = pack[0]
    if len(pack) == 1:
        return first
    cells = {name: text for answer in pack for name, text in answer.cells.items()}
    fails = frozenset().union(*(answer.fails for answer in pack))
    return Answer(f"{first.name}+{len(pack) - 1}", first.kind, "; ".join(a.why for a in pack), fails, cells)


def parse(text: str, path: Path, kind: str) -> Answer:
    """Read one answer file: ``# why:`` and ``# fails:`` lines, then ``# %% grade_id`` cells."""
    head, *parts = CELL.split(text)
    fields = {m[1]: m[2] for line in head.splitlines() if (m := HEADER.match(line))}
    cells = dict(zip(parts[::2], (body.strip("\n") for body in parts[1::2]), strict=True))
    fails = frozenset(name.strip() for name in fields.get("fails", "").split(",") if name.strip())
    if "why" not in fields or not cells or bool(fails) != (kind == "wrong"):
        raise AssignmentError(
            f"{path} is no {kind} answer: it needs a `# why:` line, {'a' if kind == 'wrong' else 'no'} `# fails:` "
            "line, and at least one `# %% grade_id` cell."
        )
    return Answer(path.stem, kind, fields["why"], fails, cells)
