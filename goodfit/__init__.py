"""Goodfit: graders for machine-learning assignments that run students' code in a sandbox.

A problem set imports two names from here, :mod:`check` and :func:`grades`. They are loaded when they are asked for, so
that a process which needs neither (a sandbox being built, ``goodfit --help``) does not wait for NumPy.
"""

from __future__ import annotations

import importlib
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from goodfit import check
    from goodfit.check import grades

__all__ = ["__version__", "check", "grades"]


def __getattr__(name: str) -> Any:
    if name == "check":
        return importlib.import_module("goodfit.check")
    if name == "grades":
        return importlib.import_module("goodfit.check").grades
    if name == "__version__":
        try:
            return version("goodfit")
        except PackageNotFoundError:  # a checkout that is not installed
            return "unknown"
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
