"""What a browser gets of a student's notebook: text and bitmaps, nothing that it would run."""

from __future__ import annotations

import base64
import binascii
import re
from html import escape
from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from jinja2.runtime import Context
from nbformat import NotebookNode
from nbformat.v4 import new_output

BITMAPS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}  # how each begins
MAX_IMAGE = 4 * 2**20  # bytes
MAX_TEXT = 100_000  # characters of one output
MAX_LINES_OF_TRACEBACK = 60
MAX_MARKDOWN = 20_000  # characters; what is longer is shown as it is: markdown parsers need the square of some texts

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
BITMAP = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*")


def keep_safe_outputs(outputs: list[Any]) -> list[NotebookNode]:
    """Rebuild outputs from their text and images alone: HTML, SVG, scripts, widgets and metadata are dropped."""
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


@pass_context
def markdown(context: Context, source: str) -> str:
    """Markdown as HTML without anything live: in place of nbconvert's filter ``markdown2html``, which keeps it all."""
    from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath

    attachments = (context.get("cell") or {}).get("attachments", {})
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    source = ACTIVE_TEX.sub(r"\1", source)
    try:
        if len(source) <= MAX_MARKDOWN:
            return html(MarkdownWithMath(renderer=renderer).render(source))
    except InvalidNotebook:  # a pasted image, which stops nbconvert: only the text of a student's cell is kept
        return html(MarkdownWithMath(renderer=renderer).render(source.replace("attachment:", "attachment-")))
    except RecursionError:
        pass
    return f"<pre>{escape(source)}</pre>"


def html(text: Any) -> str:
    """HTML with everything escaped that a browser would run or load into the page, as nbconvert's ``clean_html``."""
    css = CSSSanitizer(allowed_css_properties=STYLES)
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    protocols = {"http", "https", "mailto", "data"}
    return bleach.clean(text, tags=TAGS, attributes=_admits, protocols=protocols, css_sanitizer=css)


def _admits(tag: str, name: str, value: str) -> bool:
    """Whether an attribute stays. Ids and classes of the page's own scripts are not a student's to give."""
    if name == "class":
        return all(CODE_CLASS.fullmatch(word) for word in value.split())
    if name == "href":
        return tag == "a" and bool(LINK.fullmatch(value) or WEB.fullmatch(value))
    if name == "src":
        return tag == "img" and bool(BITMAP.fullmatch(value))  # nothing that tells another site who reads the page
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
    safe = {mime: image for mime in BITMAPS if (image := bitmap(mime, data.get(mime)))}
    if "text/plain" in data or not safe:
        safe["text/plain"] = _text(data.get("text/plain"))
    # as display_data: an execute_result with a number is nbgrader's partial credit, which only the verdict gives
    return new_output("display_data", data=safe)


def _text(value: Any) -> str:
    text = "".join(v for v in value if isinstance(v, str)) if isinstance(value, list) else value
    if not isinstance(text, str):
        return ""
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "\n[… cut off]"
