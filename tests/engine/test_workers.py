"""How many submissions are graded at a time where nobody says it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from goodfit.grading import pool
from goodfit.grading.job import Job

GIB = 1 << 30


@pytest.mark.parametrize(
    ("cores", "free", "workers"),
    [(8, 64, 8), (8, 5, 4), (8, 2, 1), (8, 0.5, 1), (1, 64, 1), (2, 64, 2)],
    ids=["plenty", "memory for four", "memory for one", "hardly any memory", "one core", "two cores"],
)
def test_cores_and_memory_decide(monkeypatch: pytest.MonkeyPatch, cores: int, free: float, workers: int) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)))
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=free * GIB))
    monkeypatch.setattr(pool, "MEMORY_LIMITS", [])
    assert pool.default_workers() == workers


@pytest.mark.parametrize(("most", "workers"), [("4294967296", 2), ("max", 8)], ids=["a limit", "no limit"])
def test_a_containers_memory_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, most: str, workers: int) -> None:
    """What the machine has free is not what a container may use."""
    (tmp_path / "max").write_text(f"{most}\n")
    (tmp_path / "current").write_text(f"{1 * GIB}\n")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=64 * GIB))
    limits = [(str(tmp_path / "max"), str(tmp_path / "current")), (str(tmp_path / "none"), str(tmp_path / "none"))]
    monkeypatch.setattr(pool, "MEMORY_LIMITS", limits)
    assert pool.default_workers() == workers


SLEEPS = "def mean(values):\n    import time; time.sleep(60)"


@pytest.mark.parametrize(("free", "first"), [(64, "honest"), (0.5, "sleeps")], ids=["memory", "hardly any memory"])
def test_who_only_waits_leaves_its_place(
    monkeypatch: pytest.MonkeyPatch,
    graders: pool.Graders,
    job_of: Callable[..., Job],
    submit: Callable[..., bytes],
    free: float,
    first: str,
) -> None:
    """Of one place: the next one begins there, if there is memory for both; and each gets what it would have alone."""
    monkeypatch.setattr(pool, "_free_memory", lambda: free * GIB)
    class_ = [("sleeps", job_of(submit({"mean-answer": SLEEPS}), check_seconds=4)), ("honest", job_of(submit()))]
    done = dict(graders.grade_all(class_, workers=1))
    assert next(iter(done)) == first
    assert done["honest"].verdict == graders.grade(class_[1][1]).verdict
    assert "took longer than" in done["sleeps"].verdict.model_dump_json()


def test_hiding_data_sets_imports_none_of_their_packages() -> None:
    """Every grader asks where they lie: an import would cost each submission seconds."""
    asked = "import sys; from goodfit.grading.kernels import data_packages as p; print(*p(), 'sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    *found, imported = done.stdout.split()
    assert imported == "False"
    assert {Path(place).name for place in found} == {"mlxtend", "statsmodels", "data"}
    assert all(Path(place).is_dir() for place in found)
