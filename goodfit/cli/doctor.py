"""What works on this machine, and what to do about what does not."""

from __future__ import annotations

import platform
import shutil
import sys
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from goodfit.authoring.grader_files import require_sound_graders, sentences_of
from goodfit.course import gradebook_file, gradebook_server
from goodfit.course.course import Course
from goodfit.course.folder import CourseError
from goodfit.files import Unavailable
from goodfit.sandbox import tiers
from goodfit.sandbox.launch import Tier

PACKAGES = ("nbgrader", "keras", "tensorflow-cpu", "tensorflow", "numpy", "scikit-learn", "jupyterlab", "ipykernel")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what, in which state ("ok", "better with", "broken"), and what to do."""

    what: str
    state: str
    detail: str
    remedy: str = ""

    def as_dict(self) -> dict[str, str]:
        """For ``--json``."""
        return asdict(self)


def examine(course: Course | CourseError) -> list[Finding]:
    """Look at versions, sandbox tiers, the gradebook and the assignments."""
    found = [
        Finding("Python", "ok", f"{platform.python_version()} ({sys.executable})"),
        Finding(platform.system(), "ok", platform.release()),
    ]
    for name in PACKAGES:
        try:
            found.append(Finding(name, "ok", version(name)))
        except PackageNotFoundError:
            if not name.startswith("tensorflow"):
                found.append(Finding(name, "broken", "not installed", "run `make setup`"))
    usable = []
    for report in tiers.survey():
        if report.tier is Tier.NONE:
            continue
        if report.usable:
            usable.append(report.tier)
            layers = ", ".join(report.layers)
            found.append(Finding(f"sandbox {report.tier}", "ok", f"{layers}; ready in {report.seconds:.2f} s"))
            found += [Finding(f"sandbox {report.tier}", "better with", text) for text in report.missing]
        else:
            found.append(Finding(f"sandbox {report.tier}", "better with", report.reason, report.remedy))
    if not usable:
        found.append(
            Finding(
                "sandbox", "broken", "nothing confines student code here, so nothing is graded", "see docs/operator.md"
            )
        )
    if not shutil.which("bwrap"):
        found.append(
            Finding(
                "bubblewrap",
                "better with",
                "a second sandbox tier where forks cannot be confined",
                "apt-get install bubblewrap",
            )
        )
    if isinstance(course, CourseError):
        found.append(Finding("course", "broken", str(course)))
    else:
        names = ", ".join(course.assignments()) or "none"
        found.append(Finding("course", "ok", f"{course.root}; assignments with graders: {names}"))
        for name in course.assignments():
            assignment = course.assignment(name)
            faults = sentences_of(partial(require_sound_graders, assignment))
            found += [Finding(name, "broken", fault, f"then `goodfit release {name}`") for fault in faults]
        found.append(_gradebook(str(course.directories.db_url)))
    return found


def _gradebook(url: str) -> Finding:
    """Whether the gradebook can be used; one that is not there yet is well."""
    path = gradebook_file.path_of(url)
    try:
        if path is None:
            gradebook_server.examine(url)
        elif path.exists():
            gradebook_file.check(path)
    except Unavailable as error:
        return Finding("gradebook", "broken", str(error))
    return Finding("gradebook", "ok", gradebook_server.shown(url))
