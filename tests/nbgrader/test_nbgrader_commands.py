"""nbgrader's own commands and formgrader work unchanged in a Goodfit course folder."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

from jupyter_servers import jupyter_server
from nbgrader.api import Gradebook

from goodfit.authoring.demo_class import Case, answer_cases, odd_cases
from goodfit.course.course import Course

STUDENTS = {"reference": 5.0, "empty": 0.0, "wrong-first_value": 3.0}


def nbgrader(course: Path, *arguments: str) -> str:
    """Run nbgrader as a TA does; returns what it said."""
    command = ["nbgrader", *arguments]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def cases(course: Path) -> dict[str, Case]:
    assignment = Course(course).assignment("tiny")
    return {case.kind: case for case in answer_cases(assignment)} | odd_cases(assignment)


def notebooks(course: Path) -> dict[str, bytes]:
    return {kind: case.notebook for kind, case in cases(course).items() if kind in STUDENTS}


def test_the_whole_way_of_a_submission(course: Path) -> None:
    """Generate, collect a zip, autograde, feedback and export: the points are the verdict's, the pages say why."""
    nbgrader(course, "generate_assignment", "tiny")
    archive = course / "downloaded" / "tiny" / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "lms.zip", "w") as file:
        for student, content in notebooks(course).items():
            name = student.replace("_", "")  # the file name's parts are told apart by underscores
            file.writestr(f"{name}_attempt_2026-03-02-11-00-00_tiny.ipynb", content)
    pattern = r".+\/(?P<student_id>[\w-]+?)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>.+)"
    nbgrader(course, "zip_collect", "tiny", f"--FileNameCollectorPlugin.named_regexp={pattern}")
    said = nbgrader(course, "autograde", "tiny")
    assert "WARNING" not in said, said
    nbgrader(course, "generate_feedback", "tiny")
    nbgrader(course, "export")
    with open(course / "grades.csv", encoding="utf-8") as table:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(table)}
    assert scores == {student.replace("_", ""): score for student, score in STUDENTS.items()}
    page = (course / "feedback" / "wrong-firstvalue" / "tiny" / "tiny.html").read_text()
    assert "The mean of any number of values is right." in page
    assert "which is not right" in page
    shutil.rmtree(course / "feedback")
    done = subprocess.run(["goodfit", "feedback", "tiny"], cwd=course, capture_output=True, text=True, check=False)
    assert "feedback of 3 students" in done.stdout, done.stderr
    assert (course / "feedback" / "wrong-firstvalue" / "tiny" / "tiny.html").read_text() == page


def test_without_goodfits_configuration_graded_cells_give_nothing(course: Path) -> None:
    """A nbgrader that was started without our configuration gives 0 and says why, never full points."""
    nbgrader(course, "generate_assignment", "tiny")
    folder = course / "submitted" / "reference" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_bytes(notebooks(course)["reference"])
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    nbgrader(course, "autograde", "tiny")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        assert book.find_submission("tiny", "reference").score == 0
    cells = json.loads((course / "autograded" / "reference" / "tiny" / "tiny.ipynb").read_text())["cells"]
    said = [o["evalue"] for c in cells for o in c.get("outputs", []) if o["output_type"] == "error"]
    assert len(said) == 2
    assert all("only Goodfit grades this cell" in text for text in said)


def test_a_resubmission_without_its_graded_cells_loses_its_old_score(course: Path) -> None:
    """Full marks, then garbage without graded cells: the garbage is what counts."""
    of_kind = cases(course)
    nbgrader(course, "generate_assignment", "tiny")
    folder = course / "submitted" / "kim" / "tiny"
    folder.mkdir(parents=True)
    for kind, score in (("reference", 5), ("resubmitted-without-graded-cells", 0)):
        (folder / "tiny.ipynb").write_bytes(of_kind[kind].notebook)
        nbgrader(course, "autograde", "tiny", "--force")
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            assert book.find_submission("tiny", "kim").score == score


def ask(address: str, path: str, method: str = "GET", body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address + path, data=data, method=method)
    with urllib.request.urlopen(request, timeout=120) as answer:
        text = answer.read().decode()
    return text if text.lstrip().startswith("<") else json.loads(text)


def test_formgrader_grades_by_hand_and_by_button(course: Path, tmp_path: Path) -> None:
    """The autograde button gives the verdict's points; the interpretation question takes a manual grade."""
    nbgrader(course, "generate_assignment", "tiny")
    folder = course / "submitted" / "kim" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_bytes(
        notebooks(course)["reference"].replace(b"one wild value", b"a single odd value")
    )
    with jupyter_server(course, tmp_path / "home", ready="formgrader/api/status") as address:
        result = ask(address, "/formgrader/api/submission/tiny/kim/autograde", "POST")
        assert result["success"], result
        (notebook,) = ask(address, "/formgrader/api/submitted_notebooks/tiny/tiny")
        assert notebook["autograde_score" if "autograde_score" in notebook else "code_score"] == 5
        assert notebook["needs_manual_grade"]
        page = ask(address, f"/formgrader/submissions/{notebook['id']}")
        assert "The sum of two numbers is right." in page
        grades = ask(address, f"/formgrader/api/grades?submission_id={notebook['id']}")
        (question,) = [g for g in grades if g["auto_score"] is None]
        ask(address, f"/formgrader/api/grade/{question['id']}", "PUT", {"manual_score": 1.5})
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        submission = book.find_submission("tiny", "kim")
        assert submission.score == 6.5
        assert not submission.needs_manual_grade
