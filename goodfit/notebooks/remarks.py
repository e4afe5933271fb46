"""Sentences about a submission, kept few: one kind of finding fills a line or a handful, never a page."""

from __future__ import annotations

from collections.abc import Sequence

EACH = 5  # so many of a kind have a sentence each
FIRST = 3  # so many are named where there are more


def remarks(names: Sequence[str], one: str, many: str) -> list[str]:
    """Say the same of several things.

    Args:
        names: the things, as they are to be shown.
        one: a sentence about one of them, with ``{}`` in its place.
        many: a sentence about more than a handful, with ``{}`` for "44 (`a`, `b`, `c` and 41 more)".
    """
    if len(names) <= EACH:
        return [one.format(name) for name in names]
    return [many.format(f"{len(names)} ({', '.join(names[:FIRST])} and {len(names) - FIRST} more)")]
