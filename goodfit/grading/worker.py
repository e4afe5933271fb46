"""What a Dask worker does for ``goodfit grade --scheduler``: grade one submission, bytes in, bytes out.

The problem set comes once to each worker, as a zip whose hash is checked, and lies there in a folder that nobody else
can read for as long as the run lasts. A worker has a sandbox and a fork server of its own. Its process runs no
student's code and reads none of their files: it hands bytes to a grader process, as ``goodfit grade`` does at home.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
import threading
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from distributed import WorkerPlugin, get_worker
from pydantic import BaseModel

from goodfit.grading.job import Bundle, Job, versions
from goodfit.grading.kernels import serving
from goodfit.grading.pool import Graders
from goodfit.notebooks.assignment import Assignment
from goodfit.sandbox.errors import SandboxError

EPOCH = (1980, 1, 1, 0, 0, 0)  # of every file in the zip: the same set gives the same bytes
LEFT_OUT = {"answers", "__pycache__"}  # of a grader's folder: what no verdict needs


class Answer(BaseModel):
    """What comes back: a result, or why this worker grades nothing.

    Attributes:
        bundle: the result.
        no_sandbox: why nothing confines student code there.
        other_versions: what is installed there where it differs from what is at home.
    """

    bundle: Bundle | None = None
    no_sandbox: str = ""
    other_versions: str = ""


class SetOnWorker(WorkerPlugin):
    """A problem set on a worker, and the sandbox that it is graded in.

    Args:
        packed: of :func:`pack`.
        digest: its SHA-256.
        expected: versions that must be installed.
        sandbox: tier to grade in, or "auto".
        imports: packages that the set uses.
    """

    def __init__(
        self, packed: bytes, digest: str, expected: dict[str, str], sandbox: str, imports: frozenset[str]
    ) -> None:
        self.packed, self.digest, self.expected, self.sandbox, self.imports = packed, digest, expected, sandbox, imports

    def setup(self, worker: Any) -> None:
        """Unpack the set; the sandbox waits for the first submission."""
        self._lock, self._stack = threading.Lock(), ExitStack()
        self._graders: Graders | None = None
        if hashlib.sha256(self.packed).hexdigest() != self.digest:
            raise ValueError("the problem set was damaged on its way")
        # below Dask's own, which the next worker there clears when this one is killed; for nobody else to read (0700)
        self._folder = Path(tempfile.mkdtemp(prefix="goodfit-set-", dir=worker.local_directory))
        self._stack.callback(shutil.rmtree, self._folder, ignore_errors=True)
        with zipfile.ZipFile(io.BytesIO(self.packed)) as archive:
            archive.extractall(self._folder)

    def teardown(self, worker: Any) -> None:
        """End the fork server, and remove the set."""
        self._stack.close()

    def grade(self, sent: bytes) -> Answer:
        """Grade one submission."""
        here = versions()
        other = {n: here.get(n, "none") for n in self.expected.keys() | here if self.expected.get(n) != here.get(n)}
        if other:
            return Answer(other_versions=", ".join(f"{name} {found}" for name, found in sorted(other.items())))
        try:
            with self._lock:
                if self._graders is None:
                    self._graders = Graders(*self._stack.enter_context(serving(self.sandbox, self.imports)))
                graders = self._graders
            places = {"source_root": self._folder / "source", "graders_root": self._folder / "graders"}
            job = Job.model_validate_json(sent).model_copy(update={**places, "tier": graders.tier})
            return Answer(bundle=graders.grade(job))
        except SandboxError as error:
            return Answer(no_sandbox=str(error))


def grade(sent: bytes, plugin: str) -> bytes:
    """The task that is sent to Dask: a job's JSON in, an :class:`Answer`'s JSON out."""
    return bytes(get_worker().plugins[plugin].grade(sent).model_dump_json().encode())


def pack(assignment: Assignment) -> bytes:
    """All that a verdict on a submission of this assignment needs, as a zip; equal for equal content.

    Of other assignments only the notebooks: a submission of another set is told by its cells.
    """
    source, graders = assignment.source_dir.parent, assignment.graders_dir.parent
    folders = [assignment.graders_dir, *sorted(graders.glob("_*/"))]
    files = {f"source/{assignment.name}/{n}": p.read_bytes() for n, p in assignment.data_files().items()}
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            place = path.relative_to(graders)
            if not LEFT_OUT & set(place.parts):
                files[f"graders/{place}"] = path.read_bytes()
    for other in Assignment.every(source, graders):
        files[f"source/{other.name}/{other.name}.ipynb"] = other.notebook_path.read_bytes()
        if other.name != assignment.name:
            files[f"graders/{other.name}/test_elsewhere.py"] = b""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), files[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()
