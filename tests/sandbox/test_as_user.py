"""The sandbox as an ordinary user: the other tests of this room again, without root's rights."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@pytest.mark.skipif(os.geteuid() != 0, reason="this run is an ordinary user's already: the other files have covered it")
@pytest.mark.parametrize(
    "parts",
    [("walls", "cgroup"), pytest.param(("kernel", "limits", "uncounted", "life"), marks=pytest.mark.all)],
    ids="-".join,
)
def test_everything_holds_for_an_ordinary_user(parts: tuple[str, ...]) -> None:
    """User namespaces instead of root: the same walls; with --all the same tests of limits and of a life, too."""
    with tempfile.TemporaryDirectory(prefix="gfu-") as folder:
        os.chmod(folder, 0o777)
        run = subprocess.run(
            [
                sys.executable,
                str(TESTS / "support" / "as_user.py"),
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "-p",
                "no:xdist",
                "--basetemp",
                f"{folder}/t",
                "--import-mode=importlib",
                "-x",
                *(str(TESTS / "sandbox" / f"test_{part}.py") for part in parts),
            ],
            capture_output=True,
            text=True,
            cwd=TESTS.parent,
            timeout=420,
            check=False,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert " passed" in run.stdout
