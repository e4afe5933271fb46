"""Grading one submission: bytes of a submission and an assignment in, a result bundle out.

A pure function: it touches no gradebook, keeps no state and knows no other submission. It runs in a grader process
of its own (a fork of the fork server, or a new Python), and the same code serves nbgrader's command, the parallel
command and a test.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import platform
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
import pytest
from pydantic import Base64Bytes, BaseModel, Field

from goodfit import __version__
from goodfit.grading import for_pages, plugin, verdict_view
from goodfit.grading.kernels import Kernels
from goodfit.grading.session import LateEffect, Session
from goodfit.grading.verdict import CheckVerdict, Outcome, Verdict
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.match import belongs_to
from goodfit.notebooks.outputs import keep_safe_outputs
from goodfit.notebooks.restore import Restored, UnreadableNotebook, blank, restore
from goodfit.notebooks.slice import places_needed
from goodfit.notebooks.submission import Submission
from goodfit.sandbox.limits import Limits

MAX_LEFT_OUT = 5  # cells that are found one by one to end the kernel after they have run
MAX_JOB = 256 * 2**20  # bytes of a submission with its files, encoded
WAITS, WORKS = b"waits", b"works"  # what a grader process says before its bundle: whether it needs a core just now


class Job(BaseModel):
    """One submission to grade. Everything that the verdict depends on, besides the assignment's folders.

    Attributes:
        assignment: nbgrader's name of it.
        notices: what was left out when the submission was read.
        attention: why somebody should look at what was read.
        source_root: folder that holds the instructors' assignments.
        graders_root: folder that holds the graders.
        notebook: bytes of the submitted notebook; hostile.
        files: the student's other files by relative name; hostile.
        limits: what the student's code may use.
        tier: sandbox tier, "fork", "bubblewrap" or "none".
        scope: how much of it is graded; less than all only where graders are tested.
    """

    assignment: str
    source_root: Path
    graders_root: Path
    notebook: Base64Bytes
    files: dict[str, Base64Bytes] = {}
    notices: list[str] = []
    attention: list[str] = []
    limits: Limits = Limits()
    tier: str
    scope: plugin.Scope = plugin.Scope()

    @classmethod
    def of(cls, submission: Submission, **settings: Any) -> Job:
        """The job for a submission that was read from disk."""
        # the fields hold encoded text: pydantic decodes it
        files = {name: base64.b64encode(data) for name, data in submission.files.items()}
        notebook = base64.b64encode(submission.notebook)
        for root in ("source_root", "graders_root"):
            settings[root] = Path(settings[root]).resolve()
        return cls(
            notebook=notebook,
            files=files,
            notices=submission.notices,
            attention=submission.attention,
            **settings,
        )

    def key(self, assignment_digest: str | None = None) -> str:
        """SHA-256 of all that decides the verdict: submission, assignment, limits, sandbox or none, versions.

        Args:
            assignment_digest: the assignment's, where it was computed for a whole class.
        """
        total = hashlib.sha256()
        if assignment_digest is None:
            assignment = Assignment.find(self.assignment, self.source_root, self.graders_root)
            assignment_digest = assignment.digest()
        total.update(assignment_digest.encode())
        total.update(repr(sorted(versions().items())).encode())
        # the tier is not in it: every sandbox gives the same verdict; only "none" is told apart
        unsafe = "none" if self.tier == "none" else "sandboxed"
        total.update(unsafe.encode() + self.model_dump_json(exclude={"source_root", "graders_root", "tier"}).encode())
        return total.hexdigest()


class Bundle(BaseModel):
    """The result of grading one submission.

    Attributes:
        verdict: the outcome of every check.
        notebook: the executed notebook (nbformat 4 JSON) with the verdict in its graded cells; safe to render.
        log: for staff: pytest's output, our own faults with tracebacks.
        measures: measurements that met a threshold, by name (for calibration; never shown to students).
        measured: how many of them each check made.
        fits: training and held-out accuracy of models whose gap was asked for (for the class report; likewise).
        seconds: wall time of the whole, for reports; no part of the verdict.
        layers: what confined the student's code.
    """

    verdict: Verdict
    notebook: str
    log: str = ""
    measures: dict[str, list[float]] = {}
    measured: dict[str, int] = {}
    fits: list[plugin.Fit] = []
    seconds: float = 0.0
    layers: list[str] = Field(default_factory=list)


def grade(job: Job, server: str | None, told: Callable[[bool], object] = lambda waits: None) -> Bundle:
    """Grade one submission. Call it in a process of its own: it runs pytest and changes the process' state.

    Args:
        job: the submission and where its assignment lies.
        server: address of the fork server, or None to start student kernels as new Pythons.
        told: is told when the submission only waits (True), so that others may have its core, and when not (False).
    """
    started = time.monotonic()
    assignment = Assignment.find(job.assignment, job.source_root, job.graders_root)
    plugin.make_importable(assignment)
    if not job.notebook and job.attention:
        return unreadable(assignment, job.tier, job.attention[0], notices=job.notices)
    try:
        restored = restore(job.notebook, assignment)
    except UnreadableNotebook as error:
        return unreadable(assignment, job.tier, str(error), notices=job.notices)
    if restored.unmatched:
        other = belongs_to(job.notebook, Assignment.every(job.source_root, job.graders_root))
        why = restored.unmatched + (f" It looks like {other}." if other else "")
        return unreadable(assignment, job.tier, why, notices=job.notices + restored.notices)
    left_out: set[int] = set()
    while True:
        left = job.limits.notebook_seconds - (time.monotonic() - started)
        patience = left if len(left_out) < MAX_LEFT_OUT else 0
        grading = _run(job, assignment, restored, server, left_out, patience, told)
        if grading.late is None or grading.late in left_out:
            break
        left_out.add(grading.late)
        restored = restore(job.notebook, assignment)
    session = grading.session
    checks = _complete(grading) if job.scope.complete else list(grading.verdicts.values())
    verdict = Verdict(
        assignment=assignment.name,
        notebook=assignment.name,
        sandbox=job.tier,
        checks=checks,
        attention=job.attention + restored.attention,
        notices=job.notices + restored.notices + list(dict.fromkeys(session.limits_hit)),
        versions={**versions(), "graders": assignment.digest()[:16]},
    )
    return Bundle(
        verdict=verdict,
        notebook=_finished(restored, assignment, verdict),
        log="\n".join([*grading.faults, grading.log.getvalue()]),
        measures=grading.measures,
        measured=grading.measured,
        fits=list(grading.fits.values()),
        seconds=round(time.monotonic() - started, 3),
        layers=session.proof,
    )


def _run(
    job: Job,
    assignment: Assignment,
    restored: Restored,
    server: str | None,
    left_out: set[int],
    patience: float,
    told: Callable[[bool], object],
) -> plugin.GradingPlugin:
    """Run a restored notebook and its checks, without the cells that were found to end the kernel later on."""
    if job.scope.seed:
        _reseed(restored, job.scope.seed)
    with tempfile.TemporaryDirectory(prefix="goodfit-files-") as folder:
        restored.notices += lay_out(Path(folder), assignment, job.files)
        skip = graded_places(restored, assignment)
        if job.scope.only is not None:
            skip |= set(range(len(restored.notebook.cells))) - places_needed(
                restored.notebook, assignment, job.scope.only
            )
        secret = [assignment.graders_dir, assignment.source_dir]
        with Kernels(job.tier, server, job.limits, secret, told) as kernels:
            session = Session(restored.notebook, skip, kernels, Path(folder), left_out, patience)
            grading = plugin.GradingPlugin(assignment, restored, session, job.scope)
            with contextlib.redirect_stdout(grading.log), contextlib.redirect_stderr(grading.log):
                run_checks(assignment, grading)
            try:
                if grading.late is None:
                    session.finish()
            except LateEffect as late:
                grading.late = late.index
            finally:
                session.close()
    return grading


def run_checks(assignment: Assignment, grading: plugin.GradingPlugin) -> int:
    """Run pytest on the set's graders, apart from any configuration around it; return its exit code."""
    arguments = [
        str(assignment.graders_dir), "-c", os.devnull, "--rootdir", str(assignment.graders_dir), "-q", "--no-header",
        "-p", "no:cacheprovider", "-p", "no:logging", "-p", "no:unraisableexception",
        "--confcutdir", str(assignment.graders_dir), "--import-mode=importlib", "--capture=sys", "-W", "ignore",
        "--tb=no",  # the plugin writes its own
        "--ignore", str(assignment.graders_dir / "answers"),  # a wrong answer may be called test_…
    ]  # fmt: skip
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # a folder of hidden tests stays as it is
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    try:
        return int(pytest.main(arguments, plugins=[grading]))
    finally:
        sys.dont_write_bytecode = before


def unreadable(
    assignment: Assignment,
    tier: str,
    why: str,
    outcome: Outcome = Outcome.COULD_NOT_RUN,
    notices: Sequence[str] = (),
) -> Bundle:
    """The bundle for a submission that could not be run at all: every check has the given outcome and reason.

    Somebody must look: what a student handed in may be right all the same, under another name or in another format.
    """
    restored = blank(assignment)
    checks = [
        CheckVerdict(
            name=grade_id,
            grade_id=grade_id,
            sentence="The submission can be graded.",
            points=cell.points,
            earned=0,
            outcome=outcome,
            rationale=why,
        )
        for grade_id, cell in assignment.graded_cells.items()
    ]
    verdict = Verdict(
        assignment=assignment.name,
        notebook=assignment.name,
        sandbox=tier,
        checks=checks,
        notices=[why, *notices],
        attention=[why],
        versions={**versions(), "graders": assignment.digest()[:16]},
    )
    return Bundle(verdict=verdict, notebook=_finished(restored, assignment, verdict), log=why)


def lay_out(folder: Path, assignment: Assignment, files: dict[str, bytes]) -> list[str]:
    """Write the student's files, then the assignment's data over them; return notices about what was left out."""
    notices = []
    for name, content in files.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name or len(name) > 200:
            notices.append("A file with an odd name was left out.")
            continue
        if assignment.owns_place_of(str(path)):
            continue
        try:
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except OSError:
            notices.append("A file with an odd name was left out.")
    for name, source in assignment.data_files().items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    return notices


def versions() -> dict[str, str]:
    """Versions that a verdict depends on."""
    names = ("keras", "tensorflow-cpu", "tensorflow", "numpy", "scikit-learn", "pandas")
    found = {"goodfit": __version__, "python": platform.python_version()}
    for name in names:
        with contextlib.suppress(ModuleNotFoundError):
            found[name] = version(name)
    return found


def serve(sock: socket.socket) -> None:
    """A grader process: read the fork server's address and a job from the socket, send the bundle back.

    Before it may come, any number of times, `WAITS` and `WORKS`.
    """
    connection = Connection(sock.detach())
    server = connection.recv_bytes(4096).decode()
    job = Job.model_validate_json(connection.recv_bytes(MAX_JOB))

    def told(waits: bool) -> None:
        connection.send_bytes(WAITS if waits else WORKS)

    connection.send_bytes(grade(job, server or None, told).model_dump_json().encode())


def _complete(grading: plugin.GradingPlugin) -> list[CheckVerdict]:
    """The verdicts in the notebook's order; a graded cell whose checks did not all report is our fault."""
    checks: list[CheckVerdict] = []
    for grade_id, cell in grading.graded_cells.items():
        found = [v for v in grading.verdicts.values() if v.grade_id == grade_id]
        if abs(sum(v.points for v in found) - cell.points) > 1e-6:
            lost = cell.points - sum(v.points for v in found)
            found.append(
                CheckVerdict(
                    name=f"{grade_id}: lost checks",
                    grade_id=grade_id,
                    sentence="All checks of this cell ran.",
                    points=lost,
                    earned=0,
                    outcome=Outcome.GRADER_ERROR,
                    rationale=plugin.OUR_FAULT,
                )
            )
        checks += found
    return checks


def graded_places(restored: Restored, assignment: Assignment) -> set[int]:
    cells = enumerate(restored.notebook.cells)
    return {i for i, c in cells if c.metadata.get("nbgrader", {}).get("grade_id") in assignment.graded_cells}


def _finished(restored: Restored, assignment: Assignment, verdict: Verdict) -> str:
    """The executed notebook with safe outputs only, and the verdict as each graded cell's output and as data."""
    notebook = restored.notebook
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = keep_safe_outputs(cell.outputs)
            cell.execution_count = None
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            if verdict.of_cell(grade_id or ""):
                cell.outputs = verdict_view.cell_outputs(verdict, grade_id)
    notebook.metadata.pop("widgets", None)
    for_pages.attach(notebook, assignment, verdict)
    return nbformat.writes(notebook, version=4)


def _reseed(restored: Restored, seed: int) -> None:
    for cell in restored.notebook.cells:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("locked"):
            lines = [f"SEED = {seed}" if line.startswith("SEED = ") else line for line in cell.source.split("\n")]
            cell.source = "\n".join(lines)
