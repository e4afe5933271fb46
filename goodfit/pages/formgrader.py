"""formgrader's page of a submission: drawn within a time, safe to look at, and complete without a network.

formgrader makes the page with nbconvert, in the one thread that answers everybody. What takes time there are the
filters that draw texts, so they do it in a process of its own (:mod:`goodfit.pages.deadline`), and the server only puts
together what came of it. Formulas come as MathML; MathJax, which nbgrader's template takes from another host, is left
out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from html import escape
from typing import Any

from jinja2 import DictLoader, pass_context
from jinja2.runtime import Context
from nbconvert.filters.ansi import ansi2html
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from goodfit.notebooks import outputs
from goodfit.pages.deadline import TooSlow, within

PAGE_SECONDS = 10  # of a processor; an ordinary page takes one. Whoever else uses formgrader waits as long
DRAWN = "goodfit_drawn"  # key of nbconvert's resources
TOO_SLOW = "**This notebook takes too long to draw.** Its texts, code and tables are shown as they were written."
# nbgrader's script of the page asks MathJax when it has ended, and then goes to the first field
NO_MATHJAX = """\
{%- macro mathjax(url="") -%}
<script>
var MathJax = {Hub: {Startup: {signal: {Interest: function (hear) {
  window.addEventListener("load", function () { hear("End"); });
}}}}};
</script>
{%- endmacro %}
"""


class DrawInTime(Preprocessor):
    """Draws the texts of a notebook for the filters below."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Leaves in the resources what the filters are going to answer.

        Args:
            nb: a graded notebook; what a student can have put into it is hostile.
            resources: formgrader's.
        """
        exporter: Any = self.parent
        if not exporter.extra_loaders:  # no configuration reaches these
            exporter.extra_loaders = [DictLoader({"mathjax.html.j2": NO_MATHJAX})]

        def draw() -> str:  # in a fork: what is changed here is changed for this one drawing
            self.enabled = False
            drawn = dict[str, str]()
            resources[DRAWN] = _Drawing(drawn)
            exporter.from_notebook_node(nb, resources)
            return json.dumps(drawn)

        try:
            resources[DRAWN] = _Drawn(json.loads(within(PAGE_SECONDS, draw)))
        except TooSlow:
            nb.cells.insert(0, new_markdown_cell(TOO_SLOW))
            resources[DRAWN] = _Drawn({})
        return nb, resources


class _Drawing:
    """Draws texts, and writes down what came of each."""

    def __init__(self, drawn: dict[str, str]) -> None:
        self._drawn = drawn

    def __deepcopy__(self, memo: Any) -> _Drawing:
        return self  # nbconvert copies its resources

    def give(self, kind: str, source: str, make: Callable[[], str]) -> str:
        key = _key(kind, source)
        if key not in self._drawn:
            self._drawn[key] = make()
        return self._drawn[key]


class _Drawn:
    """Gives what was drawn; what was not, as it was written."""

    def __init__(self, drawn: dict[str, str]) -> None:
        self._drawn = drawn

    def give(self, kind: str, source: str, make: Callable[[], str]) -> str:
        if source == TOO_SLOW:
            return make()
        plain = escape(source) if kind == "text" else f"<pre>{escape(source)}</pre>"
        return self._drawn.get(_key(kind, source), plain)


def _key(kind: str, source: str) -> str:
    return hashlib.sha256(f"{kind}\0{source}".encode("utf-8", "surrogatepass")).hexdigest()


@pass_context
def markdown(context: Context, source: str) -> str:
    """A text cell: the filter ``markdown2html``."""
    cell = context.get("cell") or {}
    kind = f"markdown {json.dumps(cell.get('attachments'), sort_keys=True, default=str)}"
    return _given(context, kind, source, lambda: outputs.markdown(context, source))


@pass_context
def html(context: Context, source: Any) -> str:
    """Markup of an output or of nbconvert's own: the filter ``clean_html``."""
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else str(source)
    return _given(context, "html", text, lambda: outputs.html(text))


@pass_context
def code(context: Context, source: str, **told: Any) -> str:
    """Code in colours: the filter ``highlight_code``."""
    language = str((context.get("nb") or {}).get("metadata", {}).get("language_info", {}).get("name") or "python")
    return _given(context, f"code {language}", source, lambda: Highlight2HTML(pygments_lexer=language)(source))


@pass_context
def text(context: Context, source: Any) -> str:
    """What was printed: the filter ``ansi2html``."""
    return _given(context, "text", str(source), lambda: ansi2html(str(source)))


def _given(context: Context, kind: str, source: str, make: Callable[[], str]) -> str:
    drawing = (context.get("resources") or {}).get(DRAWN)
    return drawing.give(kind, source, make) if drawing else make()
