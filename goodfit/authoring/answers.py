"""The answer bank: right and wrong answers that test the graders, each a small change of the reference answer."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from goodfit.notebooks.assignment import Assignment, AssignmentError, grade_id
from goodfit.notebooks.slice import affected
from goodfit.notebooks.source import meant, read_text, shown

HEADER = re.compile(r"^# (why|fails): (.+)$")
CELL = re.compile(r"^# %% (\S+)$", re.MULTILINE)
NEARLY = re.compile(r"^#\s*%%.*$", re.MULTILINE)  # where it is not a CELL, the text below would go to the cell above


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
        """The notebook that a student with this answer would hand in."""
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
        AssignmentError: when files are no answers; a line says of each which and why.
    """
    cells = assignment.sound_source.cells
    known = [c.metadata.nbgrader.grade_id for c in cells if c.metadata.get("nbgrader", {}).get("solution")]
    found, faults = [reference()], []
    for kind in ("right", "wrong"):
        for path in sorted((assignment.graders_dir / "answers" / kind).glob("*.py")):
            try:
                answer = parse(read_text(path), path, kind)
            except AssignmentError as error:
                faults.append(str(error))
                continue
            for name in sorted(set(answer.cells) - set(known)):
                faults.append(
                    f"{shown(path)} answers {name}, which is no answer cell of the notebook{meant(name, known)}"
                )
            found.append(answer)
    if faults:
        raise AssignmentError("\n".join(faults))
    return found


def in_few_notebooks(assignment: Assignment, answers: list[Answer]) -> list[list[Answer]]:
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


def merged(pack: list[Answer]) -> Answer:
    """One answer that makes all the mistakes of a pack."""
    first = pack[0]
    if len(pack) == 1:
        return first
    cells = {name: text for answer in pack for name, text in answer.cells.items()}
    fails = frozenset().union(*(answer.fails for answer in pack))
    return Answer(f"{first.name}+{len(pack) - 1}", first.kind, " ".join(a.why for a in pack), fails, cells)


def parse(text: str, path: Path, kind: str) -> Answer:
    """Read one answer file: ``# why:`` and ``# fails:`` lines, then ``# %% grade_id`` cells.

    Raises:
        AssignmentError: when it is none.
    """
    head, *parts = CELL.split(text)
    fields = {m[1]: m[2] for line in head.splitlines() if (m := HEADER.match(line))}
    cells = dict(zip(parts[::2], (body.strip("\n") for body in parts[1::2]), strict=True))
    fails = frozenset(name.strip() for name in fields.get("fails", "").split(",") if name.strip())
    fault = None
    if odd := [line for line in NEARLY.findall(text) if not CELL.fullmatch(line)]:
        fault = f"the line {odd[0]!r} should be `# %% grade_id` of one answer cell"
    elif "why" not in fields:
        fault = "it has no line `# why: …` at its top"
    elif kind == "wrong" and not fails:
        fault = "it has no line `# fails: …` at its top, with the checks that it must fail"
    elif kind == "right" and fails:
        fault = "a right answer must not have a line `# fails: …`"
    elif not cells:
        fault = "it has no answer: a line `# %% grade_id` of an answer cell, and the cell's new source below it"
    elif len(cells) < len(parts) // 2:
        fault = "two of its `# %%` lines name the same cell"
    if fault:
        raise AssignmentError(f"{shown(path)} is no {kind} answer: {fault}.")
    return Answer(path.stem, kind, fields["why"], fails, cells)
