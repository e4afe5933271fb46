"""A CSV table as a learning platform wrote it: read, and written again with the same separators, BOM and line ends."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from goodfit.course.folder import CourseError
from goodfit.notebooks.source import shown

BOM = "\ufeff"
SEPARATORS = ",;\t"
DECIMAL = re.compile(r"-?\d+([.,])\d{1,5}")


class ExportError(CourseError):
    """A file that scores were to be merged into, or an option, does not fit; the message says what to do."""


@dataclass
class Table:
    """A table with a header. Cells are text, just as the file has them.

    Attributes:
        header: names of the columns.
        rows: the others, each as long as the header.
        separator: between cells.
        bom: whether the file began with a byte order mark.
        line_end: of every line.
    """

    header: list[str]
    rows: list[list[str]]
    separator: str = ","
    bom: bool = False
    line_end: str = "\n"

    @classmethod
    def read(cls, path: Path) -> Table:
        """Read a table.

        Raises:
            ExportError: when the file is none.
            OSError: when it cannot be read.
        """
        content = path.read_bytes()
        try:
            text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
        except UnicodeDecodeError:
            raise ExportError(
                f"{shown(path)} is not UTF-8 text. Download it anew, and do not save it from a spreadsheet program; "
                "or let that save it as “CSV UTF-8”."
            ) from None
        bom, text = text.startswith(BOM), text.removeprefix(BOM)
        line_end = "\r\n" if "\r\n" in text else "\n"

        def lines_with(mark: str) -> Iterator[list[str]]:
            return csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)

        try:
            separator = max(SEPARATORS, key=lambda mark: len(next(lines_with(mark), [])))
            lines = list(lines_with(separator))
        except csv.Error as error:
            raise ExportError(f"{shown(path)} is not a table that can be read: {error}. Download it anew.") from None
        lines = [line for line in lines if any(cell.strip() for cell in line)]
        if not lines or len(lines[0]) < 2:
            raise ExportError(f"{shown(path)} is not a table: there are no columns in its first line.")
        header, *rows = lines
        return cls(header, [row + [""] * (len(header) - len(row)) for row in rows], separator, bom, line_end)

    def text(self) -> str:
        """The table as a file's content."""
        page = io.StringIO()
        csv.writer(page, delimiter=self.separator, lineterminator=self.line_end).writerows([self.header, *self.rows])
        return (BOM if self.bom else "") + page.getvalue()

    def column(self, place: int) -> list[str]:
        """The cells of a column, below the header."""
        return [row[place].strip() for row in self.rows]

    def decimal_sign(self, columns: list[int]) -> str:
        """The sign before decimals in some columns: a comma only where there are commas and no points."""
        cells = (DECIMAL.fullmatch(cell) for place in columns for cell in self.column(place))
        return "," if {found[1] for found in cells if found} == {","} else "."


def number(value: float, sign: str = ".") -> str:
    """Points with at most two decimals, which is what platforms compare: 2, 2.5, 1.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", sign)


def as_number(cell: str) -> float | None:
    """The number in a cell, with a decimal point or comma; None where there is none."""
    try:
        return float(cell.strip().replace(",", "."))
    except ValueError:
        return None
