"""What Binder (repo2docker) makes an environment from: packages and Python, for all sets of a course's repository."""

from __future__ import annotations

import sys
from pathlib import Path

from goodfit.authoring import requirements
from goodfit.files import write_whole
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.source import read_text

FOLDER = ".binder"  # repo2docker looks into it before all else
HEAD = "# Written by `goodfit release` from the sets' own requirements.txt, for Binder.\n"


def ensure(course: Path, assignments: list[Assignment]) -> list[str]:
    """Write ``.binder/`` for the sets as they are now, unless somebody has written one.

    Args:
        course: the course folder, the root of its repository.
        assignments: all sets.

    Returns:
        What is wrong: sentences, empty when all is well.
    """
    path = course / FOLDER / requirements.FILE
    if path.exists() and not read_text(path).startswith(HEAD):
        return []
    wanted: dict[str, tuple[str, str]] = {}
    for assignment in assignments:
        file = assignment.source_dir / requirements.FILE
        for line in read_text(file).splitlines() if file.is_file() else ():
            if not line.strip() or line.startswith("#"):
                continue
            package = line.partition("==")[0].strip().lower()
            known, whose = wanted.setdefault(package, (line, assignment.name))
            if known != line:
                return [
                    "Binder makes one environment for all sets, and two of them want different versions: "
                    f"{whose} wants {known} and {assignment.name} {line}. See to their {requirements.FILE}."
                ]
    path.parent.mkdir(exist_ok=True)
    write_whole(path, HEAD + "".join(f"{wanted[package][0]}\n" for package in sorted(wanted)))
    write_whole(path.with_name("runtime.txt"), f"python-{sys.version_info.major}.{sys.version_info.minor}\n")
    return []
