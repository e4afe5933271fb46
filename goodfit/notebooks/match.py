"""Which of a student's cells is which of the instructor's: by its mark, else its id, else its text and place.

The mark is nbgrader's metadata. Editors and converters drop it; then the cell ids tell (Goodfit's sources give a cell
its grade_id as id), and where these are gone too, the text. A wrong match cannot earn anything: checks judge what the
code does, whichever cell it stands in.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from nbformat import NotebookNode

from goodfit.notebooks.assignment import Assignment, grade_id
from goodfit.notebooks.notebook_file import Cell, UnreadableNotebook, read_notebook
from goodfit.notebooks.slice import plainly_defined as defined

SIMILAR = 0.6  # share of lines that an edited cell has in common with the instructor's
MAX_HEAD = 50_000  # characters of a cell that are looked at
MAX_LOOKED_AT = 2_000_000  # characters of all cells that are
TYPED = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u200b": None, "\ufeff": None})


def plain(text: str) -> str:
    """A text without what converters change: blanks and line ends, typographic quotes, composed letters."""
    return "".join(unicodedata.normalize("NFC", text).translate(TYPED).split())


@dataclass
class Match:
    """A student's cells and the instructor's.

    Attributes:
        cells: the student's.
        assignment: the instructor's side.
        places: index of the student's cell by grade_id, for those that were found.
        unmarked: grade_ids among them that were found without their mark.
        recognised: grade_ids of exercises' cells that show that this is the assignment's notebook.
        given: indices of cells that are released cells without a grade_id, unchanged.
    """

    cells: list[Cell]
    assignment: Assignment
    places: dict[str, int] = field(default_factory=dict)
    unmarked: set[str] = field(default_factory=set)
    recognised: set[str] = field(default_factory=set)
    given: set[int] = field(default_factory=set)

    @cached_property
    def released(self) -> dict[str, NotebookNode]:
        """The cells with a grade_id, as students got them, in order."""
        return {name: c for c in self.assignment.released.cells if (name := grade_id(c))}

    @cached_property
    def exercises(self) -> set[str]:
        """Grade_ids of the cells that are an exercise's own: answers and graded cells."""
        meta = {name: cell.metadata.nbgrader for name, cell in self.released.items()}
        return {name for name, m in meta.items() if m.get("solution") or m.get("grade")}

    @property
    def foreign(self) -> int:
        """How many cells bear another assignment's mark."""
        return sum(self.cells[i].claim is not None for i in self._free)

    def written_elsewhere(self, answer: str) -> bool:
        """Whether another code cell of the student's own may hold an answer, or a part of it."""
        own = set(range(len(self.cells))) - self.given - {self.places.get(answer)}
        own -= {i for name, i in self.places.items() if not self.is_answer(name) or self._as_released(name)}
        code = [i for i in own if self.cells[i].kind == "code" and self.cells[i].source.strip()]
        if names := self._names[answer]:
            return any(names & self._defined[i] for i in code)
        low, high = self._gap(answer)
        return answer not in self.places and any(low < i < high for i in code)

    def is_answer(self, name: str) -> bool:
        """Whether the cell of that grade_id is the student's to fill."""
        return bool(self.released[name].metadata.nbgrader.get("solution"))

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        """The names that each answer cell of code is to define."""
        return {name: defined(c.source) if c.cell_type == "code" else set()
                for name, c in self.released.items() if self.is_answer(name)}  # fmt: skip

    @cached_property
    def _heads(self) -> list[str]:
        """What is looked at of each cell: all of any honest one."""
        left = MAX_LOOKED_AT
        heads = []
        for cell in self.cells:
            heads.append(cell.source[: min(MAX_HEAD, left)])
            left -= len(heads[-1])
        return heads

    @cached_property
    def texts(self) -> list[str]:
        """The cells' texts, plain."""
        return [plain(head) for head in self._heads]

    @cached_property
    def _defined(self) -> list[set[str]]:
        return [defined(head) for head in self._heads]

    @cached_property
    def _lines(self) -> list[set[str]]:
        return [_lines(head) for head in self._heads]

    @property
    def _used(self) -> set[int]:
        return {*self.places.values(), *self.given}

    @property
    def _free(self) -> list[int]:
        used = self._used
        return [i for i, c in enumerate(self.cells) if i not in used and c.claim not in self.released]

    def _lost(self) -> list[str]:
        return [name for name in self.released if name not in self.places]

    def _as_released(self, name: str) -> bool:
        return self.texts[self.places[name]] == plain(self.released[name].source)

    def _gap(self, name: str) -> tuple[int, int]:
        """Between which of the student's cells a cell would stand: behind the one before it, before the next."""
        order = list(self.released)
        at = order.index(name)
        low = next((self.places[n] for n in reversed(order[:at]) if n in self.places), -1)
        behind = (self.places[n] for n in order[at + 1 :] if n in self.places and self.places[n] > low)
        return low, next(behind, len(self.cells))

    def _take(self, name: str, index: int) -> None:
        self.places[name] = index
        self.unmarked.add(name)

    def by_mark(self) -> None:
        """nbgrader's rule for copies of a cell: the last one counts, the others are ordinary cells."""
        self.places = {cell.claim: i for i, cell in enumerate(self.cells) if cell.claim in self.released}

    def by_id(self) -> None:
        """The cell's id, where no cell has the mark."""
        ids = {self.cells[i].id: i for i in self._free if self.cells[i].id}
        for name in self._lost():
            index = ids.get(name, ids.get(self.released[name].get("id")))
            if index is not None and index not in self._used:
                self._take(name, index)

    def by_text(self) -> None:
        """The released text, unchanged, in the released order; out of order where the text is there only once."""
        frame: list[tuple[object, str | None]] = []
        for cell in self.assignment.released.cells:
            name = grade_id(cell)
            frame.append((self.places.get(name or "", plain(cell.source)), name))
        free = set(self._free)
        taken = {index: index for index in self.places.values()}
        theirs = [taken.get(i, (self.texts[i] if i in free else "") or (i,)) for i in range(len(self.cells))]
        blocks = SequenceMatcher(None, [key for key, _ in frame], theirs, autojunk=False).get_matching_blocks()
        for block in blocks:
            for k in range(block.size):
                name, index = frame[block.a + k][1], block.b + k
                if index not in free:
                    continue
                if name is None:
                    self.given.add(index)
                elif name not in self.places:
                    self._take(name, index)
        left = Counter(self.texts[i] for i in self._free)
        once = {self.texts[i]: i for i in self._free if self.texts[i] and left[self.texts[i]] == 1}
        wanted = Counter(plain(self.released[name].source) for name in self._lost())
        for name in self._lost():
            text = plain(self.released[name].source)
            if wanted[text] == 1 and text in once:
                self._take(name, once[text])

    def by_likeness(self) -> None:
        """A locked cell that was edited besides: most of its lines are there, at its place."""
        answers = set().union(*self._names.values())
        for name in self._lost():
            base = self.released[name]
            ours = _lines(base.source)
            if self.is_answer(name) or not ours:
                continue
            low, high = self._gap(name)
            best, share = None, SIMILAR
            for i in self._free:
                cell = self.cells[i]
                if low < i < high and cell.kind == base.cell_type and not answers & self._defined[i]:
                    theirs = self._lines[i]
                    if len(ours & theirs) >= share * len(ours | theirs):
                        best, share = i, len(ours & theirs) / len(ours | theirs)
            if best is not None:
                self._take(name, best)

    def by_names(self) -> None:
        """An answer of code: the cell that defines what it is to define, at its place if there is one."""
        for answer, names in self._names.items():
            if answer in self.places or not names:
                continue
            found = [i for i in self._free if self.cells[i].kind == "code" and names & self._defined[i]]
            low, high = self._gap(answer)
            here = [i for i in found if low < i < high]
            if found:
                self._take(answer, (here or found)[-1])

    def by_place(self) -> None:
        """An answer in words: the first text of the student's own where it belongs, as no text can be told from it."""
        for answer in self._names:
            base = self.released[answer]
            low, high = self._gap(answer)
            if answer not in self.places and base.cell_type == "markdown":
                here = [i for i in self._free if low < i < high and self.cells[i].kind == "markdown"]
                here = [i for i in here if self.texts[i]]
                if here:
                    self._take(answer, here[0])


def match(cells: list[Cell], assignment: Assignment) -> Match:
    """Find the instructor's cells among a student's."""
    found = Match(cells, assignment)
    found.by_mark()
    found.by_id()
    certain = set(found.places)
    found.by_text()
    if found._lost() and found._free:
        found.by_likeness()
        found.by_names()
        found.by_place()
    telling = {name for name, names in found._names.items() if names}  # a text like "YOUR ANSWER HERE" is in every set
    found.recognised = found.exercises & found.places.keys() & (certain | telling)
    return found


def belongs_to(content: bytes, assignments: Iterable[Assignment]) -> str | None:
    """The name of the assignment most of whose exercises' cells are claimed in a notebook; None where there is none."""
    try:
        cells = read_notebook(content).cells
    except UnreadableNotebook:
        return None
    claims = {claim for c in cells for claim in (c.claim, c.id) if claim}
    known = {one.name: len(claims & _exercise_ids(one.source.cells)) for one in assignments}
    best = max(known, key=lambda name: known[name], default=None)
    return best if best and known[best] else None


def _exercise_ids(cells: Collection[NotebookNode]) -> set[str]:
    meta = [c.metadata.get("nbgrader", {}) for c in cells]
    return {m["grade_id"] for m in meta if m.get("solution") or m.get("grade")}


def _lines(source: str) -> set[str]:
    return {text for line in source.split("\n") if (text := plain(line))}
