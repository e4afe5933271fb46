"""What attackers do to the file, in the file of somebody whose answers are right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from attack_corpus import corpus
from attack_tools import RIGHT, Grade, Submit


@pytest.mark.parametrize("name", ["other_locks", "graded_cells_three_times", "cells_reversed"])
def test_a_right_answer_in_an_odd_file_keeps_its_points(
    submit: Submit, grade: Grade, tmp_path: Path, name: str
) -> None:
    """Not even against the student: what is settled from the instructor's source costs an honest answer nothing."""
    attack: dict[str, Any] = {}
    exec(compile(corpus()[f"forging/{name}"].code, name, "exec"), attack)
    bundle = grade(submit(edit=lambda notebook: attack["hand_in"](tmp_path, notebook)))
    assert not bundle.verdict.needs_human, bundle.log
    assert bundle.verdict.earned == RIGHT
