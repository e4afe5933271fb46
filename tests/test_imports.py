"""The folder tree keeps its promises: a problem set is added by adding folders, and touches only the public face."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from graders.engine.assignment import Assignment

REPOSITORY = Path(__file__).resolve().parents[1]
SETS = [assignment.name for assignment in Assignment.every(REPOSITORY / "source")]


@pytest.mark.parametrize("name", SETS)
def test_graders_import_the_public_face_and_their_own_set_only(name: str) -> None:
    """A set's graders import `graders`, their own folder and public packages, never the engine or another set."""
    for path in (REPOSITORY / "graders" / name).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for imported in names:
                assert imported == "graders" or not imported.startswith("graders.") or imported.split(".")[1] == name, (
                    f"{path.relative_to(REPOSITORY)} imports {imported}"
                )


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
    for path in (REPOSITORY / "graders" / "engine").rglob("*.py"):
        text = path.read_text()
        assert not [name for name in SETS if name in text], path
