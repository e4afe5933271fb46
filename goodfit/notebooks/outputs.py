"""What a browser gets of a student's notebook: text and pictures, nothing that it would run.

Pictures are bitmaps, and SVG as the source of an image: there it runs no script and loads nothing, unlike markup that
stands in the page.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
import secrets
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import quote
from xml.parsers import expat

from bleach.css_sanitizer import CSSSanitizer
from bleach.html5lib_shim import Filter
from bleach.sanitizer import Cleaner
from jinja2 import pass_context
from jinja2.runtime import Context
from nbformat import NotebookNode
from nbformat.v4 import new_output

from goodfit.notebooks.formulas import mathml

BITMAPS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}  # how each begins
SVG = "image/svg+xml"
MAX_IMAGE = 4 * 2**20  # bytes
MAX_SVG = 2**20  # bytes
MAX_PICTURES = 100  # pasted into one text
MAX_ALT = 1_000  # characters that say what a picture shows
MAX_FORMULAS = 300  # drawn in one text
MAX_TEXT = 100_000  # characters of one output
MAX_LINES_OF_TRACEBACK = 60
# characters beside pasted pictures; what is longer is shown as it is: markdown parsers need the square of some texts
MAX_MARKDOWN = 20_000

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1",
    "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "small", "span",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {"align", "alt", "colspan", "height", "open", "rowspan", "start", "style", "title", "valign", "width"}
# no `position` and the like: text stays where it stands
STYLES = [
    "background-color", "border", "border-collapse", "border-left", "color", "font-size", "font-style", "font-weight",
    "height", "margin", "padding", "text-align", "text-decoration", "vertical-align", "white-space", "width",
]  # fmt: skip
CODE_CLASS = re.compile(r"highlight|[a-z][a-z0-9]{0,2}")  # what Pygments writes
LINK = re.compile(r"(https?://|mailto:|#|\.{0,2}/|[\w-])[^:]*", re.IGNORECASE)
WEB = re.compile(r"https?://.*", re.IGNORECASE | re.DOTALL)
ACTIVE_TEX = re.compile(r"\\(href|html\w*|require|style|class|cssId|data)\b")  # what MathJax makes live elements of
TAG = re.compile(r'<(?:[^<>"]|"[^"]*")*+>')  # as the cleaner writes it
# addresses of objects and the process id in the names of cells: another in every run, and of no use to a reader
PASSING = re.compile(r"(?<= at )0x[0-9a-fA-F]{6,16}\b|(?<=/ipykernel)_\d+(?=/\d+\.py)")
OBJECT = re.compile(r"\s*|<[\w.]+ object( at \S+)?>")  # says nothing about what was displayed
SIZE = 10_000  # pixels

# base64 text in one piece, or in lines as programs wrap it
PASTED = re.compile(r"data:(image/[\w.+-]{1,20});base64,((?:[A-Za-z0-9+/]{60,}+\s+)*+[A-Za-z0-9+/]*+={0,2})")
PLACE = re.compile(r"data:image/png;base64,goodfit/(\d+)/")  # stands for a picture while markup is parsed

NOT_SHOWN = (
    "[Goodfit] This output ({}) is not shown here. Shown are text and pictures: PNG, JPEG and GIF up to 4 MiB, plain "
    "SVG up to 1 MiB. Draw it with matplotlib, or print it."
)
NO_PICTURE = "[A picture that is not shown here: pasted PNG, JPEG and GIF pictures of up to 4 MiB are.]"


def keep_safe_outputs(outputs: list[Any]) -> list[NotebookNode]:
    """Rebuild outputs from their text and pictures alone: HTML, scripts, widgets and metadata are dropped."""
    kept = (_rebuild(output) for output in outputs)
    return [output for output in kept if output is not None]


def bitmap(mime: Any, encoded: Any) -> str | None:
    """A student's picture as clean base64 text, or None where it is not what it says or too large.

    Args:
        mime: its MIME type: PNG, JPEG and GIF are shown.
        encoded: its base64 text, in one piece or in lines (as nbformat allows).
    """
    if isinstance(encoded, list):
        encoded = "".join(part for part in encoded if isinstance(part, str))
    if not isinstance(mime, str) or mime not in BITMAPS or not isinstance(encoded, str):
        return None
    if len(encoded) > MAX_IMAGE * 3 // 2:  # base64 takes 4/3, its line ends the rest
        return None
    try:
        content = base64.b64decode(encoded, validate=False)
    except (binascii.Error, ValueError):
        return None
    if len(content) > MAX_IMAGE or not content.startswith(BITMAPS[mime]):
        return None
    return base64.b64encode(content).decode()


def vector(markup: Any) -> str | None:
    """A student's SVG as base64 text for the source of an image, or None where it is no plain picture.

    Well-formed, without entities, scripts and foreign documents, and without a `use` of what has a `use` in it: a few
    of those, one within the other, draw more than any browser can.
    """
    if isinstance(markup, list):
        markup = "".join(part for part in markup if isinstance(part, str))
    if not isinstance(markup, str) or len(markup) > MAX_SVG:
        return None
    if "<svg" in markup and "xmlns=" not in markup:  # what a page's parser forgives, an image's does not
        markup = markup.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    content = markup.encode("utf-8", "replace")
    reader = _PlainSvg()
    try:
        reader.parser.Parse(content, True)
    except (expat.ExpatError, _NotPlain):
        return None
    if reader.used & reader.around_uses:
        return None
    # from its root on: a declaration of another encoding or of a document type means nothing here
    return base64.b64encode(content[reader.start :]).decode()


@pass_context
def markdown(context: Context, source: str) -> str:
    """Markdown as HTML without anything live: in place of nbconvert's filter ``markdown2html``, which keeps it all."""
    from nbconvert.filters.markdown_mistune import MarkdownWithMath

    pictures, formulas = _Pictures(), _Formulas()
    source = ACTIVE_TEX.sub(r"\1", pictures.take(source))
    source = pictures.take_attachments(source, (context.get("cell") or {}).get("attachments"))
    if len(source) <= MAX_MARKDOWN:
        try:
            return pictures.give(formulas.give(_clean(MarkdownWithMath(renderer=formulas.renderer()).render(source))))
        except RecursionError:
            pass
    return pictures.give(f"<pre>{escape(source)}</pre>") + "".join(map('<p><img src="{}"></p>'.format, pictures.found))


def html(text: Any) -> str:
    """HTML with everything escaped that a browser would run or load into the page, as nbconvert's ``clean_html``."""
    pictures = _Pictures()
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return pictures.give(_clean(pictures.take(text)))


def _clean(text: str) -> str:
    css = CSSSanitizer(allowed_css_properties=STYLES)
    protocols = {"http", "https", "mailto", "data"}
    cleaner = Cleaner(TAGS, _admits, protocols, css_sanitizer=css, filters=[_NoteLostPictures])
    return cleaner.clean(text)


class _NoteLostPictures(Filter):
    """Says in words where an image has lost its source."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for token in super().__iter__():
            if token.get("name") == "img" and (None, "src") not in token["data"]:
                token = {"type": "Characters", "data": NO_PICTURE}
            yield token


class _Pictures:
    """Pictures in a text: vetted, and put aside while parsers are at work that were not made for megabytes."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def take(self, text: str) -> str:
        """The text with a short place for each pasted picture, and with a dead link for what is none."""
        return PASTED.sub(lambda match: self._place(match[1], match[2]), text)

    def take_attachments(self, text: str, attachments: Any) -> str:
        """The text with a place wherever it names a picture attached to its cell."""
        names = attachments if isinstance(attachments, dict) else {}
        for name in sorted(names, key=len, reverse=True)[:MAX_PICTURES]:
            kinds = names[name] if isinstance(names[name], dict) else {}
            if not any(form in text for form in (f"attachment:{name}", f"attachment:{quote(name)}")):
                continue
            mime = next(iter(kinds), "")
            place = self._place(mime, kinds.get(mime))
            text = text.replace(f"attachment:{name}", place).replace(f"attachment:{quote(name)}", place)
        return text.replace("attachment:", "attachment-")  # what is left stops nbconvert

    def give(self, page: str) -> str:
        """The page with the pictures in their places."""
        page = re.sub(rf'(?<=src="){PLACE.pattern}(?=")', self._picture, page)
        return PLACE.sub("data:image/…", page)  # in what is only text, as in a listing

    def _place(self, mime: str, encoded: Any) -> str:
        clean = bitmap(mime, encoded)
        if mime == SVG and isinstance(encoded, str) and len(encoded) <= MAX_SVG * 3 // 2:
            with contextlib.suppress(ValueError):
                clean = vector(base64.b64decode(encoded).decode())
        if clean is None or len(self.found) >= MAX_PICTURES:
            return "data:,"
        self.found.append(f"data:{mime};base64,{clean}")
        return f"data:image/png;base64,goodfit/{len(self.found) - 1}/"

    def _picture(self, match: re.Match[str]) -> str:
        n = int(match[1])
        return self.found[n] if n < len(self.found) else "data:,"


class _Formulas:
    """Formulas in a text: drawn, and put aside while the page around them is cleaned."""

    def __init__(self) -> None:
        self._drawn: list[tuple[str, str]] = []  # as text, and drawn
        self._word = f"formula-{secrets.token_hex(8)}-"  # a student cannot write it

    def renderer(self) -> Any:
        """A renderer of markdown that leaves a word for each formula that can be drawn, and others as they are."""
        from nbconvert.filters.markdown_mistune import IPythonRenderer

        class Renderer(IPythonRenderer):
            def inline_math(_, body: str) -> str:
                return self._place(body, block=False) or super().inline_math(body)

            def block_math(_, body: str) -> str:
                return self._place(body, block=True) or super().block_math(body)

            def latex_environment(_, name: str, body: str) -> str:
                whole = f"\\begin{{{name}}}{body}\\end{{{name}}}"
                return self._place(whole, block=True) or super().latex_environment(name, body)

        return Renderer(escape=False, exclude_anchor_links=True)

    def give(self, page: str) -> str:
        """The cleaned page with the formulas in their places; in a tag, such as a picture's description, as text."""
        word = re.compile(rf"{self._word}(\d+);")
        page = TAG.sub(lambda tag: word.sub(lambda found: escape(self._drawn[int(found[1])][0]), tag[0]), page)
        return word.sub(lambda found: self._drawn[int(found[1])][1], page)

    def _place(self, tex: str, block: bool) -> str | None:
        drawn = mathml(tex, block) if len(self._drawn) < MAX_FORMULAS else None
        if drawn is None:
            return None
        self._drawn.append((tex, drawn))
        return f"{self._word}{len(self._drawn) - 1};"


class _NotPlain(Exception):
    pass


class _PlainSvg:
    """Reads SVG for :func:`vector` and stops at what is not plain."""

    def __init__(self) -> None:
        self.start = -1
        self.used: set[str] = set()
        self.around_uses: set[str] = set()
        self._open: list[str] = []
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = lambda _: self._open.pop()
        self.parser.EntityDeclHandler = self.parser.SkippedEntityHandler = self._refuse

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if self.start < 0:
            self.start = self.parser.CurrentByteIndex
            if (space, tag) != ("http://www.w3.org/2000/svg", "svg"):
                raise _NotPlain
        live = tag.lower() in ("script", "foreignobject") or any(a.lower().startswith("on") for a in attributes)
        if live or len(self._open) >= 200:
            raise _NotPlain
        self._open.append(attributes.get("id", ""))
        if tag == "use":
            self.used |= {value.lstrip("#") for a, value in attributes.items() if a.endswith("href")}
            self.around_uses |= {name for name in self._open if name}

    def _refuse(self, *_: Any) -> None:
        raise _NotPlain


def _admits(tag: str, name: str, value: str) -> bool:
    """Whether an attribute stays. Ids and classes of the page's own scripts are not a student's to give."""
    if name == "class":
        return all(CODE_CLASS.fullmatch(word) for word in value.split())
    if name == "href":
        return tag == "a" and bool(LINK.fullmatch(value) or WEB.fullmatch(value))
    if name == "src":
        return tag == "img" and bool(PLACE.fullmatch(value))  # nothing that tells another site who reads the page
    return name in ATTRIBUTES


def _rebuild(output: Any) -> NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_text(output.get("text")))
    if kind == "error":
        lines = output.get("traceback")
        lines = [_text(line) for line in lines[-MAX_LINES_OF_TRACEBACK:]] if isinstance(lines, list) else []
        return new_output(
            "error", ename=_text(output.get("ename")), evalue=_text(output.get("evalue")), traceback=lines
        )
    if kind not in ("display_data", "execute_result"):
        return None
    data = output.get("data")
    data = data if isinstance(data, dict) else {}
    shown = {mime: image for mime in BITMAPS if (image := bitmap(mime, data.get(mime)))}
    metadata = {mime: told for mime in shown if (told := _told(output.get("metadata"), mime))}
    if not shown and (image := vector(data.get(SVG))):
        shown["text/html"] = f'<img src="data:{SVG};base64,{image}">'
    if "image/gif" in shown:  # nbconvert does not show them of itself
        shown = {"text/html": f'<img src="data:image/gif;base64,{shown["image/gif"]}">'}
    words = _text(data.get("text/plain"))
    if OBJECT.fullmatch(words):
        words = _text(data.get("text/markdown") or data.get("text/latex")) or words
    others = sorted(mime for mime in data if isinstance(mime, str) and mime != "text/plain")
    lost = any(mime.startswith(("image/", "video/", "audio/", "application/pdf")) for mime in others)
    if others and not shown and (lost or OBJECT.fullmatch(words)):
        words = f"{words}\n{NOT_SHOWN.format(', '.join(others)[:200])}".lstrip("\n")
    if "text/plain" in data or not shown:
        shown["text/plain"] = words
    # as display_data: an execute_result with a number is nbgrader's partial credit, which only the verdict gives
    return new_output("display_data", data=shown, metadata=metadata)


def _told(metadata: Any, mime: str) -> dict[str, int | str]:
    """How large a picture is to be drawn (`retina` figures say it), and what it shows for those who do not see it."""
    given = metadata.get(mime) if isinstance(metadata, dict) else None
    given = given if isinstance(given, dict) else {}
    told: dict[str, int | str] = {
        side: given[side] for side in ("width", "height") if type(given.get(side)) is int and 0 < given[side] < SIZE
    }
    if isinstance(given.get("alt"), str):
        told["alt"] = _text(given["alt"])[:MAX_ALT]
    return told


def _text(value: Any) -> str:
    text = "".join(v for v in value if isinstance(v, str)) if isinstance(value, list) else value
    if not isinstance(text, str):
        return ""
    text = text.encode("utf-8", "replace").decode()
    if len(text) > MAX_TEXT:  # the end is where results are printed
        text = f"{text[: MAX_TEXT * 3 // 4]}\n[… left out …]\n{text[-MAX_TEXT // 4 :]}"
    return PASSING.sub(lambda found: "0x…" if found[0].startswith("0x") else "", text)
