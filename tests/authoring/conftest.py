"""A course folder whose author makes mistakes."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from author_tools import fresh
from nbgrader.preprocessors import ClearHiddenTests, ComputeChecksums

from goodfit.authoring.leaks import find_leaks
from goodfit.notebooks.assignment import Assignment


@pytest.fixture
def inside(course_with_models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course folder, gone into."""
    monkeypatch.chdir(course_with_models)
    return course_with_models


@pytest.fixture
def released(inside: Path) -> tuple[Assignment, Path]:
    """The set with hidden series and tables, and a release without leaks."""
    rng = np.random.default_rng(1)
    given, hidden = (dict(np.load(Path(root, "tiny/data/points.npz"))) for root in ("source", "graders"))
    series = {"series": rng.normal(size=60), "labels": rng.integers(0, 3, 80), "table": rng.normal(size=(30, 5))}
    np.savez(Path("graders/tiny/data/more.npz"), **series)
    pd.DataFrame(rng.normal(size=(30, 4)), columns=list("abcd")).to_csv("graders/tiny/data/rows.csv", index=False)
    Path("graders/tiny/data/secret.bin").write_bytes(b"\x00\x01secret")
    assert given.keys() == hidden.keys()
    assignment = fresh()
    notebook = nbformat.from_dict(assignment.instructor)
    for preprocessor in (ClearHiddenTests, ComputeChecksums):
        notebook, _ = preprocessor().preprocess(notebook, {})
    folder = Path("release/tiny")
    shutil.copytree("source/tiny", folder)
    nbformat.write(notebook, folder / "tiny.ipynb")
    assert find_leaks(assignment, folder) == []
    return assignment, folder
