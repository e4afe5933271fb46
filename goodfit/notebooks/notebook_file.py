"""A student's notebook file, read as hostile data: of each cell its text, what it claims to be, and its pictures.

Outputs are not looked at. What is too large or malformed costs its own cell, never the notebook.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from goodfit.notebooks.outputs import bitmap

MAX_FILE = 64 * 2**20  # bytes of a notebook file; outputs make most of it
MAX_VALUES = 3_000_000  # texts, numbers, lists, … in the file: each takes some 100 bytes of memory
MAX_CELLS = 2_000
MAX_SOURCE = 2**20  # characters of one cell, pictures apart
MAX_SHOWN = 100_000  # characters that are kept of words beyond that
MAX_PICTURES = 16 * 2**20  # characters of base64 in all: they come back in the executed notebook and in feedback
MAX_PICTURE_COUNT = 500  # in a whole notebook
MAX_PICTURE_NAME = 200
NEAR = 500  # characters between a picture's data and the mark-up around it

TEXT = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)  # a JSON string; without its end it goes to the file's
PASTED = re.compile(r"data:(image/[a-z0-9.+-]{1,20});base64,([A-Za-z0-9+/=]*)")
ENCODINGS = {"cp949": "CP949 (EUC-KR)", "cp1252": "Windows-1252"}  # strict enough to tell one from the other
OTHER_KINDS = {
    b"PK\x03\x04": "a zip archive or an Office document",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"Rar!": "a rar archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
    b"\x00\x05\x16\x07": "a companion file of macOS (._…), not the notebook itself",
    b"version https://git-lfs": "a pointer of git-lfs: the notebook itself was not uploaded",
}


class UnreadableNotebook(Exception):
    """The file is no notebook that can be graded; the message is for the student."""


@dataclass
class Cell:
    """A student's cell, reduced to text and pictures.

    Attributes:
        kind: code, markdown or raw.
        source: its text.
        claim: the grade_id that the file claims for it.
        checksum: nbgrader's checksum that the file claims for it.
        id: the cell id that the file claims.
        attachments: vetted bitmaps by name: {MIME type: base64}.
    """

    kind: str
    source: str
    claim: str | None = None
    checksum: str | None = None
    id: str | None = None
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class NotebookFile:
    """What was read of a notebook file: its cells, and a sentence about each thing that was put right."""

    cells: list[Cell]
    notices: list[str]


def read_notebook(content: bytes) -> NotebookFile:
    """Read a notebook file.

    Raises:
        UnreadableNotebook: when it is none.
    """
    text, notice = _decode(content)
    data = _parse(text, content)
    cells = _cells_of(data)
    reader = _Reader(notices=[notice] if notice else [])
    read = [cell for one in cells if (cell := reader.cell(one)) is not None]
    if cells and not read:
        raise UnreadableNotebook("The file is not a valid notebook: none of its cells is a cell.")
    return NotebookFile(read, reader.all_notices())


def without_outputs(content: bytes) -> bytes:
    """The file without its cells' outputs, to be kept in memory; as it is when it cannot be read."""
    try:
        text, notice = _decode(content)
        data = _parse(text, content)
        cells = _cells_of(data)
    except UnreadableNotebook:
        return content
    if notice is not None:  # how it is written is still to be told
        return content
    for cell in cells:
        if isinstance(cell, dict):
            cell.pop("outputs", None)
    return json.dumps(data).encode()


def _decode(content: bytes) -> tuple[str, str | None]:
    """The file's text, and a sentence where it is not UTF-8."""
    if len(content) > MAX_FILE:
        raise UnreadableNotebook(
            f"The file has more than {MAX_FILE >> 20} MiB; a notebook may have so many. "
            "Clear its outputs (Edit, Clear Outputs of All Cells), save it, and hand it in again."
        )
    encoding = json.detect_encoding(content)  # by byte order mark or zero bytes: no guess
    if not encoding.startswith("utf-8"):
        label = "UTF-32" if encoding.startswith("utf-32") else "UTF-16"
        return content.decode(encoding, "replace"), _not_utf_8(label)
    text = content.decode("utf-8-sig", "replace")
    bad = text.count("\ufffd") - content.count("\ufffd".encode())
    if not bad:
        return text, None
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    if 2 * bad <= beyond_ascii:
        return text, f"The file is damaged: {bad} of its characters could not be read."
    for name, label in ENCODINGS.items():
        try:
            return content.decode(name), _not_utf_8(label)
        except UnicodeDecodeError:
            continue
    return text, "The file is not in UTF-8, as notebooks are, and some characters were lost. Save it as UTF-8."


def _not_utf_8(label: str) -> str:
    return f"The file is not in UTF-8, as notebooks are: it was read as {label}. Save it as UTF-8."


def _parse(text: str, content: bytes) -> Any:
    if len(text) > 2 * MAX_VALUES and sum(map(TEXT.sub("", text).count, ",[{")) > MAX_VALUES:
        raise UnreadableNotebook("The file is not a notebook: it has millions of parts.")
    try:
        data = json.loads(text.rstrip("\0"))  # some synchronisers fill a file up with zeros
        return json.loads(data) if isinstance(data, str) else data  # a notebook that was quoted once more
    except (ValueError, RecursionError) as error:
        raise UnreadableNotebook(f"The file is not a notebook: {_what_else(text, content, error)}.") from error


def _what_else(text: str, content: bytes, error: Exception) -> str:
    """What a file is that is no JSON, in words."""
    begin = text[:2000].lstrip()
    if not begin:
        return "it is empty"
    for magic, kind in OTHER_KINDS.items():
        if content.startswith(magic):
            return f"it is {kind}"
    if begin.lower().startswith(("<!doctype html", "<html", "<?xml")):
        return "it is a web page (a notebook exported as HTML, or the page of a log-in)"
    if re.search(r"^<{7}( |$)", text, re.MULTILINE) and re.search(r"^>{7}( |$)", text, re.MULTILINE):
        return (
            "it has the marks of a merge conflict in it (<<<<<<<). Settle the conflict, save it, and hand it in again"
        )
    if begin.startswith("{") and '"cells"' in text:
        if isinstance(error, json.JSONDecodeError) and _at_its_end(error, text):
            return "it is cut off before its end, as by an upload that was stopped"
        return "it is damaged, so that Jupyter cannot open it either"
    return "it is damaged or of another kind"


def _at_its_end(error: json.JSONDecodeError, text: str) -> bool:
    return error.msg.startswith("Unterminated string") or error.pos >= len(text.rstrip()) - 1


def _cells_of(data: Any) -> list[Any]:
    version = data.get("nbformat") if isinstance(data, dict) else None
    cells = data.get("cells") if isinstance(data, dict) else None
    if version == 3 and isinstance(data.get("worksheets"), list):  # of 2014 and older, and of some converters
        sheets = [sheet["cells"] for sheet in data["worksheets"] if isinstance(sheet, dict) and "cells" in sheet]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet] if sheets else None
    if version not in (3, 4) or not isinstance(cells, list):
        raise UnreadableNotebook("The file is not a notebook of format 4, as Jupyter writes it.")
    if len(cells) > MAX_CELLS:
        raise UnreadableNotebook(f"The notebook has more than {MAX_CELLS} cells.")
    return cells


@dataclass
class _Reader:
    """Reads the cells of one notebook, within the limits of the whole."""

    notices: list[str]
    skipped: int = 0
    kept_pictures: int = 0  # characters
    lost_pictures: int = 0
    pasted: int = 0

    def all_notices(self) -> list[str]:
        notices = list(self.notices)
        if self.skipped:
            notices.append(f"Parts of the notebook that are no cells were left out: {self.skipped}.")
        if self.lost_pictures:
            notices.append(
                f"Pictures in the text that were left out: {self.lost_pictures}. "
                "PNG, JPEG and GIF of up to 4 MiB each are kept, up to 12 MiB in all."
            )
        return notices

    def cell(self, data: Any) -> Cell | None:
        """One cell; None where it is none."""
        source = data.get("source", data.get("input", "")) if isinstance(data, dict) else None  # `input`: format 3
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            self.skipped += 1
            return None
        meta = data["metadata"] if isinstance(data.get("metadata"), dict) else {}
        claim = meta["nbgrader"] if isinstance(meta.get("nbgrader"), dict) else {}
        kind = data.get("cell_type")
        cell = Cell(
            kind if kind in ("code", "markdown") else "raw",
            source.encode("utf-8", "replace").decode(),  # lone surrogates would break every later write
            claim=_text(claim.get("grade_id")),
            checksum=_text(claim.get("checksum")),
            id=_text(data.get("id")) or _text(meta.get("id")),  # Colab keeps ids in the metadata
        )
        if cell.kind == "markdown":
            self._attach(cell, data.get("attachments"))
            cell.source = self._unpaste(cell)
        if len(cell.source) > MAX_SOURCE:
            self._shorten(cell)
        return cell

    def _attach(self, cell: Cell, attachments: Any) -> None:
        attachments = list(attachments.items()) if isinstance(attachments, dict) else []
        self.lost_pictures += len(attachments[MAX_PICTURE_COUNT:])
        for name, forms in attachments[:MAX_PICTURE_COUNT]:
            fine = name.isprintable() and len(name) <= MAX_PICTURE_NAME
            forms = forms.items() if fine and isinstance(forms, dict) else ()
            kept = {mime: picture for mime, encoded in forms if (picture := self._picture(mime, encoded))}
            if kept:
                cell.attachments[name] = kept
            else:
                self.lost_pictures += 1

    def _unpaste(self, cell: Cell) -> str:
        """The text with the pictures that are written into it (as Colab and Google Docs do) made attachments."""
        out: list[str] = []
        end = 0
        for found in PASTED.finditer(cell.source):
            if found.start() < end:
                continue
            if self.pasted + self.lost_pictures >= MAX_PICTURE_COUNT:
                break
            begin, stop = _markup_around(cell.source, *found.span(), after=end)
            picture = self._picture(found[1], found[2])
            if picture is None:
                self.lost_pictures += 1
                shown = "*[a picture was left out]*"
            else:
                self.pasted += 1
                name = f"pasted-{self.pasted}.{found[1].removeprefix('image/')}"
                cell.attachments[name] = {found[1]: picture}
                shown = f"attachment:{name}"
                if cell.source.startswith("<img", begin):
                    shown = f"\n\n![picture]({shown})\n\n"
                else:
                    begin, stop = found.span()
            out += [cell.source[end:begin], shown]
            end = stop
        return "".join([*out, cell.source[end:]])

    def _picture(self, mime: str, encoded: Any) -> str | None:
        picture = bitmap(mime, encoded)
        if picture is None or self.kept_pictures + len(picture) > MAX_PICTURES:
            return None
        self.kept_pictures += len(picture)
        return picture

    def _shorten(self, cell: Cell) -> None:
        size = f"{len(cell.source):,} characters"
        if cell.kind == "code":
            cell.source = f"# This cell had {size} and was left out: a cell of code may have {MAX_SOURCE:,}."
            self.notices.append(f"A cell of code with {size} was left out; the rest was graded without it.")
        else:
            cell.source = cell.source[:MAX_SHOWN] + f"\n\n*[… cut off: this cell had {size}]*"
            self.notices.append(f"A cell of text with {size} was cut off.")


def _markup_around(text: str, begin: int, end: int, after: int) -> tuple[int, int]:
    """Where ``<img …>`` or ``![…](…)`` around a picture's data begins and ends; the data's own place without it."""
    for opening, closing in (("<img", ">"), ("![", ")")):
        start = text.rfind(opening, max(after, begin - NEAR), begin)
        stop = text.find(closing, end, end + NEAR)
        if start >= 0 and stop >= 0 and closing not in text[start:begin]:
            return start, stop + 1
    return begin, end


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
