"""Whatever befalls the gradebook, every score and comment that a person gave is still in it afterwards."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from gradebooks import damage_a_page, locked
from nbgrader.api import Gradebook

from goodfit.cli import app as cli
from goodfit.course import gradebook_file
from goodfit.course.course import Course
from goodfit.files import Unavailable

Submit = Callable[..., bytes]
Class = Any  # conftest.py's

TESTS = Path(__file__).parents[1]
DIE_WRITING = """
import os, signal, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA cache_size = 2")  # so that the database file is written before the end
database.execute("BEGIN")
database.execute("UPDATE grade SET manual_score = 0")
database.execute("UPDATE comment SET manual_comment = 'gone'")
database.execute("CREATE TABLE rubbish (x)")
database.executemany("INSERT INTO rubbish VALUES (?)", [("x" * 3000,)] * 300)
os.kill(os.getpid(), signal.SIGKILL)
"""
OLDER = """
PRAGMA foreign_keys = OFF;
CREATE TABLE before (id VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL UNIQUE, duedate DATETIME);
INSERT INTO before SELECT id, name, duedate FROM assignment;
DROP TABLE assignment;
ALTER TABLE before RENAME TO assignment;
DROP TABLE course;
UPDATE alembic_version SET version_num = '282d30a0218e';
"""


# --- locked ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"])
@pytest.mark.parametrize("words", [["grade", "tiny", "--force"], ["feedback", "tiny"], ["release", "tiny"], ["backup"]])
def test_locked_for_longer_than_we_wait(graded: Class, words: list[str], how: str) -> None:
    """The run ends with a sentence that names the other program; nothing is graded, written or moved."""
    graded.settings("c.Goodfit.gradebook_wait = 0.3")
    before = graded.gradebook.read_bytes()
    with locked(graded.gradebook, 100, how) as other:
        code, said = graded.goodfit(*words)
        assert code == 1
        assert "locked by another program" in said
        assert f"process {other.pid}" in said
        assert "Traceback" not in said
    assert graded.gradebook.read_bytes() == before
    graded.assert_kept()


def test_locked_for_a_moment(graded: Class) -> None:
    """A lock shorter than the wait is waited for, and the run does its work."""
    with locked(graded.gradebook, 2):
        code, said = graded.goodfit("grade", "tiny", "--force")
    assert code == 0, said
    graded.assert_kept()


@pytest.mark.parametrize(("wait", "held", "code"), [(30, 2, 0), (0.3, 60, 1)])
def test_locked_in_the_middle_of_a_run(
    graded: Class, monkeypatch: pytest.MonkeyPatch, wait: float, held: float, code: int
) -> None:
    """Waited for as well; when that is in vain, who was recorded before stays recorded, and the next run goes on."""
    graded.settings(f"c.Goodfit.gradebook_wait = {wait}")
    record, recorded = Course.record, []

    with contextlib.ExitStack() as stack:

        def record_and_lock(self: Course, *arguments: Any) -> Any:
            done = record(self, *arguments)
            recorded.append(arguments[2])
            if len(recorded) == 1:
                monkeypatch.setattr(Course, "record", record)
                stack.enter_context(locked(graded.gradebook, held))
            return done

        for student in ("ada", "bo"):
            (graded.folder / ".goodfit" / "tiny" / f"{student}.recorded").unlink()
        monkeypatch.setattr(Course, "record", record_and_lock)
        got, said = graded.goodfit("grade", "tiny", "--jobs", "1")
        assert got == code, said
        assert ("locked by another program" in said) == bool(code)
        assert "Traceback" not in said
    assert recorded == ["ada"]
    assert graded.goodfit("grade", "tiny")[0] == 0
    graded.assert_kept()


def test_stock_autograde_waits_too(graded: Class) -> None:
    """`nbgrader autograde`, for which our configuration is loaded, waits for a lock and loses nothing."""
    (graded.folder / "submitted" / "ada" / "tiny" / "timestamp.txt").write_text("2026-03-02 12:10:00 KST")
    with locked(graded.gradebook, 12):  # nbgrader itself waits five seconds
        command = ["nbgrader", "autograde", "tiny", "--student", "ada", "--force"]
        done = subprocess.run(command, cwd=graded.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    graded.assert_kept()
    assert graded.sql("SELECT timestamp FROM submitted_assignment WHERE student_id = 'ada'") == [
        ("2026-03-02 03:10:00.000000",)
    ]


# --- stopped -----------------------------------------------------------------------------------------------------


def test_killed_inside_a_transaction(graded: Class) -> None:
    """What a killed program had half written is rolled back into the same file."""
    done = subprocess.run([sys.executable, "-c", DIE_WRITING, str(graded.gradebook)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert (graded.folder / "gradebook.db-journal").stat().st_size > 512
    code, said = graded.goodfit("grade", "tiny", "--force")
    assert code == 0, said
    graded.assert_kept()


def test_gone_with_its_journal_left(graded: Class) -> None:
    """A new gradebook beside the journal of the one that is gone would be spoiled by it: none is made."""
    subprocess.run([sys.executable, "-c", DIE_WRITING, str(graded.gradebook)], check=False)
    shutil.rmtree(graded.folder / ".goodfit" / "backups", ignore_errors=True)
    away = graded.gradebook.rename(graded.folder.parent / "away.db")
    code, said = graded.goodfit("grade", "tiny")
    assert code == 1
    assert "gradebook.db-journal is still there" in said
    assert not graded.gradebook.exists()
    away.rename(graded.gradebook)
    assert graded.goodfit("grade", "tiny")[0] == 0
    graded.assert_kept()


def test_gone_and_there_are_copies(graded: Class) -> None:
    """A gradebook that is gone, perhaps with its disk, is not begun anew where copies say that there was one."""
    assert graded.goodfit("backup")[0] == 0
    (copy,) = [name for name in graded.backups() if "by-hand" in name]
    graded.gradebook.unlink()
    code, said = graded.goodfit("grade", "tiny", "--force")
    assert code == 1
    assert f"goodfit restore {copy}" in said
    assert not graded.gradebook.exists()
    assert graded.goodfit("restore", copy)[0] == 0
    graded.assert_kept()


def test_an_empty_file_becomes_a_gradebook(course: Path) -> None:
    """A creation that was killed leaves a file of no bytes: there is nothing in it to lose."""
    (course / "gradebook.db").touch()
    Course(course).ensure_gradebook()
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        assert book.students == []


def test_a_gradebook_made_by_somebody_else_meanwhile_stays(graded: Class) -> None:
    """Two programs that find no gradebook make one: the second one finds the first one's."""
    gradebook_file._make(graded.gradebook)
    graded.assert_kept()


# --- not ours, full ----------------------------------------------------------------------------------------------


@pytest.fixture
def public(graded: Class) -> Iterator[Class]:
    """The graded class in a folder that an ordinary user can reach and owns."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="goodfit-test-") as folder:
        os.chmod(folder, 0o755)
        place = Path(shutil.copytree(graded.folder, Path(folder, "course")))
        if os.geteuid() == 0:
            for path in (place, *place.rglob("*")):
                os.chown(path, 65534, 65534)
        yield type(graded)(place)


def as_user(course: Path, *words: str) -> tuple[int, str]:
    """Run the command as an ordinary user; returns its exit code and all that it said."""
    command = [sys.executable, "-c", "from goodfit.cli.app import app; app()", *words]
    if os.geteuid() == 0:
        command = [sys.executable, str(TESTS / "support" / "as_user.py"), *command]
    done = subprocess.run(command, cwd=course, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, " ".join(done.stdout.split())


def of_root(path: Path, mode: int) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file to somebody else")
    os.chown(path, 0, 0)
    path.chmod(mode)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda c: c.gradebook.chmod(0o444), "gradebook.db is your own, but its mode 444"),
        (lambda c: c.folder.chmod(0o555), "course is your own, but its mode 555"),
        (lambda c: of_root(c.gradebook, 0o600), "gradebook.db belongs to root (mode 600)"),
        (lambda c: of_root(c.gradebook, 0o644), "gradebook.db belongs to root (mode 644)"),
        (lambda c: of_root(c.folder / ".goodfit" / "tiny", 0o755), ".goodfit/tiny belongs to root (mode 755)"),
        (lambda c: of_root(c.folder / "autograded" / "bo", 0o755), "autograded/bo belongs to root (mode 755)"),
    ],
    ids=["read-only file", "read-only folder", "secret of another", "of another", "results", "graded notebooks"],
)
def test_what_may_not_be_used(public: Class, spoil: Callable[[Class], None], says: str) -> None:
    """As an ordinary user: a sentence that says what belongs to whom, exit code 1, nothing graded or moved."""
    before = public.gradebook.read_bytes()
    spoil(public)
    code, said = as_user(public.folder, "grade", "tiny", "--force")
    public.folder.chmod(0o755)
    assert says in said
    assert code == 1
    assert "Traceback" not in said
    assert "[1/" not in said
    assert public.gradebook.read_bytes() == before
    public.assert_kept()


@pytest.mark.all
@pytest.mark.timeout(900)
def test_two_assistants_of_a_group(public: Class) -> None:
    """With nbgrader's groupshared, both grade and write feedback in the same folder."""
    if os.geteuid() != 0:
        pytest.skip("only root can be two users")
    public.settings("c.CourseDirectory.groupshared = True")
    for path in (public.folder, *public.folder.rglob("*")):
        os.chown(path, 0, 65534)
        path.chmod(0o2775 if path.is_dir() else 0o664)
    mask = os.umask(0o022)
    try:
        for words in (["grade", "tiny", "--force"], ["feedback", "tiny"]):
            code, said = public.goodfit(*words)
            assert code == 0, said
    finally:
        os.umask(mask)
    for words in (["grade", "tiny", "--force"], ["feedback", "tiny"], ["backup"]):
        code, said = as_user(public.folder, *words)
        if code == cli.NO_SANDBOX:
            pytest.skip("no sandbox for an ordinary user here")
        assert code == 0, said
    assert public.goodfit("grade", "tiny", "--force")[0] == 0
    public.assert_kept()


@contextlib.contextmanager
def small_disk(place: Path) -> Iterator[Callable[[], None]]:
    """A disk of 2 MB at a folder; yields what fills it."""
    place.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(place)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("a small disk can only be made by root, where mounting is allowed")

    def fill() -> None:
        with contextlib.suppress(OSError), open(place / "ballast", "wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    try:
        yield fill
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_full_disk_of_the_gradebook(graded: Class) -> None:
    """A sentence about the disk; what was there before is there still, and the next run does its work."""
    with small_disk(graded.folder / "disk") as fill:
        shutil.copy(graded.gradebook, graded.folder / "disk" / "gradebook.db")
        graded.settings("c.CourseDirectory.db_url = 'sqlite:///disk/gradebook.db'")
        there = graded.folder / "disk" / "gradebook.db"
        fill()
        code, said = graded.goodfit("grade", "tiny", "--force")
        assert code == 1, said
        assert "no room on the disk" in said
        assert "Traceback" not in said
        (graded.folder / "disk" / "ballast").unlink()
        assert graded.goodfit("grade", "tiny", "--force")[0] == 0
        shutil.copy(there, graded.gradebook)
    (graded.folder / "disk").rmdir()
    graded.assert_kept()


def test_full_disk_of_the_copies(graded: Class) -> None:
    """Where no copy can be made, nothing is graded."""
    before = graded.gradebook.read_bytes()
    with small_disk(graded.folder / ".goodfit" / "backups") as fill:
        fill()
        code, said = graded.goodfit("grade", "tiny", "--force")
        assert code == 1
        assert "no room on the disk" in said
        assert "[1/" not in said
    assert graded.gradebook.read_bytes() == before
    graded.assert_kept()


# --- damaged, or of another version ------------------------------------------------------------------------------


def change(text: str) -> Callable[[Path], None]:
    def run(gradebook: Path) -> None:
        with contextlib.closing(sqlite3.connect(gradebook)) as database:
            database.executescript(text)

    return run


SPOILT = {
    "damaged page": (damage_a_page, "is damaged"),
    "no database": (lambda path: path.write_text("student,score\nada,2\n" * 500), "is not a database"),
    "cut off": (lambda path: os.truncate(path, path.stat().st_size // 2), "is damaged"),
    "older": (change(OLDER), "`nbgrader db upgrade`"),
    "much older": (change("DROP TABLE alembic_version"), "`nbgrader db upgrade`"),
    "newer": (change("UPDATE alembic_version SET version_num = 'ffffffffffff'"), "by a newer nbgrader"),
    "of another program": (
        change("DROP TABLE student; DROP TABLE grade; DROP TABLE assignment"), "no gradebook of nbgrader"
    ),
}  # fmt: skip


@pytest.mark.parametrize("words", [["feedback", "tiny"], ["release", "tiny"], ["doctor"]], ids=lambda words: words[0])
def test_every_command_leaves_it_as_it_is(graded: Class, words: list[str]) -> None:
    damage_a_page(graded.gradebook)
    before = graded.gradebook.read_bytes()
    code, said = graded.goodfit(*words)
    plain = " ".join(re.sub("[│┃]", " ", said).split())  # doctor's table breaks lines where it must
    assert (code, "is damaged" in plain, "Traceback" in said) == (1, True, False), said
    assert graded.gradebook.read_bytes() == before


@pytest.mark.parametrize("name", SPOILT)
def test_what_cannot_be_read_is_left_as_it_is(graded: Class, name: str) -> None:
    """It is said what it is and what mends it, with exit code 1; not a byte of the gradebook changes."""
    spoil, says = SPOILT[name]
    assert graded.goodfit("backup")[0] == 0
    (copy,) = [name for name in graded.backups() if "by-hand" in name]
    spoil(graded.gradebook)
    before = graded.gradebook.read_bytes()
    code, said = graded.goodfit("grade", "tiny", "--force")
    assert code == 1, said
    assert says in said
    assert "Traceback" not in said
    assert graded.gradebook.read_bytes() == before
    # and what it says mends it
    if name == "older":
        subprocess.run(["nbgrader", "db", "upgrade"], cwd=graded.folder, check=True)
        assert graded.sql(graded.MANUAL) == [("ada", "why", 2.0, 0.5)]
    else:
        code, said = graded.goodfit("restore", copy)
        assert code == 0, said
        graded.assert_kept()
        kept = [n for n in graded.backups() if "before-restore" in n]
        assert [(graded.folder / ".goodfit" / "backups" / n).read_bytes() for n in kept] == [before]
    code, said = graded.goodfit("grade", "tiny", "--force")
    assert code == 0, said
    assert graded.sql(graded.COMMENTS) == [("Well argued.",)]


def test_half_made_without_a_row(course: Path) -> None:
    """Tables without rows and version: nbgrader was killed while it made them. It is said, and the file stays."""
    path = course / "gradebook.db"
    change("CREATE TABLE student (id); CREATE TABLE grade (id); CREATE TABLE assignment (id)")(path)
    before = path.read_bytes()
    with pytest.raises(Unavailable, match="holds nothing: `mv "):
        Course(course).ensure_gradebook()
    assert path.read_bytes() == before
