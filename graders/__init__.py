"""Old names of the engine, for one version: what was ``graders`` is the package ``goodfit`` now.

This folder holds problem sets, and only their graders import them.
"""

from __future__ import annotations

import importlib
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from goodfit import check, grades

__all__ = ["check", "grades"]

MOVED = {
    "agent": "inside.agent", "answers": "authoring.answers", "assignment": "notebooks.assignment",
    "backups": "course.backups", "batch": "course.batch", "by_hand": "cli.pytest_plugin",
    "calibrate": "authoring.calibrate", "check": "check", "cli": "cli.app", "client": "grading.client",
    "course": "course.course", "data": "notebooks.data_files", "doctor": "cli.doctor", "excerpt": "notebooks.slice",
    "export": "course.export", "figures": "inside.figures", "files": "files", "grade": "grading.job",
    "gradebook": "course.nbgrader_plugins", "gradebook_file": "course.gradebook_file",
    "grader_files": "authoring.grader_files", "keras_file": "grading.keras_file", "kernels": "grading.kernels",
    "lateness": "notebooks.lateness", "leaks": "authoring.leaks", "match": "notebooks.match",
    "model": "grading.model", "model_reader": "inside.model_reader", "mutants": "authoring.mutants",
    "nbgrader_log": "course.nbgrader_log", "notebook_file": "notebooks.notebook_file", "outputs": "notebooks.outputs",
    "plugin": "grading.plugin", "pool": "grading.pool", "record": "authoring.measurements",
    "release": "authoring.release", "remarks": "notebooks.remarks", "report": "authoring.report",
    "restore": "notebooks.restore", "sample_class": "authoring.demo_course", "session": "grading.session",
    "source": "notebooks.source", "student": "grading.student", "submission": "notebooks.submission",
    "trial": "authoring.bank", "verdict": "grading.verdict", "verdict_view": "grading.verdict_view",
    "wire": "inside.wire",
}  # fmt: skip


class _Moved(MetaPathFinder, Loader):
    """Finds a moved module under its old name."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if fullname == "graders.engine" or fullname.removeprefix("graders.engine.") in MOVED:
            return ModuleSpec(fullname, self, is_package=fullname == "graders.engine")
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        if spec.name == "graders.engine":
            return None
        module = importlib.import_module("goodfit." + MOVED[spec.name.removeprefix("graders.engine.")])
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """It is loaded already, and keeps the name that it has."""
        if module.__spec__ is not None and module.__spec__.loader_state is not None:
            module.__spec__ = module.__spec__.loader_state


sys.meta_path.insert(0, _Moved())
