"""A class with attackers in it, graded as `goodfit grade` does."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from goodfit.course import batch
from goodfit.course.course import Course
from goodfit.grading.pool import Graders


@pytest.fixture
def course(course_with_models: Path) -> Path:
    """With the model, its threshold and its hidden rows: they are a way in, and a thing to find."""
    return course_with_models


@pytest.fixture
def grade_class(course: Path, graders: Graders, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Grades everybody of the course as `goodfit grade` does, with the warm server of the tests."""

    @contextlib.contextmanager
    def serving(tier: str, imports: Any = None) -> Iterator[tuple[Any, str | None]]:
        yield graders.tier, graders.server

    monkeypatch.setattr(batch, "serving", serving)

    def run(**notebooks: bytes) -> dict[str, Any]:
        opened = Course(course)
        for name, notebook in notebooks.items():
            folder = opened.submitted("tiny", name)
            folder.mkdir(parents=True)
            (folder / "tiny.ipynb").write_bytes(notebook)
        assignment = opened.assignment("tiny")
        results = batch.grade_class(opened, assignment, opened.students("tiny"), "fork", workers=2)
        return {result.student: result for result in results}

    return run
