"""`nbgrader zip_collect` sorts what Canvas and Moodle hand out, named as they name it."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from nbgrader.apps import ZipCollectApp

CANVAS = {
    "lovelaceada_1001_555_tiny.ipynb": "ada",
    "lovelaceada_1001_601_notes.pdf": "no notebook",
    "kimminsu_LATE_1003_556_tiny-1.ipynb": "minsu, handed in again, late",
    "kimminsu_1004_557_tiny.ipynb": "another minsu",
    "van_der_berg_1005_558_tiny.ipynb": "berg",
    "김철수_1002_559_tiny.ipynb": "chulsu",
    "redgroup_1007_563_tiny.ipynb": "a group",
    "anon_a1B2c_561_tiny.ipynb": "nobody",
    "LATE_anon_Zz9Kq_562_tiny.ipynb": "nobody, late",
    "eve_9_1001_999_tiny.ipynb": "eve, who is called “Eve_9” or is 9",
    "eve_1008_564_1001_tiny.ipynb": "eve, whose file is called 1001_tiny",
    "readme.ipynb": "nobody's",
}
MOODLE = {
    "Ada Lovelace_501_assignsubmission_file/tiny.ipynb": "ada",
    "Ada Lovelace_501_assignsubmission_onlinetext/onlinetext.html": "words",
    "김 철수_502_assignsubmission_file_/tiny.ipynb": "chulsu",
    "Gruppe A-Minsu Kim_503_assignsubmission_file/tiny.ipynb": "minsu",
    "Participant_504_assignsubmission_file/work/tiny.ipynb": "nobody",
    "Jörg_505_assignsubmission_file_tiny (1).ipynb": "jörg",
    "Eve_506_assignsubmission_file/x_501_assignsubmission_file/tiny.ipynb": "eve",
    "__MACOSX/Ada Lovelace_501_assignsubmission_file/._tiny.ipynb": "rubbish",
}


def download(course: Path, name: str, files: Mapping[str, str | bytes], time: float = 1e9) -> None:
    path = course / "downloaded" / "tiny" / "archive" / f"{name}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    os.utime(path, (time, time))


def collect(course: Path, platform: str) -> tuple[dict[str, str], str]:
    """Collected files by "student/file", and what nbgrader warned of."""
    with open(course / "nbgrader_config.py", "a") as file:
        file.write(f"c.Goodfit.downloads_from = {platform!r}\n")
    said: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    with contextlib.chdir(course):
        app = ZipCollectApp()
        app.initialize(["tiny"])
        app.log.addHandler(handler)
        try:
            app.start()
        finally:
            app.log.removeHandler(handler)
    return submitted(course), "\n".join(said)


def submitted(course: Path) -> dict[str, str]:
    root = course / "submitted"
    return {f"{path.parts[-3]}/{path.name}": path.read_text() for path in root.glob("*/tiny/*")}


def test_canvas(course: Path) -> None:
    """User ids, late marks, anonymous and group submissions; a name that can be read in two ways is left aside."""
    inner = course.parent / "work.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("work/tiny.ipynb", "in a zip")
    download(course, "ml_2026_1_2-tiny_submissions", {**CANVAS, "bo_1006_565_work.zip": inner.read_bytes()})
    download(course, "a second one", {"lovelaceada_1001_700_tiny-2.ipynb": "ada, handed in again"})
    found, said = collect(course, "canvas")
    assert found == {
        "1001/tiny.ipynb": "ada, handed in again",
        "1002/tiny.ipynb": "chulsu",
        "1003/tiny.ipynb": "minsu, handed in again, late",
        "1004/tiny.ipynb": "another minsu",
        "1005/tiny.ipynb": "berg",
        "1006/tiny.ipynb": "in a zip",
        "1007/tiny.ipynb": "a group",
        "a1B2c/tiny.ipynb": "nobody",
        "Zz9Kq/tiny.ipynb": "nobody, late",
    }
    assert "Marked as late by Canvas, which does not say when they were handed in: 1003, Zz9Kq." in said
    assert said.count("Left aside, because it is not clear whose it is") == 3
    assert "1001 has tiny.ipynb in several downloads" in said


@pytest.mark.parametrize("newer", [False, True])
def test_moodle(course: Path, newer: bool) -> None:
    """Participants' numbers, with folders or without, groups, blind marking; the newest of two downloads."""
    download(course, "ml-tiny-17", MOODLE)
    other = {"Ada Lovelace_501_assignsubmission_file/tiny.ipynb": "ada of another day"}
    download(course, "an other", other, time=2e9 if newer else 1e8)
    found, _ = collect(course, "moodle")
    assert found == {
        "501/tiny.ipynb": "ada of another day" if newer else "ada",
        "502/tiny.ipynb": "chulsu",
        "503/tiny.ipynb": "minsu",
        "504/tiny.ipynb": "nobody",
        "505/tiny (1).ipynb": "jörg",
        "506/tiny.ipynb": "eve",
    }


def test_an_expression_of_the_course_counts(course: Path) -> None:
    """`nbgrader zip_collect` as a command, with nbgrader's own setting."""
    download(course, "some", {"ada_tiny.ipynb": "ada", "kimminsu_1004_557_tiny.ipynb": "minsu"})
    with open(course / "nbgrader_config.py", "a") as file:
        file.write(r"c.FileNameCollectorPlugin.named_regexp = r'.*/(?P<student_id>ada)_(?P<file_id>\w+)'" + "\n")
        file.write("c.Goodfit.downloads_from = 'canvas'\n")
    command = ["nbgrader", "zip_collect", "tiny"]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert submitted(course) == {"ada/tiny.ipynb": "ada"}
