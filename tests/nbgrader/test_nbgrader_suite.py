"""nbgrader's own autograde suite, with Goodfit's classes wired in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MODULE = "nbgrader.tests.apps.test_nbgrader_autograde"
STOCK = {"passed": 40, "skipped": 2}  # nbgrader 0.9.6 without Goodfit, on the same versions
SAMPLE = [  # one of each thing that Goodfit takes the place of
    "test_grade", "test_late_submission_penalty_plugin", "test_update_newer", "test_hidden_tests_single_notebook",
    "test_handle_failure", "test_permissions",
]  # fmt: skip


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        pytest.param(SAMPLE, {"passed": len(SAMPLE) + 1}, id="sample"),  # permissions with and without a group
        pytest.param([], STOCK, id="whole", marks=pytest.mark.all),
    ],
)
def test_nbgraders_autograde_suite_passes_as_with_stock_nbgrader(
    repository: Path, tmp_path: Path, tests: list[str], expected: dict[str, int]
) -> None:
    """As many of nbgrader's autograde tests pass as with stock nbgrader, and the others are the same skips."""
    shutil.copy(repository / "nbgrader_config.py", tmp_path)
    command = [
        sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(tmp_path), "-q",
        "--pyargs", *([f"{MODULE}::TestNbGraderAutograde::{name}" for name in tests] or [MODULE]),
    ]  # fmt: skip
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path), "PYTEST_ADDOPTS": ""}
    for name in [n for n in environment if n.startswith("PYTEST_XDIST")]:
        del environment[name]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    counts = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|skipped|error)", done.stdout[-300:])}
    assert counts == expected, done.stdout[-6000:]
