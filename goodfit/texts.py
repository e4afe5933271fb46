"""Where other people's text becomes harmless for a terminal, a log and a sentence of ours. For pages see
:mod:`goodfit.notebooks.outputs` (HTML) and :mod:`goodfit.notebooks.formulas` (TeX).
"""

from __future__ import annotations


def safe(text: str) -> str:
    """The text with a sign in the place of whatever would steer a terminal or turn the direction of writing.

    Line ends and tabs stay.
    """
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def one_line(text: str, most: int | None = None) -> str:
    """The same on one line: it cannot look like further lines of ours.

    Args:
        text: anybody's.
        most: characters kept; what is longer ends in "…".
    """
    line = safe(" ".join(text.split()))
    return line if most is None or len(line) <= most else f"{line[:most]}…"
