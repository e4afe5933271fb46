"""A student's file, put back on the instructor's frame.

Of the file only the *text* of cells is kept, and pictures in it. Ids, points, tags, kernelspec, locked text and the
order of the instructor's cells come from the assignment, so nothing that a student can write in the metadata reaches
the verdict.
"""

from __future__ import annotations

import copy
import textwrap
from collections import Counter
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.utils import compute_checksum

from goodfit.notebooks.assignment import Assignment, grade_id
from goodfit.notebooks.match import Match, match, plain
from goodfit.notebooks.notebook_file import MAX_SHOWN, Cell, UnreadableNotebook, read_notebook
from goodfit.notebooks.remarks import remarks
from goodfit.notebooks.slice import plainly_defined as defined

__all__ = ["Restored", "UnreadableNotebook", "blank", "restore"]

MISSING_ANSWER = "# This answer cell was missing from the submission."
EMPTY = "The notebook is empty: no cell of it has any text."
OTHER = "The notebook does not seem to be {}: none of the exercises' cells is in it."
Out = list[tuple[str | None, NotebookNode]]  # the notebook to be, with the grade_id of the instructor's cells


@dataclass
class Restored:
    """A submission on the instructor's frame.

    Attributes:
        notebook: ready to run; every instructor's cell once, in order.
        notices: what was put right, one sentence each.
        untouched: grade_ids of answer cells that are missing, empty or as handed out.
        attention: why somebody should look at it, one sentence each.
        unmatched: why there is nothing in it to grade (another assignment's notebook, an empty one); else empty.
    """

    notebook: NotebookNode
    notices: list[str] = field(default_factory=list)
    untouched: set[str] = field(default_factory=set)
    attention: list[str] = field(default_factory=list)
    unmatched: str = ""


def restore(content: bytes, assignment: Assignment) -> Restored:
    """Rebuild a submitted notebook on the instructor's frame.

    Raises:
        UnreadableNotebook: when the file is no notebook (then nothing of it can be graded).
    """
    file = read_notebook(content)
    found = match(file.cells, assignment)
    if not found.recognised:
        empty = not any(cell.source.strip() for cell in file.cells)
        return replace(
            blank(assignment), notices=file.notices, unmatched=EMPTY if empty else OTHER.format(assignment.name)
        )
    frame = {name: c for c in assignment.instructor.cells if (name := grade_id(c))}
    result = Restored(new_notebook(metadata=copy.deepcopy(assignment.instructor.metadata)), file.notices)
    out = _in_students_order(found, frame)
    put_back = _complete(out, found, frame)
    # an answer that was moved behind its graded cell still counts
    for graded in assignment.graded_cells.values():
        at = _places(out)
        behind = max((at[answer] for answer in graded.answers), default=-1)
        if behind > at[graded.grade_id]:
            out.insert(behind, out.pop(at[graded.grade_id]))
    changed = _show_changes(out, found, frame)
    result.notebook.cells = [cell for _, cell in out]
    for name, node in out:
        if name in assignment.solutions:
            nothing = {plain(text) for text in ("", MISSING_ANSWER, found.released[name].source)}
            if plain(node.source) in nothing and not found.written_elsewhere(name):
                result.untouched.add(name)
    _judge_match(result, found, changed)
    claims = Counter(cell.claim for cell in file.cells)
    result.notices += [
        *remarks(
            [f"`{name}`" for name in changed],
            "Cell {} was changed; the original was used. What was written there is shown below it and did not run.",
            "Cells that were changed, whose originals were used: {}. "
            "What was written there is shown below each and did not run.",
        ),
        *remarks(
            [f"`{name}`" for name in frame if claims[name] > 1],
            "Cell {} is there more than once; the last one counts.",
            "Cells that are there more than once, of which the last ones count: {}.",
        ),
        *put_back,
    ]
    return result


def blank(assignment: Assignment) -> Restored:
    """The frame with nothing in it: what stands in the gradebook for a file that cannot be read."""
    notebook = new_notebook(metadata=copy.deepcopy(assignment.instructor.metadata))
    notebook.cells = [_framed(c, None) if grade_id(c) else copy.deepcopy(c) for c in assignment.instructor.cells]
    return Restored(notebook, untouched=set(assignment.solutions))


def _in_students_order(found: Match, frame: dict[str, NotebookNode]) -> Out:
    """The student's cells; of the locked ones those that are in the instructor's order, the others are to come."""
    present = [name for name in frame if name in found.places]
    theirs = sorted(present, key=lambda name: found.places[name])
    blocks = SequenceMatcher(None, present, theirs, autojunk=False).get_matching_blocks()
    placed = {name for block in blocks for name in present[block.a : block.a + block.size]}
    placed |= {name for name in present if not _locked(frame[name])}
    named = {index: name for name, index in found.places.items()}
    out: Out = []
    for i, cell in enumerate(found.cells):
        name = named.get(i)
        if name in placed:
            out.append((name, _framed(frame[name], cell)))
        elif name is None and not (cell.claim in frame and _locked(frame[cell.claim])):  # a copy of it adds nothing
            out.append((None, _plain(cell, i)))
    return out


def _complete(out: Out, found: Match, frame: dict[str, NotebookNode]) -> list[str]:
    """Put the frame's other cells in their places; return what is to be said about it."""
    order = list(frame)
    missing: list[str] = []
    moved: list[str] = []
    for i, name in enumerate(order):
        at = _places(out)
        if name in at:
            continue
        place = at[order[i - 1]] + 1 if i else 0
        if frame[name].metadata.nbgrader.get("grade"):  # as late as may be: the answer may be in cells of their own
            later = (at[n] for n in order[i + 1 :] if n in at and at[n] >= place)
            place = min(later, default=len(out))
        out.insert(place, (name, _framed(frame[name], None)))
        (moved if name in found.places else missing).append(f"`{name}`")
    return [
        *remarks(moved, "Cell {} was moved out of order and was put back in its place.",
                 "Cells that were moved out of order and were put back in their places: {}."),
        *remarks(missing, "Cell {} was missing and was put back.", "Cells that were missing and were put back: {}."),
    ]  # fmt: skip


def _show_changes(out: Out, found: Match, frame: dict[str, NotebookNode]) -> dict[str, list[str]]:
    """Show what a student wrote into locked cells behind each of them; return the added lines by grade_id."""
    named = {index: name for name, index in found.places.items()}
    changed: dict[str, list[str]] = {}
    for i, cell in enumerate(found.cells):
        name = named.get(i, cell.claim)
        if name not in frame or not _locked(frame[name]):
            continue
        if found.texts[i] in (plain(found.released[name].source), plain(frame[name].source)) and not cell.attachments:
            continue
        if _was_released(cell, found.released[name]):
            continue
        ours = {plain(line) for cell_ in (found.released[name], frame[name]) for line in cell_.source.split("\n")}
        lines = [line.rstrip() for line in cell.source[:MAX_SHOWN].split("\n") if plain(line) not in ours]
        text = "\n".join(lines).strip("\n")
        if not text.strip() and not cell.attachments and frame[name].metadata.nbgrader.get("grade"):
            continue  # lines of ours are gone from a cell in which nobody is to write: nothing of theirs is lost
        changed.setdefault(name, []).extend(lines)
        note = f"*Cell `{name}` was changed; the original above was used.*"
        if text.strip():
            note = f"{note[:-1]} What was written there did not run:*\n\n"
            note += text if cell.kind == "markdown" else textwrap.indent(text, "    ")
        shown = new_markdown_cell(note, id=f"student-{i}")
        if cell.attachments:
            shown.attachments = cell.attachments
        out.insert(_places(out)[name] + 1, (None, shown))
    return changed


def _judge_match(result: Restored, found: Match, changed: dict[str, list[str]]) -> None:
    """Say how the cells were found, and whether somebody should look."""
    answers = [name for name in found.released if found.is_answer(name)]
    again = [name for name in answers if name in found.unmarked]
    lost = [f"`{name}`" for name in answers if name not in found.places and not found.written_elsewhere(name)]
    if again:
        which = "some" if len(again) < sum(name in found.places for name in answers) else "the"
        result.notices.append(
            f"The marks of {which} cells were gone. Answers found again by their ids, places and text: {len(again)}."
        )
    if found.foreign > len(found.recognised):
        result.attention.append(
            f"More cells of the notebook belong to another assignment than to the exercises of {found.assignment.name}."
        )
    elif again:
        result.attention += remarks(
            lost,
            "The marks of the cells were gone, and no cell was recognised as the answer {}.",
            "The marks of the cells were gone, and many answers were not recognised: {}.",
        )
    for name, lines in changed.items():
        names = defined("\n".join(lines))
        into = [a for a in answers if a in result.untouched and names & defined(found.released[a].source)]
        if into:
            result.attention.append(
                f"The answer of `{into[0]}` seems to stand in the locked cell `{name}`, whose original was used."
            )


def _plain(cell: Cell, position: int) -> NotebookNode:
    name = f"student-{position}"
    if cell.kind == "code":
        return new_code_cell(cell.source, id=name)
    if cell.kind == "raw":  # nbconvert passes raw cells through to the browser: show them as the text they are
        return new_markdown_cell(textwrap.indent(cell.source, "    "), id=name)
    shown = new_markdown_cell(cell.source, id=name)
    if cell.attachments:
        shown.attachments = cell.attachments
    return shown


def _framed(base: NotebookNode, theirs: Cell | None) -> NotebookNode:
    """The instructor's cell; with the student's text where it is an answer (None: the answer is missing)."""
    cell = copy.deepcopy(base)
    if not _locked(base):
        if theirs is not None:
            cell.source = theirs.source
            if theirs.attachments and cell.cell_type == "markdown":
                cell.attachments = theirs.attachments
        elif cell.cell_type == "code":
            cell.source = MISSING_ANSWER
    return cell


def _was_released(cell: Cell, released: NotebookNode) -> bool:
    """Whether a locked cell has the text it was handed out with, by nbgrader's checksum: then we changed it since."""
    if cell.checksum is None or cell.claim != grade_id(released):
        return False
    then = copy.deepcopy(released)
    then.source = cell.source
    return bool(compute_checksum(then) == cell.checksum)


def _locked(cell: NotebookNode) -> bool:
    return not cell.metadata.nbgrader.get("solution")


def _places(out: Out) -> dict[str, int]:
    return {name: i for i, (name, _) in enumerate(out) if name}
