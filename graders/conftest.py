"""Lets ``pytest graders/<assignment> --notebook FILE`` grade one notebook by hand."""

from graders.engine.by_hand import pytest_addoption, pytest_configure

__all__ = ["pytest_addoption", "pytest_configure"]
