"""Formulas of a text as MathML: browsers draw it themselves, without a script, a font or a network.

What a student writes as a formula is hostile like all else. The library's output is read as XML, and of it stay the
elements that draw and the attributes that shape; what cannot be read so is left as the text that it was.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

MATHML = "http://www.w3.org/1998/Math/MathML"
ELEMENTS = {
    "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts",
    "mroot", "mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder",
    "munderover", "none",
}  # fmt: skip
ATTRIBUTES = {
    "accent", "columnalign", "columnlines", "display", "displaystyle", "fence", "form", "linethickness", "lspace",
    "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowlines", "rspace", "scriptlevel", "separator",
    "stretchy", "symmetric", "width",
}  # fmt: skip
VALUE = re.compile(r"[a-z -]{1,40}|-?\d?(\.\d{1,8})?(em|px|%|ex)?")  # words and small sizes: nothing leaves its line
MAX_TEX = 2_000  # characters of one formula
MAX_DEPTH = 60  # of elements in one another


def mathml(tex: str, block: bool = False) -> str | None:
    """A formula as markup that is safe in a page, or None where it cannot be drawn.

    Args:
        tex: what stands between the dollars, as LaTeX.
        block: whether it has a line of its own.
    """
    from latex2mathml.converter import convert

    if len(tex) > MAX_TEX:
        return None
    try:
        drawn = ElementTree.fromstring(convert(tex, display="block" if block else "inline"))
        return ElementTree.tostring(_plain(drawn, 0), encoding="unicode") if _drawable(drawn) else None
    except Exception:  # the library has no common error; what it does with odd texts is Python's to say
        return None


def _drawable(drawn: ElementTree.Element) -> bool:
    """Whether the library has understood all of it: a command that it does not know comes out as its name."""
    texts = [text.strip() for text in drawn.itertext()]
    return any(texts) and not any(text.startswith("\\") for text in texts)


def _plain(element: ElementTree.Element, depth: int) -> ElementTree.Element:
    """A copy with known elements and attributes alone.

    Raises:
        ValueError: where it has others, or too many in one another.
    """
    name = element.tag.removeprefix(f"{{{MATHML}}}")
    if name not in ELEMENTS or depth > MAX_DEPTH:
        raise ValueError(name)
    kept = {key: value for key, value in element.attrib.items() if key in ATTRIBUTES and VALUE.fullmatch(value)}
    copied = ElementTree.Element(name, kept)
    copied.text = element.text
    for child in element:
        copied.append(_plain(child, depth + 1))
        copied[-1].tail = child.tail
    return copied
