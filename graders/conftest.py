"""Lets ``pytest graders/<assignment> --notebook FILE`` grade one notebook by hand."""

from goodfit.cli.pytest_plugin import pytest_addoption, pytest_configure

__all__ = ["pytest_addoption", "pytest_configure"]
