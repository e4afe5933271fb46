"""Goodfit's graders: the public face that a problem set's pytest files import.

A check is a plain pytest function marked with :func:`grades`; it asks the student's notebook through the ``student``
fixture and judges the answers with :mod:`check`.
"""

from graders.engine import check
from graders.engine.check import grades

__all__ = ["check", "grades"]
