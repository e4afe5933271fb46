"""The folder tree keeps its promises: a problem set is added by adding folders, and touches only the public face."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from goodfit.notebooks.assignment import Assignment

REPOSITORY = Path(__file__).resolve().parents[2]
SETS = [assignment.name for assignment in Assignment.every(REPOSITORY / "source", REPOSITORY / "graders")]


@pytest.mark.parametrize("name", SETS)
def test_graders_import_the_public_face_and_their_own_set_only(name: str) -> None:
    """A set's graders import two names of Goodfit, their own folder, what sets share, and public packages."""
    others = {other for other in SETS if other != name} | {"graders", "tests"}
    for path in (REPOSITORY / "graders" / name).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            where = path.relative_to(REPOSITORY)
            assert not [n for n in names if n.startswith("goodfit.") or n.split(".")[0] in others], where
            if isinstance(node, ast.ImportFrom) and node.module == "goodfit":
                assert {alias.name for alias in node.names} <= {"check", "grades"}, where


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_whole(name: str) -> None:
    """Notebook, release, graders (a package, which the import rules look at) and an answer bank are all there."""
    graders = REPOSITORY / "graders" / name
    assert (REPOSITORY / "release" / name / f"{name}.ipynb").is_file()
    assert (graders / "__init__.py").is_file()
    assert list(graders.glob("test_*.py"))
    assert len(list((graders / "answers" / "right").glob("*.py"))) >= 2
    assert len(list((graders / "answers" / "wrong").glob("*.py"))) >= 8


def test_no_set_is_named_in_the_engine() -> None:
    """The engine knows no problem set by name."""
    for path in (REPOSITORY / "goodfit").rglob("*.py"):
        text = path.read_text()
        assert not [name for name in SETS if name in text], path
