"""The exchange, as a JupyterHub has it: what docs/operator.md shows is done by an instructor and by another user."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_core.application import NoStart
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderApp

Class = Any  # of conftest.py
Submit = Any
SUPPORT = Path(__file__).parents[1] / "support"
PAGE = Path(__file__).parents[2] / "docs" / "operator.md"
STUDENT = "nobody"  # an account of every Linux; nbgrader asks the system whose a submission is
OF_STUDENTS = ("nbgrader list", "nbgrader fetch_assignment", "nbgrader submit", "nbgrader fetch_feedback")
SETTINGS = """
c = get_config()
c.CourseDirectory.course_id = "ml101"
c.Exchange.root = {root!r}
"""


def commands_of_the_page() -> list[str]:
    section = re.search(r"^## JupyterHub\n(.*?)^## ", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert section is not None
    return [line.replace("ps2_data_splitting", "tiny") for line in re.findall(r"^\$ (.*)$", section[1], re.MULTILINE)]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that another user can reach, with the exchange and the student's home in it."""
    with tempfile.TemporaryDirectory(prefix="goodfit-exchange-") as folder:
        os.chmod(folder, 0o755)
        for name in ("exchange", "home", "home/.jupyter"):
            Path(folder, name).mkdir()
        Path(folder, "exchange").chmod(0o777)
        Path(folder, "home", ".jupyter", "nbgrader_config.py").write_text(
            SETTINGS.format(root=f"{folder}/exchange"), encoding="utf-8"
        )
        subprocess.run(["chown", "-R", STUDENT, f"{folder}/home"], check=True)
        yield Path(folder)


def as_student(home: Path, command: str) -> str:
    """Run a command in a shell of the student's; what it says."""
    words = [
        sys.executable,
        str(SUPPORT / "as_user.py"),
        "env",
        f"HOME={home}",
        "bash",
        "-c",
        f"cd {home} && {command}",
    ]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, env={"PATH": path, "LANG": "C.UTF-8"}, timeout=400
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def as_instructor(graded: Class, command: str) -> None:
    program, *words = command.split()
    if program == "goodfit":
        code, said = graded.goodfit(*words)
        assert code == 0, said
        return
    with contextlib.chdir(graded.folder):
        app = NbGraderApp.instance()
        try:
            app.initialize(words)
            with contextlib.suppress(NoStart):  # the subcommand has run, and jupyter's applications end so
                app.start()
        finally:
            type(app.subapp or app).clear_instance()
            type(app).clear_instance()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs two users, and only root can be both")
@pytest.mark.timeout(900)
def test_two_users(graded: Class, place: Path, submit: Submit) -> None:
    """From a release to feedback: each sees what is theirs, and the time of the submission is the exchange's."""
    home, inbound = place / "home", place / "exchange" / "ml101" / "inbound"
    graded.settings(SETTINGS.format(root=str(place / "exchange")))
    graded.sql("UPDATE assignment SET duedate = '2026-03-01 12:00:00.000000'")
    shutil.rmtree(graded.folder / "submitted")  # who did not come over the exchange has no page there
    as_instructor(graded, "nbgrader generate_assignment tiny --force")
    answer = place / "answer.ipynb"
    answer.write_bytes(submit({"add-answer": "def add(a, b):\n    return 0"}))
    answer.chmod(0o644)
    done = []
    for command in commands_of_the_page():
        if command.startswith("nbgrader submit"):
            assert "### BEGIN" not in (home / "tiny" / "tiny.ipynb").read_text()
            command = f"cp {answer} tiny/tiny.ipynb && {command}"
        if command.startswith(OF_STUDENTS) or "nbgrader submit" in command:
            said = as_student(home, command)
            if "nbgrader list" in command:
                assert "ml101 tiny" in said
        else:
            as_instructor(graded, command)
        done.append(command)
    assert len(done) == 9
    (handed_in,) = inbound.iterdir()
    assert handed_in.owner() == STUDENT
    with Gradebook(graded.url) as book:
        recorded = book.find_submission("tiny", STUDENT)
        assert 0 < recorded.score < recorded.max_score
        assert f"{recorded.timestamp:%Y-%m-%d %H:%M:%S}" in (handed_in / "timestamp.txt").read_text()
        assert recorded.total_seconds_late > 0
    (page,) = (home / "tiny" / "feedback").rglob("tiny.html")
    assert page.read_bytes() == (graded.folder / "feedback" / STUDENT / "tiny" / "tiny.html").read_bytes()
    assert page.stat().st_uid == (home / "tiny").stat().st_uid
    hidden = as_student(home, f"ls {place}/exchange/ml101/inbound {place}/exchange/ml101/feedback 2>&1 || true")
    assert hidden.count("Permission denied") == 2
