"""An autograder of one set for Gradescope: a zip with these very graders, the engine, and how to install both there."""

from __future__ import annotations

import io
import json
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import nbformat

import goodfit
from goodfit.course.course import Course
from goodfit.course.scores import Scores
from goodfit.exports.gradescope_results import results
from goodfit.exports.merge import Choice
from goodfit.exports.people import listed
from goodfit.grading import for_pages
from goodfit.grading.pool import AGAIN, MARGIN
from goodfit.notebooks.assignment import Assignment
from goodfit.sandbox.limits import Limits

LOCK = "requirements.lock"
OF_THE_ENGINE = (".py", ".j2", ".css")
SETUP = """\
#!/usr/bin/env bash
# Written by `goodfit export`. Gradescope runs it once, as root, when it builds the image.
set -euo pipefail
cd /autograder/source
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends bubblewrap libseccomp2
fits() { "$1" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; }
python=
for one in python3.13 python3.12 python3.11 python3; do
    if fits "$one"; then python=$one; break; fi
done
if [ -z "$python" ]; then
    for one in python3.13 python3.12 python3.11; do
        if apt-get install -y --no-install-recommends "$one" "$one-venv" && fits "$one"; then python=$one; break; fi
    done
fi
if [ -z "$python" ]; then
    echo "Goodfit needs Python 3.11, 3.12 or 3.13, and this image has none to install. Choose a newer base image." >&2
    exit 1
fi
"$python" -m venv /autograder/venv
/autograder/venv/bin/python -m pip install --no-cache-dir {options}-r requirements.txt
chmod -R go-rwx set settings.json
"""
RUN = """\
#!/usr/bin/env bash
# Written by `goodfit export`. Gradescope runs it for each submission.
root="${AUTOGRADER:-/autograder}"
export PYTHONPATH="$root/source/lib" PYTHONDONTWRITEBYTECODE=1
exec "${AUTOGRADER_PYTHON:-$root/venv/bin/python}" -m goodfit.exports.gradescope_run "$root"
"""


@dataclass
class ForGradescope:
    """What is written for Gradescope.

    Attributes:
        autograder: the zip.
        results: ``results.json`` by student, of those who are graded here.
        notices: what is to be known, in sentences.
    """

    autograder: bytes
    results: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


def autograder(assignment: Assignment, limits: Limits, sandbox: str, lock: Path | None) -> bytes:
    """The autograder's zip. It holds the set's notebook and graders, and so its solutions: it is for staff alone.

    Args:
        assignment: the only set in it; its bank of answers stays here.
        limits: the course's.
        sandbox: tier, or "auto".
        lock: a file of requirements with hashes; None: today's versions of what Goodfit needs.
    """
    settings = {"assignment": assignment.name, "limits": limits.model_dump(), "sandbox": sandbox}
    requirements = lock.read_text(encoding="utf-8") if lock else _requirements()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "setup.sh", SETUP.replace("{options}", "--require-hashes " if lock else ""), mode=0o755)
        _add(archive, "run_autograder", RUN, mode=0o755)
        _add(archive, "settings.json", json.dumps(settings, indent=1))
        _add(archive, "requirements.txt", requirements)
        _add(archive, "NEEDS.txt", "\n".join(needs(limits, sandbox)) + "\n")
        for name, content in (*_engine(), *_set(assignment)):
            _add(archive, name, content)
    return made.getvalue()


def needs(limits: Limits, sandbox: str) -> list[str]:
    """What must be set at Gradescope, and what is not sure there, in sentences."""
    minutes = math.ceil((AGAIN * limits.notebook_seconds + MARGIN) / 60)
    said = [
        "Container: at least 3 GB and 1 CPU (Gradescope's default of 0.75 GB does not even hold the libraries). A "
        f"submission may take {limits.memory_bytes / 2**30:g} GiB here, and is ended earlier where the container is "
        "smaller.",
        f"Autograder timeout: {min(minutes, 40)} minutes are enough for the slowest submission"
        + (" that Gradescope allows." if minutes > 40 else "; most take seconds."),
        "Base image: Ubuntu 22.04 or newer. setup.sh brings Python 3.11 or newer where there is none.",
        "Questions that are graded by hand are not in it: add them to the assignment's outline.",
    ]
    if sandbox == "none":
        said.append(
            "WITHOUT A SANDBOX: a submission can read the hidden checks and write its own score, and every result says "
            "so."
        )
    else:
        said.append(
            "Student code runs only where a sandbox can be made, which the container must allow: where none works, "
            "nothing is graded, and the output for staff says why (docs/operator.md, “Gradescope”)."
        )
    return said


def for_gradescope(
    course: Course, assignment: Assignment, scores: Scores | None, sandbox: str, choice: Choice
) -> ForGradescope:
    """The autograder of a set, and the results of those who are graded already.

    Args:
        course: with the limits, and the autograded notebooks that tell what the checks said.
        assignment: the set.
        scores: of the gradebook, which count; None where nothing is graded yet.
        sandbox: tier in which the autograder runs.
        choice: whether those who wait for a person get results.
    """
    lock = course.root / LOCK
    limits = course.goodfit.course_limits()
    made = ForGradescope(autograder(assignment, limits, sandbox, lock if lock.is_file() else None))
    made.notices += needs(limits, sandbox)
    if scores is None:
        return made
    waiting, silent = [], []
    worth = {exercise.grade_id: exercise.points for exercise in scores.exercises}
    for student in (one for one in scores.students if one.handed_in):
        if student.needs_manual and not choice.unfinished:
            waiting.append(student.student)
            continue
        told = _told(course.autograded(assignment.name, student.student) / f"{assignment.name}.ipynb")
        if told is None:
            silent.append(student.student)
            continue
        late = [f"Late: {student.penalty:g} points are taken off."] if student.penalty else []
        made.results[student.student] = results(told, worth, student.points or {}, late, student.total)
    for names, words in (
        (waiting, "Waiting for manual grading, and without a results.json (--unfinished makes it)"),
        (silent, "Not graded by this version of Goodfit, and without a results.json: `goodfit grade` them again"),
    ):
        made.notices += [f"{words}: {listed(names)}."] if names else []
    return made


def _told(notebook: Path) -> for_pages.ForPages | None:
    try:
        return for_pages.read(nbformat.read(notebook, as_version=4))
    except (OSError, ValueError):
        return None


def _engine() -> Iterator[tuple[str, bytes]]:
    """The package with what its installation tells of it: the version, and how kernels are started."""
    root = Path(goodfit.__file__).parent
    for path in sorted(path for path in root.rglob("*") if path.suffix in OF_THE_ENGINE):
        yield f"lib/goodfit/{path.relative_to(root).as_posix()}", path.read_bytes()
    known = distribution("goodfit")
    for name, other in (("METADATA", "PKG-INFO"), ("entry_points.txt", "entry_points.txt")):
        text = known.read_text(name) or known.read_text(other) or ""
        yield f"lib/goodfit-{goodfit.__version__}.dist-info/{name}", text.encode()


def _set(assignment: Assignment) -> Iterator[tuple[str, bytes]]:
    """The set's notebook, data and graders, and what several sets share; no answers, no other set."""
    graders = assignment.graders_dir.parent
    folders = {
        assignment.source_dir: f"set/source/{assignment.name}",
        assignment.graders_dir: f"set/graders/{assignment.name}",
        **{shared: f"set/graders/{shared.name}" for shared in sorted(graders.glob("_*/"))},
    }
    for folder, place in folders.items():
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            inside = path.relative_to(folder)
            of_answers = folder == assignment.graders_dir and inside.parts[0] == "answers"
            if not of_answers and not {"__pycache__", ".ipynb_checkpoints"} & set(inside.parts):
                yield f"{place}/{inside.as_posix()}", path.read_bytes()


def _requirements() -> str:
    """What Goodfit needs, in the versions that are installed here: they are part of a verdict."""
    lines = []
    for line in distribution("goodfit").requires or []:
        wanted, _, marker = line.partition(";")
        name = re.split(r"[\s\[<>=!~(]", wanted.strip())[0]
        if "extra ==" in marker:
            continue
        try:
            wanted = f"{name}=={version(name)}"
        except PackageNotFoundError:  # of another platform
            wanted = wanted.strip()
        lines.append(f"{wanted};{marker}" if marker else wanted)
    return "\n".join(lines) + "\n"


def _add(archive: zipfile.ZipFile, name: str, content: str | bytes, mode: int = 0o644) -> None:
    entry = zipfile.ZipInfo(name)  # without today's time: the same set makes the same zip
    entry.external_attr = mode << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
