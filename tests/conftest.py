"""What the tests share: the tiny problem set, one warm sandbox for each test process, and submissions made to order."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import absl.logging
import measured_grader
import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from tiny_sets import COURSE, copy_course
from typer.testing import CliRunner
from warm_programs import warm_programs

from goodfit.authoring.answers import reference
from goodfit.cli import app as cli
from goodfit.course import batch, gradebook_file
from goodfit.course.course import Course
from goodfit.grading import job, kernels, pool
from goodfit.grading.job import Bundle, Job
from goodfit.grading.kernels import serving
from goodfit.grading.pool import Graders
from goodfit.notebooks.assignment import Assignment, grade_id
from goodfit.notebooks.submission import Submission
from goodfit.sandbox.bubblewrap import spawn
from goodfit.sandbox.fork import client
from goodfit.sandbox.fork.client import ADDRESS_VARIABLE
from goodfit.sandbox.limits import Limits
from goodfit.sandbox.request import Request

REPOSITORY = Path(__file__).resolve().parents[1]
collect_ignore = ["course"]  # its graders are plain pytest files, but they are the engine's to run
CONFIG = """\
load_subconfig({wiring!r})
c = get_config()
c.Goodfit.graders_directory = {graders!r}
"""


gc.set_threshold(100_000, 20)  # as the command does
# TensorFlow's logging takes the stderr of its import, and closes it when nbgrader configures logging where stderr is
# another: pytest's own file, in the midst of a run
absl.logging.get_absl_handler().python_handler.setStream(sys.__stderr__)

if measured := os.environ.get("COVERAGE_PROCESS_CONFIG"):  # make coverage: what is in front of the walls is measured
    support = str(Path(measured_grader.__file__).parent)
    for module in (client, spawn):
        clean = module.server_environment
        module.server_environment = lambda path, clean=clean: {
            **clean([*path, support]),
            "COVERAGE_PROCESS_CONFIG": measured,
        }
    pool.Request = lambda **settings: Request(**settings | {"target": "measured_grader:serve"})  # type: ignore
    pool.GRADER = f"import sys; sys.path.append({support!r}); " + pool.GRADER.replace(job.__name__, "measured_grader")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--all``: the slow tests as well."""
    parser.addoption("--all", action="store_true", help="run the tests marked `all` too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the slow tests out unless they are asked for; begin with those that need a time limit of their own."""
    slow = [item for item in items if item.get_closest_marker("all")]
    if slow and not config.getoption("--all"):
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("all")]
    # Each test process starts with an equal part of the list: each part starts with some of the long tests
    long = [item for item in items if item.get_closest_marker("timeout")]
    others = [item for item in items if not item.get_closest_marker("timeout")]
    parts = getattr(config, "workerinput", {}).get("workercount", 1)
    ordered: list[pytest.Item] = []
    for part in range(parts):
        size = (len(items) - len(ordered)) // (parts - part)
        first = long[part::parts]
        ordered += [*first, *others[: size - len(first)]]
        del others[: size - len(first)]
    items[:] = ordered


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout that is tested."""
    return REPOSITORY


@pytest.fixture(scope="session")
def tiny() -> Assignment:
    """The problem set with which the engine is tested."""
    return Assignment.find("tiny", COURSE / "source", COURSE / "graders")


@pytest.fixture(scope="session")
def graders() -> Iterator[Graders]:
    """Grades in forks of one warm server, which is started once for each test process."""
    with serving("fork") as (tier, server):
        yield Graders(tier, server)


@pytest.fixture(scope="session", autouse=True)
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with goodfit, nbgrader and alembic, first on the PATH: the tests' commands start warm."""
    with warm_programs(tmp_path_factory.mktemp("programs")) as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(folder), prepend=os.pathsep)
        yield folder


@pytest.fixture
def shared_server(graders: Graders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands that the test starts use the tests' fork server. That they can start one has tests of its own."""
    assert graders.server
    monkeypatch.setenv(ADDRESS_VARIABLE, graders.server)


@pytest.fixture
def course(tmp_path: Path, shared_server: None) -> Path:
    """A course folder of its own with the tiny set but for its model, wired to Goodfit, nobody in it yet."""
    return make_course(tmp_path / "course")


@pytest.fixture
def course_with_models(tmp_path: Path) -> Path:
    """A course folder of its own with the whole tiny set, wired to Goodfit, nobody in it yet."""
    return make_course(tmp_path / "course", models=True)


def make_course(folder: Path, *, models: bool = False) -> Path:
    copy_course(folder, models=models)
    wiring, graders = str(REPOSITORY / "nbgrader_config.py"), str(folder / "graders")
    (folder / "nbgrader_config.py").write_text(CONFIG.format(wiring=wiring, graders=graders))
    return folder


Submit = Callable[..., bytes]
Grade = Callable[..., Bundle]


@pytest.fixture(scope="session")
def submit(tiny: Assignment) -> Submit:
    """Makes the notebook that a student hands in: the reference answer of the tiny set, changed.

    Args:
        cells: new text of cells by grade_id.
        after: code of a further cell behind each of the named ones.
        model: whether the model exercise is answered; it is left as handed out otherwise, for speed.
        edit: a function that changes the finished notebook (metadata, order of cells, …).
    """
    stub = next(c.source for c in tiny.instructor.cells if grade_id(c) == "model-answer")

    def make(
        cells: Mapping[str, str] | None = None,
        *,
        after: Mapping[str, str] | None = None,
        model: bool = False,
        edit: Callable[[NotebookNode], Any] | None = None,
    ) -> bytes:
        notebook = nbformat.reads(reference().notebook(tiny).decode(), as_version=4)
        wanted = {**({} if model else {"model-answer": stub}), **(cells or {})}
        out = []
        for cell in notebook.cells:
            name = grade_id(cell)
            if name in wanted:
                cell.source = wanted[name]
            out.append(cell)
            if name in (after or {}):
                out.append(new_code_cell(after[name], id=f"after-{name}"))  # type: ignore[index]
        notebook.cells = out
        if edit is not None:
            edit(notebook)
        return json.dumps(notebook).encode()  # as it is: nbformat would repair what a test has broken

    return make


@pytest.fixture(scope="session")
def job_of(graders: Graders, tiny: Assignment) -> Callable[..., Job]:
    """Makes the job to grade a notebook of the tiny set in the sandbox, with limits that suit a test.

    Args:
        notebook: its bytes, or a whole Submission.
        files: the student's other files by relative name.
        limits: fields of Limits that differ.
    """

    def make(notebook: bytes | Submission, files: Mapping[str, bytes] | None = None, **limits: Any) -> Job:
        return Job.of(
            notebook if isinstance(notebook, Submission) else Submission(notebook, dict(files or {})),
            assignment=tiny.name,
            source_root=tiny.source_dir.parent,
            graders_root=tiny.graders_dir.parent,
            limits=Limits(**limits),
            tier=graders.tier,
        )

    return make


@pytest.fixture(scope="session")
def grade(graders: Graders, job_of: Callable[..., Job]) -> Grade:
    """Grades a notebook of the tiny set as a batch does: see `job_of`."""
    return lambda *submission, **limits: graders.grade(job_of(*submission, **limits))


# --- a class that is graded, by machine and by hand -------------------------------------------------------------

MOVABLE = """\
import os
load_subconfig("{repository}/nbgrader_config.py")
c = get_config()
c.Goodfit.graders_directory = os.path.join(os.path.dirname(__file__), "graders")
"""


@dataclass(frozen=True)
class GradedClass:
    """A graded class: a course folder, in whose gradebook a TA has given a score and a comment.

    Attributes:
        MANUAL: selects what a human gave, COMMENTS what a human wrote.
    """

    folder: Path
    MANUAL: ClassVar[str] = """
        SELECT student_id, base_cell.name, manual_score, extra_credit FROM grade
        JOIN base_cell ON base_cell.id = grade.cell_id
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
        WHERE manual_score IS NOT NULL ORDER BY 1, 2
    """
    COMMENTS: ClassVar[str] = "SELECT manual_comment FROM comment WHERE manual_comment IS NOT NULL"

    @property
    def gradebook(self) -> Path:
        return self.folder / "gradebook.db"

    @property
    def url(self) -> str:
        """Of the gradebook, which may be on a server."""
        return str(Course(self.folder).directories.db_url)

    def goodfit(self, *words: str) -> tuple[int, str]:
        """Run the command here; returns its exit code and all that it said."""
        done = CliRunner().invoke(cli.app, [*words, "--course", str(self.folder)], catch_exceptions=False)
        return done.exit_code, " ".join(done.output.split())

    def settings(self, text: str) -> None:
        with open(self.folder / "nbgrader_config.py", "a", encoding="utf-8") as file:
            file.write(text + "\n")

    def backups(self) -> list[str]:
        return [path.name for path in Course(self.folder).saved_gradebooks()]

    def sql(self, text: str) -> list[Any]:
        with contextlib.closing(sqlite3.connect(self.gradebook, isolation_level=None)) as database:
            return database.execute(text).fetchall()

    def assert_kept(self) -> None:
        """The manual score and the comment are in the gradebook, and nothing lies about that was moved away."""
        assert self.sql(self.MANUAL) == [("ada", "why", 2.0, 0.5)]
        assert self.sql(self.COMMENTS) == [("Well argued.",)]
        assert self.sql("PRAGMA integrity_check") == [("ok",)]
        assert sorted(p.name for p in self.folder.glob("*gradebook*")) == ["gradebook.db"]


@pytest.fixture(scope="session")
def graded_once(tmp_path_factory: pytest.TempPathFactory, submit: Submit, graders: Graders) -> Path:
    """A course folder where ada and bo are graded, and ada's interpretation is graded by hand."""
    folder = tmp_path_factory.mktemp("graded") / "course"
    copy_course(folder, models=True)
    (folder / "nbgrader_config.py").write_text(MOVABLE.format(repository=REPOSITORY))
    for student in ("ada", "bo"):
        (folder / "submitted" / student / "tiny").mkdir(parents=True)
        (folder / "submitted" / student / "tiny" / "tiny.ipynb").write_bytes(submit())
    made = GradedClass(folder)
    with warm(graders):
        code, said = made.goodfit("grade", "tiny", "--jobs", "1")
    assert code == 0, said
    with Gradebook(f"sqlite:///{made.gradebook}") as book:
        grade = book.find_grade("why", "tiny", "tiny", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2, 0.5, False
        book.find_comment("why", "tiny", "tiny", "ada").manual_comment = "Well argued."
        book.db.commit()
    made.assert_kept()
    return folder


@pytest.fixture
def graded(graded_once: Path, tmp_path: Path, graders: Graders) -> Iterator[GradedClass]:
    """A copy of the graded class of one's own."""
    with warm(graders):
        yield GradedClass(Path(shutil.copytree(graded_once, tmp_path / "course")))


@contextlib.contextmanager
def warm(graders: Graders) -> Iterator[None]:
    """Let commands that run in this process grade with the tests' fork server."""

    @contextlib.contextmanager
    def serving(tier: str, imports: Any = None) -> Iterator[tuple[Any, str | None]]:
        yield graders.tier, graders.server

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "serving", serving)
        patch.setattr(kernels, "started_early", lambda imports: contextlib.nullcontext())
        patch.setattr(gradebook_file, "_wait", 30.0)
        yield
