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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from goodfit.cli import app as cli
from goodfit.course import backups, gradebook_file
from goodfit.course.course import Course
from goodfit.files import Unavailable

Submit = Callable[..., bytes]
Class = Any  # conftest.py's

TESTS = Path(__file__).parents[1]
LOCK = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute(sys.argv[2])
print("locked", flush=True)
time.sleep(float(sys.argv[3]))
"""
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


@contextlib.contextmanager
def locked(path: Path, seconds: float, how: str = "BEGIN EXCLUSIVE") -> Iterator[subprocess.Popen[str]]:
    """Another program has the gradebook locked."""
    command = [sys.executable, "-c", LOCK, str(path), how, str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        try:
            yield process
        finally:
            process.kill()


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

        def record_and_lock(self: Course, *arguments: Any) -> None:
            record(self, *arguments)
            recorded.append(arguments[1])
            if len(recorded) == 1:
                monkeypatch.setattr(Course, "record", record)
                stack.enter_context(locked(graded.gradebook, held))

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
        command = [sys.executable, "-m", "nbgrader", "autograde", "tiny", "--student", "ada", "--force"]
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


def damage_a_page(gradebook: Path) -> None:
    with contextlib.closing(sqlite3.connect(gradebook)) as database:
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'student'").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    with open(gradebook, "r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)


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
        subprocess.run([sys.executable, "-m", "nbgrader", "db", "upgrade"], cwd=graded.folder, check=True)
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


# --- copies ------------------------------------------------------------------------------------------------------


def test_copies_of_one_second_stay_in_order(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More copies in one second than are kept: the newest stay, also when its clock is set back."""
    gradebook, folder = course / "gradebook.db", tmp_path / "copies"

    def state(path: Path) -> list[Any]:
        with contextlib.closing(sqlite3.connect(path)) as database:
            return database.execute("SELECT number FROM state").fetchall()

    second = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    clock = type("clock", (datetime,), {"now": classmethod(lambda _, zone: second)})
    monkeypatch.setattr(backups, "datetime", clock)
    with contextlib.closing(sqlite3.connect(gradebook, isolation_level=None)) as database:
        database.execute("CREATE TABLE state (number)")
        for number in range(25):
            database.execute("DELETE FROM state")
            database.execute("INSERT INTO state VALUES (?)", (number,))
            assert state(backups.save(gradebook, folder)) == [(number,)]
        assert [state(copy) for copy in backups.copies(folder)] == [[(n,)] for n in range(24, 14, -1)]
        second -= timedelta(hours=1)
        database.execute("UPDATE state SET number = 99")
        assert state(backups.save(gradebook, folder)) == [(99,)]


def test_copies_are_made_before_something_is_written(graded: Class) -> None:
    """One for each run that writes, the last ten of these kept; copies made by hand stay; an idle run makes none."""
    assert graded.goodfit("grade", "tiny")[0] == 0
    assert graded.backups() == []  # the gradebook was new, and then nothing was written
    assert graded.goodfit("backup")[0] == 0
    for number in range(12):
        graded.sql(f"UPDATE grade SET extra_credit = {number} WHERE manual_score = 2")
        Course(graded.folder).before_writing()
    assert graded.goodfit("grade", "tiny", "--student", "ada", "--force")[0] == 0
    names = graded.backups()
    assert len([n for n in names if "by-hand" not in n]) == 10
    assert len(names) == 11
    with contextlib.closing(
        sqlite3.connect(graded.folder / ".goodfit" / "backups" / names[0])
    ) as newest:  # from before the run
        assert newest.execute(graded.MANUAL).fetchall() == [("ada", "why", 2.0, 11.0)]
    assert graded.goodfit("grade", "tiny")[0] == 0
    assert graded.backups() == names
    assert graded.goodfit("restore")[1].split() == names
    modes = {(graded.folder / ".goodfit" / "backups" / n).stat().st_mode & 0o7 for n in names}
    assert modes == {0}  # students' work: for nobody else


def test_a_restored_gradebook_gets_what_came_after_it(graded: Class, submit: Submit) -> None:
    """The copy is put back into the same file; the next run records what the copy does not have."""
    assert graded.goodfit("backup")[0] == 0
    (copy,) = [name for name in graded.backups() if "by-hand" in name]
    wrong = submit({"mean-answer": "def mean(values):\n    return 0"})
    (graded.folder / "submitted" / "bo" / "tiny" / "tiny.ipynb").write_bytes(wrong)
    assert graded.goodfit("grade", "tiny")[0] == 0
    scores = "SELECT auto_score FROM grade ORDER BY id"
    after, inode = graded.sql(scores), graded.gradebook.stat().st_ino
    graded.sql("UPDATE grade SET manual_score = NULL")
    assert graded.goodfit("restore", copy)[0] == 0
    assert graded.gradebook.stat().st_ino == inode
    graded.assert_kept()
    assert graded.sql(scores) != after
    assert graded.goodfit("grade", "tiny")[0] == 0
    assert graded.sql(scores) == after
    graded.assert_kept()


def test_nothing_is_restored_over_a_gradebook_in_use(graded: Class) -> None:
    """Nor from a copy that is damaged, nor from one that is not there."""
    assert graded.goodfit("backup")[0] == 0
    (copy,) = [name for name in graded.backups() if "by-hand" in name]
    before = graded.gradebook.read_bytes()
    with locked(graded.gradebook, 60, "SELECT 1") as other:
        code, said = graded.goodfit("restore", copy)
        assert (code, f"process {other.pid}" in said) == (1, True)
    assert graded.goodfit("restore", "gradebook-1999.db")[0] == cli.WRONG_USE
    damage_a_page(graded.folder / ".goodfit" / "backups" / copy)
    code, said = graded.goodfit("restore", copy)
    assert (code, "cannot be put back" in said) == (1, True)
    assert graded.gradebook.read_bytes() == before
    graded.assert_kept()


def test_a_database_server_has_its_own_tools(graded: Class) -> None:
    graded.settings("c.CourseDirectory.db_url = 'postgresql://ta:secret@localhost/course'")
    for words in (["backup"], ["restore", "x"]):
        code, said = graded.goodfit(*words)
        assert code == cli.WRONG_USE
        assert "pg_dump" in said
        assert "secret" not in said


# --- what else is written over -----------------------------------------------------------------------------------


def test_a_failing_nbgrader_leaves_the_graded_notebook_and_feedback(
    graded: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    """nbgrader removes its folder before it writes, and again when it fails: it does both beside the real one."""
    assert graded.goodfit("feedback", "tiny")[0] == 0
    files = {
        p: p.read_bytes() for s in ("autograded", "feedback") for p in (graded.folder / s).rglob("*.*") if p.is_file()
    }
    assert len(files) > 3
    (graded.folder / ".goodfit" / "tiny" / "ada.feedback").unlink()
    for converter, words in (("GenerateFeedback", ["feedback", "tiny"]), ("Autograde", ["grade", "tiny", "--force"])):
        monkeypatch.setattr(f"nbgrader.converters.{converter}.set_permissions", lambda *_: 1 / 0)
        code, said = graded.goodfit(*words)
        assert (bool(code), "ZeroDivisionError" in said, "Traceback" in said) == (True, True, False)
    assert {p: p.read_bytes() for p in files} == files
    graded.assert_kept()


def test_a_failing_release_leaves_the_old_one(graded: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    assert graded.goodfit("release", "tiny")[0] == 0
    notebook = graded.folder / "release" / "tiny" / "tiny.ipynb"
    before = notebook.read_bytes()
    monkeypatch.setattr("nbgrader.converters.GenerateAssignment.set_permissions", lambda *_: 1 / 0)
    assert graded.goodfit("release", "tiny")[0] != 0
    assert notebook.read_bytes() == before


@pytest.mark.parametrize("text", [b"", b'{"key": "', b"[]", b'{"key": 1, "bundle": {}}', b"\xff\xfe\x00"])
def test_a_result_that_cannot_be_read_is_made_again(graded: Class, text: bytes) -> None:
    kept = graded.folder / ".goodfit" / "tiny"
    for name in ("ada.json", "bo.recorded", "bo.feedback"):
        (kept / name).write_bytes(text)
    code, said = graded.goodfit("grade", "tiny")
    assert code == 0, said
    assert "ada: 5" in said
    assert graded.goodfit("feedback", "tiny")[0] == 0
    graded.assert_kept()


def test_a_demonstration_is_not_made_in_a_real_course(graded: Class) -> None:
    """It would replace submitted/ and source/."""
    before = sorted(graded.folder.rglob("*"))
    code, said = graded.goodfit("demo", "tiny", "--folder", str(graded.folder))
    assert (code, "choose another folder" in said) == (cli.WRONG_USE, True)
    assert sorted(graded.folder.rglob("*")) == before
