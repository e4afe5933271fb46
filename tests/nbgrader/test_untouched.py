"""A run that finds everything as the last one left it says the same at once; whatever has changed, the run is made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from goodfit.cli import grade, untouched

Class = Any  # of conftest.py


@pytest.fixture
def opened(graded: Class, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Notes each time that a command opens the course. The graded class is at rest: a run before had nothing to do."""
    notes: list[Path] = []
    open_course = grade.open_course
    monkeypatch.setattr(grade, "open_course", lambda folder: (notes.append(folder), open_course(folder))[1])
    monkeypatch.setattr(untouched, "SKEW", 0)
    monkeypatch.setattr(untouched, "OF_THE_SESSION", (*untouched.OF_THE_SESSION, "PYTEST_CURRENT_TEST"))
    (graded.folder / "late.py").write_text("c = get_config()\n")
    graded.settings(f"load_subconfig({str(graded.folder / 'late.py')!r})")
    come_to_rest(graded, notes)
    return notes


def come_to_rest(graded: Class, opened: list[Path]) -> str:
    """Grade until a run has nothing to do, and the next one knows; returns what it says."""
    for _ in range(4):
        opened.clear()
        code, said = graded.goodfit("grade", "tiny")
        assert code == 0
        if not opened:
            return str(said)
    raise AssertionError("each run opens the course")


def test_it_says_the_same(graded: Class, opened: list[Path]) -> None:
    code, again = graded.goodfit("grade", "tiny")
    assert (code, opened) == (0, [])
    shutil.rmtree(graded.folder / ".goodfit" / "untouched")
    assert graded.goodfit("grade", "tiny") == (0, again)
    assert len(opened) == 1
    assert "(unchanged)" in again
    assert "bo" in again


def test_who_needs_a_human_is_said_again(graded: Class, opened: list[Path]) -> None:
    (graded.folder / "submitted" / "cy" / "tiny").mkdir(parents=True)
    said = [graded.goodfit("grade", "tiny") for _ in range(4)]
    assert said[1:] == [said[1]] * 3
    assert said[1][0] == 1
    assert "cy: There is no notebook tiny.ipynb" in said[1][1]
    opened.clear()
    assert graded.goodfit("grade", "tiny") == said[1]
    assert opened == []


def rewrite(path: Path) -> None:
    path.write_bytes(path.read_bytes())


def new_student(graded: Class) -> None:
    shutil.copytree(graded.folder / "submitted" / "bo", graded.folder / "submitted" / "cy")


CHANGES: dict[str, Callable[[Class], Any]] = {
    "handed in again": lambda g: rewrite(g.folder / "submitted" / "bo" / "tiny" / "tiny.ipynb"),
    "handed in later": lambda g: (g.folder / "submitted" / "bo" / "tiny" / "timestamp.txt").write_text("2026-03-02"),
    "a student more": new_student,
    "a student less": lambda g: shutil.rmtree(g.folder / "submitted" / "bo"),
    "an autograded folder gone": lambda g: shutil.rmtree(g.folder / "autograded" / "bo" / "tiny"),
    "a score by hand": lambda g: g.sql("UPDATE grade SET manual_score = 1 WHERE manual_score IS NOT NULL"),
    "a check": lambda g: rewrite(next((g.folder / "graders" / "tiny").glob("test_*.py"))),
    "a further file of checks": lambda g: (g.folder / "graders" / "tiny" / "more.py").write_text(""),
    "a threshold": lambda g: rewrite(g.folder / "graders" / "tiny" / "thresholds.toml"),
    "the notebook": lambda g: rewrite(g.folder / "source" / "tiny" / "tiny.ipynb"),
    "the data": lambda g: rewrite(next((g.folder / "source" / "tiny" / "data").iterdir())),
    "a setting": lambda g: g.settings("c.Goodfit.limits = {}"),
    "a setting elsewhere": lambda g: (g.folder / "late.py").write_text("c = get_config() \n"),
    "a kept result": lambda g: (g.folder / ".goodfit" / "tiny" / "bo.json").unlink(),
    "a mark of a recording": lambda g: (g.folder / ".goodfit" / "tiny" / "bo.recorded").unlink(),
    "what is known": lambda g: (g.folder / ".goodfit" / "untouched" / "tiny.json").write_text('{"asked": []}'),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_has_changed_is_looked_at(graded: Class, opened: list[Path], change: Callable[[Class], Any]) -> None:
    change(graded)
    assert graded.goodfit("grade", "tiny")[0] == 0
    assert opened
    come_to_rest(graded, opened)


def test_a_set_that_a_known_student_hands_in_for_the_first_time(graded: Class, opened: list[Path]) -> None:
    (graded.folder / "submitted" / "dee" / "another").mkdir(parents=True)
    come_to_rest(graded, opened)
    shutil.copytree(graded.folder / "submitted" / "bo" / "tiny", graded.folder / "submitted" / "dee" / "tiny")
    assert "dee" in graded.goodfit("grade", "tiny")[1]
    assert opened


def test_a_change_while_a_run_looks_is_not_lost(
    graded: Class, opened: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Handed in again after a run has read what was there before, and before it ends."""
    score_lines = grade.score_lines

    def handed_in_meanwhile(*arguments: Any) -> Any:
        rewrite(graded.folder / "submitted" / "bo" / "tiny" / "tiny.ipynb")
        return score_lines(*arguments)

    graded.settings("# something new")
    with monkeypatch.context() as patch:
        patch.setattr(grade, "score_lines", handed_in_meanwhile)
        graded.goodfit("grade", "tiny")
    opened.clear()
    graded.goodfit("grade", "tiny")
    assert opened


def test_another_question_is_another_run(graded: Class, opened: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Other students, JSON, all anew, another environment: known of the one says nothing of the other."""
    for words in (["--student", "ada"], ["--json"], ["--force"]):
        opened.clear()
        assert graded.goodfit("grade", "tiny", *words)[0] == 0
        assert opened, words
    come_to_rest(graded, opened)
    monkeypatch.setenv("LATE_RULE", "strict")
    graded.goodfit("grade", "tiny")
    assert opened


def test_nbgrader_is_not_imported(course: Path, submit: Callable[..., bytes]) -> None:
    """A command of its own: it takes a quarter of a second instead of two."""
    place = course / "submitted" / "ada" / "tiny"
    place.mkdir(parents=True)
    (place / "tiny.ipynb").write_bytes(submit())
    script = (
        "import sys; from goodfit.cli import app, untouched; untouched.SKEW = 0\n"
        "try:\n    app.app(['grade', 'tiny'])\n"
        "finally:\n    print('imported:', 'nbgrader' in sys.modules, 'numpy' in sys.modules)"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", script], cwd=course, capture_output=True, text=True, check=True, env=os.environ
        ).stdout
        for _ in range(3)
    ]
    assert said[1].replace("imported: True True", "imported: False False") == said[2]
