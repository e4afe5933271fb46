"""A fork server that is started before anybody needs it."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import psutil
import pytest

from goodfit.grading import kernels
from goodfit.sandbox.fork.client import ADDRESS_VARIABLE
from goodfit.sandbox.launch import Tier


@pytest.fixture(autouse=True)
def on_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No server is running, and folders are where they can be counted."""
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def servers() -> list[psutil.Process]:
    return [p for p in psutil.Process().children() if "goodfit.sandbox.fork.server" in p.cmdline()]


def test_who_grades_uses_it(tmp_path: Path) -> None:
    before = servers()
    with kernels.started_early({"json"}):
        with kernels.serving("fork", {"json"}) as (tier, address):
            assert tier is Tier.FORK
            (mine,) = [p for p in servers() if p not in before]
            assert Path(str(address)).parent.parent == tmp_path
        assert not mine.is_running()
    assert list(tmp_path.glob("gf-*")) == []


@pytest.mark.parametrize("error", [None, ValueError])
def test_nothing_is_left_of_one_that_nobody_used(tmp_path: Path, error: type[Exception] | None) -> None:
    """Whether all went well, or the command ended in trouble."""
    before = servers()
    with pytest.raises(ValueError) if error else contextlib.nullcontext(), kernels.started_early({"json"}):
        if error:
            raise error
    assert [p for p in servers() if p not in before] == []
    assert list(tmp_path.glob("gf-*")) == []
    with kernels.serving("fork", {"json"}) as (_, address):  # the next starts its own
        assert Path(str(address)).exists()
