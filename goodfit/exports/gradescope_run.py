"""What ``run_autograder`` does in Gradescope's container: grade the submission there with our graders.

Whatever goes wrong on our side leaves no ``results.json`` and ends with an exit code above 0: Gradescope then shows
that the autograder failed, and gives no score. What stands on standard output is for staff.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat

from goodfit.exports.gradescope_results import results
from goodfit.files import write_whole
from goodfit.grading import for_pages
from goodfit.grading.job import Bundle, Job
from goodfit.grading.kernels import serving
from goodfit.grading.pool import Graders
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.submission import read_submission
from goodfit.sandbox.errors import SandboxError
from goodfit.sandbox.limits import Limits

USER = 61180  # an id that no account of the image has
DONE, OUR_FAULT, NO_SANDBOX = 0, 1, 3


def main(root: Path) -> int:
    """Grade what a student uploaded.

    Args:
        root: Gradescope's folder, with ``source`` (the unpacked zip), ``submission`` and ``results``.

    Returns:
        The exit code.
    """
    place = root / "results" / "results.json"
    place.unlink(missing_ok=True)
    source = root / "source"
    settings: dict[str, Any] = json.loads((source / "settings.json").read_text(encoding="utf-8"))
    assignment = Assignment.find(settings["assignment"], source / "set" / "source", source / "set" / "graders")
    try:
        bundle = _grade(assignment, root / "submission", Limits(**settings["limits"]), settings["sandbox"])
    except SandboxError as error:
        if os.geteuid() == 0:
            print(f"As root: {error}\nOnce more as an ordinary user.", flush=True)
            return _as_ordinary_user(root)
        print(
            f"{error}\nNothing was graded, because a student's code would not be confined here. `goodfit export … "
            "--sandbox none` makes an autograder that grades all the same: then any submission can read the hidden "
            "checks and write its own score."
        )
        return NO_SANDBOX
    print(bundle.log)
    if bundle.verdict.broke:
        print("A check of ours broke (see above), so there is no score. Repair it, and rerun the autograder.")
        return OUR_FAULT
    told = for_pages.read(nbformat.reads(bundle.notebook, as_version=4))
    if told is None:
        print("The graded notebook lacks its verdict: the engine in this zip does not fit together. Export it anew.")
        return OUR_FAULT
    worth = {name: cell.points for name, cell in assignment.graded_cells.items()}
    earned = {name: bundle.verdict.cell_score(name) for name in worth}
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, results(told, worth, earned))
    return DONE


def _grade(assignment: Assignment, folder: Path, limits: Limits, sandbox: str) -> Bundle:
    submission = read_submission(folder, f"{assignment.name}.ipynb")
    with serving(sandbox, assignment.imports()) as (tier, server):
        job = Job.of(
            submission,
            assignment=assignment.name,
            source_root=assignment.source_dir.parent,
            graders_root=assignment.graders_dir.parent,
            limits=limits,
            tier=tier,
        )
        return Graders(tier, server).grade(job)


def _as_ordinary_user(root: Path) -> int:
    """Grade in a process of another user. A container's root may lack the right to make namespaces, which an ordinary
    user then has in a user namespace, where the container allows those.
    """
    home = tempfile.mkdtemp(prefix="goodfit-home-")
    hidden = (root / "source" / "set").rglob("*")
    ours = (Path(home), root / "source" / "set", root / "source" / "settings.json", root / "results")
    for path in (*ours, *hidden, root / "submission", *(root / "submission").rglob("*")):
        os.chown(path, USER, USER, follow_symlinks=False)
    done = subprocess.run(
        [sys.executable, "-m", "goodfit.exports.gradescope_run", str(root)],
        env={**os.environ, "HOME": home, "TMPDIR": home},
        user=USER,
        group=USER,
        extra_groups=[],
        check=False,
    )
    shutil.rmtree(home, ignore_errors=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
