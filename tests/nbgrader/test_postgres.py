"""A gradebook on a PostgreSQL server holds what a SQLite file would, and is as hard to lose."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import postgres
import psycopg
import pytest
from gradebooks import files, rows
from nbgrader.api import Gradebook
from postgres import PASSWORD, Server

from goodfit.course.course import Course
from goodfit.course.recording import Recorder

Class = Any  # conftest.py's
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    found = postgres.programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed here (Debian and Ubuntu: apt-get install postgresql)")
    with postgres.running(found) as running:
        yield running


def moved(graded: Class, url: str) -> Class:
    """A copy of a class, with the results that are ready, whose gradebook is an empty one on the server."""
    folder = Path(shutil.copytree(graded.folder, graded.folder.with_name("on_server")))
    (folder / "gradebook.db").unlink()
    shutil.rmtree(folder / "autograded")
    copy = type(graded)(folder)
    copy.settings(f"c.CourseDirectory.db_url = {url!r}")
    return copy


def by_hand(url: str) -> None:
    """What a TA does to ada's interpretation in formgrader (see conftest.py), and to the due date."""
    with Gradebook(url) as book:
        grade = book.find_grade("why", "tiny", "tiny", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2, 0.5, False
        book.find_comment("why", "tiny", "tiny", "ada").manual_comment = "Well argued."
        book.update_or_create_assignment("tiny", duedate="2026-03-01 12:00:00")


def test_the_same_rows_files_and_pages(handed_in: Class, server: Server) -> None:
    """By hand, late, with files, nothing, a broken file: graded twice, the second time with what a TA has changed."""
    assert handed_in.goodfit("grade", "tiny", "--jobs", "1")[0] == 1  # eva's needs a human
    ours = moved(handed_in, server.fresh())
    assert ours.goodfit("grade", "tiny")[0] == 1
    by_hand(ours.url)
    for one in (handed_in, ours):
        for mark in (one.folder / ".goodfit" / "tiny").glob("*.recorded"):
            mark.unlink()
        assert one.goodfit("grade", "tiny")[0] == 1
        assert one.goodfit("feedback", "tiny")[0] == 0
    assert rows(ours.url) == rows(handed_in.url)
    found = rows(ours.url)
    assert ("ada", "why", None, 2.0, 0.5, True) in found["grade"]
    assert [row for row in found["notebook"] if row[2]] == [("cem", "tiny", pytest.approx(0.2))]
    assert len(found["submission"]) == 6
    assert files(ours.folder) == files(handed_in.folder)
    pages = [sorted((one.folder / "feedback").rglob("*.html")) for one in (ours, handed_in)]
    assert [page.read_bytes() for page in pages[0]] == [page.read_bytes() for page in pages[1]]
    assert len(pages[0]) == 6
    courses = [Course(one.folder) for one in (ours, handed_in)]
    assert courses[0].scores(courses[0].assignment("tiny")) == courses[1].scores(courses[1].assignment("tiny"))
    before = files(ours.folder)
    assert ours.goodfit("grade", "tiny")[0] == 1
    assert (rows(ours.url), files(ours.folder)) == (found, before)
    found = {one["what"]: one for one in json.loads(ours.goodfit("doctor", "--json")[1])}
    assert found["gradebook"]["state"] == "ok"
    assert found["gradebook"]["detail"].startswith("postgresql+psycopg://ta:***@/course")


def test_several_assignments_at_once(graded: Class, server: Server) -> None:
    """Two runs begin with an empty database: both make it, and everybody in it, and each records all of its class."""
    for room, name in (("source", "tiny.ipynb"), ("submitted/ada", "tiny.ipynb"), ("graders", "")):
        shutil.copytree(graded.folder / room / "tiny", graded.folder / room / "second")
        if name:
            (graded.folder / room / "second" / name).rename(graded.folder / room / "second" / "second.ipynb")
    assert graded.goodfit("grade", "second", "--jobs", "1")[0] == 0
    everybody = ["ada", *(f"student{n}" for n in range(8))]
    ours = moved(graded, server.fresh())
    for name in ("tiny", "second"):
        (ours.folder / ".goodfit" / name / "bo.json").unlink(missing_ok=True)
        for student in everybody[1:]:
            shutil.copytree(ours.folder / "submitted" / "ada" / name, ours.folder / "submitted" / student / name)
            shutil.copy(
                ours.folder / ".goodfit" / name / "ada.json", ours.folder / ".goodfit" / name / f"{student}.json"
            )
    shutil.rmtree(ours.folder / "submitted" / "bo")
    command = ["goodfit", "grade"]
    say = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    runs = [subprocess.Popen([*command, name], cwd=ours.folder, **say) for name in ("tiny", "second")]
    for run in runs:
        said, _ = run.communicate(timeout=200)
        assert run.returncode == 0, said
    found = rows(ours.url)
    assert [row[0] for row in found["student"]] == everybody
    assert sorted(row[:2] for row in found["submission"]) == sorted(
        (s, a) for s in everybody for a in ("second", "tiny")
    )
    points = [(student, cell, score) for student, cell, score, *_ in rows(graded.url)["grade"] if student == "ada"]
    for student in everybody:
        theirs = [("ada", cell, score) for who, cell, score, *_ in found["grade"] if who == student]
        assert theirs == points


def test_two_runs_make_the_same_student(graded: Class, server: Server) -> None:
    """The database lets the second one wait for the end of the first one's transaction, and then refuses its row."""
    ours = moved(graded, server.fresh())
    Course(ours.folder).ensure_gradebook()
    said: list[Any] = []
    with psycopg.connect(host=str(server.folder), user="ta", password=PASSWORD, dbname="course") as other:
        other.execute("INSERT INTO student (id) VALUES ('ada')")
        run = threading.Thread(target=lambda: said.append(ours.goodfit("grade", "tiny")))
        run.start()
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT%'"
        until = time.monotonic() + 100
        while server.tool("psql", "-At", "-c", waiting) == "0\n":
            assert run.is_alive(), said
            assert time.monotonic() < until
            time.sleep(0.05)
        other.commit()
        run.join(100)
    assert said[0][0] == 0, said
    assert [row[0] for row in rows(ours.url)["submission"]] == ["ada", "bo"]


@pytest.mark.parametrize("trouble", ["down", "password", "database", "driver", "lock", "nonsense"])
def test_a_server_that_cannot_be_used_is_a_sentence(
    graded: Class, server: Server, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, exit code 1, no password in it; what is ready stays, and is recorded when the server is back."""
    ours = moved(graded, server.fresh())
    results = {path: path.read_bytes() for path in (ours.folder / ".goodfit").rglob("*.json")}
    url, words = {
        "down": ("postgresql+psycopg://ta:open%20sesame@127.0.0.1:1/course", "Connection refused"),
        "password": (server.url(password="close sesame"), 'password authentication failed for user "ta"'),
        "database": (server.url("corse"), 'database "corse" does not exist'),
        "driver": ("postgresql+pg8000://ta:open%20sesame@localhost/course", "goodfit[postgres]"),
        "lock": (server.url(), "is locked by another program; waited 0.2 s"),
        "nonsense": ("postgresql//ta:open%20sesame", "is no URL of a database"),
    }[trouble]
    ours.settings(f"c.CourseDirectory.db_url = {url!r}")
    with psycopg.connect(host=str(server.folder), user="ta", password=PASSWORD, dbname="course") as other:
        if trouble == "lock":
            ours.settings("c.Goodfit.gradebook_wait = 0.2")
            Course(ours.folder).ensure_gradebook()
            other.execute("LOCK TABLE student")
        code, said = ours.goodfit("grade", "tiny")
    assert code == (2 if trouble == "nonsense" else 1), said
    assert words in said
    assert not re.search("sesame|Traceback|Error: ", said), said
    assert {path: path.read_bytes() for path in results} == results
    if trouble == "password":
        ours.settings(f"c.CourseDirectory.db_url = {server.url()!r}")
        assert ours.goodfit("grade", "tiny")[0] == 0
        assert [row[0] for row in rows(ours.url)["submission"]] == ["ada", "bo"]


def test_a_server_that_dies_in_the_midst(graded: Class, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was recorded stays recorded; the next run records the others, and grades nobody again."""
    ours = moved(graded, server.fresh())
    record, alive = Recorder._preprocessed, [True]

    def dies(self: Recorder, there: Any, *rest: Any) -> Any:
        if there.student_id == "bo" and alive.pop():
            server.stop()
        return record(self, there, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "_preprocessed", dies)
        code, said = ours.goodfit("grade", "tiny")
    server.start()
    assert code == 1
    assert "cannot be used: " in said
    assert "run the command again" in said
    assert "Traceback" not in said
    assert [row[0] for row in rows(ours.url)["submission"]] == ["ada"]
    code, said = ours.goodfit("grade", "tiny")
    assert (code, said.count("(unchanged)")) == (0, 2)
    assert [row[0] for row in rows(ours.url)["submission"]] == ["ada", "bo"]


def test_a_name_that_the_server_does_not_take_is_that_students_trouble(graded: Class, server: Server) -> None:
    """nbgrader's column of names has 128 characters, which SQLite does not count."""
    ours = moved(graded, server.fresh())
    (ours.folder / "submitted" / "ada").rename(ours.folder / "submitted" / ("ada" * 50))
    code, said = ours.goodfit("grade", "tiny", "--jobs", "1")
    assert code == 1
    assert "value too long for type character varying(128)" in said
    assert "Traceback" not in said
    assert [row[0] for row in rows(ours.url)["submission"]] == ["bo"]


def test_a_database_of_something_else_is_left_alone(graded: Class, server: Server) -> None:
    ours = moved(graded, server.fresh())
    server.tool("psql", "course", "-c", "CREATE TABLE grade (id int)")
    code, said = ours.goodfit("grade", "tiny")
    assert (code, "no gradebook of nbgrader" in said) == (1, True)
    assert server.tool("psql", "course", "-At", "-c", r"\dt").count("\n") == 1


def test_what_the_operators_page_says(graded: Class, server: Server) -> None:
    """Its commands make the database, copy it and put the copy back; `goodfit backup` names them."""
    page = (REPOSITORY / "docs" / "operator.md").read_text()
    section = page[page.index("### PostgreSQL") :].split("\n## ")[0]
    make, copy, restore = re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    (url,) = re.findall(r'^c\.CourseDirectory\.db_url = "(.*)"$', section, re.MULTILINE)

    def run(commands: str) -> None:
        done = subprocess.run(
            ["bash", "-ec", commands], cwd=graded.folder, env=server.environment(), text=True, capture_output=True
        )
        assert done.returncode == 0, done.stderr

    server.tool("dropdb", "--if-exists", "--force", "course")
    run(make)
    assert url == "postgresql+psycopg://ta@db.example.org/course"
    ours = moved(graded, server.url())
    code, said = ours.goodfit("backup")
    assert (code, "pg_dump" in said, "pg_restore" in said) == (2, True, True)
    assert ours.goodfit("grade", "tiny")[0] == 0
    by_hand(ours.url)
    before = rows(ours.url)
    run(copy)
    server.tool("psql", "course", "-c", "DELETE FROM grade")
    assert rows(ours.url) != before
    run(restore)
    assert rows(ours.url) == before
    assert ours.goodfit("grade", "tiny")[0] == 0
    assert rows(ours.url)["grade"] == before["grade"]
