"""Plots in a student's kernel: below their cells as in Jupyter, and always as a bitmap.

Runs in the *student's* process, like the agent. There is no display here and no browser that talks back, so whatever
asks for a window or a live figure (``%matplotlib qt``, ``notebook``, ``widget``, ``matplotlib.use("TkAgg")``) gets
pictures. A figure format that no page shows (SVG, PDF) becomes PNG.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable
from typing import Any

from goodfit.sandbox.confine import INLINE

MAX_ALT = 600  # characters; of a figure with many parts the first ones are described
VECTOR = {"svg", "pdf"}  # figure formats that a page cannot show, or could only show as a student's own document
NOTE = (
    "[Goodfit] With the matplotlib backend {!r} plots are not shown below their cells. "
    "Take that line out, or write `%matplotlib inline` where plots are to be shown.\n"
)


def arrange(shell: Any) -> None:
    """Prepare a new kernel, before its first cell. Without matplotlib there is nothing to do.

    Args:
        shell: the kernel's IPython shell.
    """
    shell.enable_gui = lambda gui=None: None  # `%gui qt` too: there is no toolkit whose events could be served
    os.environ["MPLBACKEND"] = INLINE  # without a sandbox it may be the user's own
    try:
        import matplotlib
        from IPython.core import pylabtools
        from matplotlib import pyplot
        from matplotlib.backends.registry import BackendFilter, backend_registry
    except ImportError:
        return
    matplotlib.get_configdir()  # makes the folder, as an import in this process would have done
    if os.path.isfile("matplotlibrc"):  # the student's, which an import before a fork could not find
        with contextlib.suppress(Exception):
            matplotlib.rc_file("matplotlibrc")
    # "cairo" needs a package of its own
    chooses = _only_drawable(set(backend_registry.list_builtin(BackendFilter.NON_INTERACTIVE)) - {"cairo"})
    matplotlib.use = chooses(matplotlib.use, INLINE)
    pyplot.switch_backend = chooses(pyplot.switch_backend, INLINE)
    shell.enable_matplotlib = chooses(shell.enable_matplotlib, "inline")
    pylabtools.select_figure_formats = _with_bitmap(pylabtools.select_figure_formats)


def _only_drawable(quiet: set[str]) -> Callable[[Callable[..., Any], str], Callable[..., Any]]:
    """Wraps functions that choose a backend: one that only writes files stays, with a note; else the inline one."""
    present: list[str] = []

    def wrap(choose: Callable[..., Any], inline: str) -> Callable[..., Any]:
        @functools.wraps(choose)
        def chosen(backend: Any = None, *args: Any, **kwargs: Any) -> Any:
            name = backend.lower() if isinstance(backend, str) else ""
            if name not in quiet:
                present.clear()
                return choose(inline, *args, **kwargs)
            if name not in present:  # these functions call each other
                present[:] = [name]
                sys.stderr.write(NOTE.format(backend))
            return choose(backend, *args, **kwargs)

        return chosen

    return wrap


def _with_bitmap(select: Callable[..., None]) -> Callable[..., None]:
    """Wraps IPython's choice of figure formats."""

    @functools.wraps(select)
    def selected(shell: Any, formats: Any, **kwargs: Any) -> None:
        wanted = {formats} if isinstance(formats, str) else set(formats)
        select(shell, wanted - VECTOR or {"png"}, **kwargs)
        _describe_pictures(shell)

    return selected


def _describe_pictures(shell: Any) -> None:
    """Have pictures of figures carry what they show in words, for those who do not see them."""
    from matplotlib.figure import Figure

    for mime in ("image/png", "image/jpeg"):
        formatter = shell.display_formatter.formatters[mime]
        with contextlib.suppress(KeyError):
            draw = formatter.lookup_by_type(Figure)
            if getattr(draw, "func", None) is not _drawn_and_described:
                formatter.for_type(Figure, functools.partial(_drawn_and_described, draw))


def _drawn_and_described(draw: Callable[[Any], Any], figure: Any) -> Any:
    drawn = draw(figure)
    if drawn is None:
        return None
    picture, told = drawn if isinstance(drawn, tuple) else (drawn, {})
    try:
        return picture, {**told, "alt": description(figure)}
    except Exception:  # a student's own kind of figure
        return drawn


def description(figure: Any) -> str:
    """A figure in words: of each part the title, the axes' labels and the legend, as far as it has them."""
    heading = figure.get_suptitle()
    parts = [heading] if heading else []
    for axes in figure.axes:
        labels = [
            f"{label} by {of}" if of else label for label, of in [(axes.get_ylabel(), axes.get_xlabel())] if label
        ]
        labels = labels or [f"by {of}" for of in [axes.get_xlabel()] if of]
        legend = axes.get_legend()
        labels += [", ".join(text.get_text() for text in legend.get_texts())] if legend else []
        words = ": ".join(part for part in (axes.get_title(), "; ".join(labels)) if part)
        parts += [words] if words else []
    words = " ".join(". ".join(["Plot", *parts]).split())
    return words if len(words) <= MAX_ALT else words[:MAX_ALT] + "…"
