"""The tiny set with and without its exercise on a model."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

COURSE = Path(__file__).resolve().parents[1] / "course"
_IGNORED = shutil.ignore_patterns("__pycache__", "nbgrader_config.py")


def copy_course(folder: Path, *, models: bool = False) -> None:
    """Copy the tests' course, without the settings; without models, grading it waits for no TensorFlow."""
    shutil.copytree(COURSE, folder, ignore=_IGNORED)
    if not models:
        leave_out_models(folder / "source" / "tiny" / "tiny.ipynb", folder / "graders" / "tiny")


def leave_out_models(source: Path, graders: Path) -> None:
    """Take the exercise with the model from a copy of the tiny set: its cells, check, threshold and wrong answer."""
    notebook = json.loads(source.read_text())
    notebook["cells"] = [cell for cell in notebook["cells"] if not cell["id"].startswith("model")]
    source.write_text(json.dumps(notebook, indent=1))
    checks = graders / "test_tiny.py"
    checks.write_text(re.sub(r'\n\n@grades\("model".*\Z', "", checks.read_text(), flags=re.DOTALL))
    (graders / "thresholds.toml").unlink()
    (graders / "answers" / "wrong" / "untrained.py").unlink()
