"""The documentation site, built once for all tests that look at it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

BUILD = Path(__file__).resolve().parents[2] / "docs" / "site" / "build.py"
DEMO = {  # what `goodfit demo` leaves, as far as the site looks at it
    "expected.json": '{"ps0": {"ada": 2.5, "bo": 4.0, "cy": 0}}',
    "reports/ps0.html": "<!doctype html><title>A report</title>",
    **{f"feedback/{name}/ps0/ps0.html": f"<!doctype html><title>{name}</title>" for name in ("ada", "bo", "cy")},
}


def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, built by the command of ``make docs``: by the first test process that asks, for all.

    It fails where the build has anything to warn of.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    build = shared / "docs"
    build.mkdir(exist_ok=True)
    with open(build / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (build / "said").exists():
            demo = build / "demo"
            for place, text in DEMO.items():
                (demo / place).parent.mkdir(parents=True, exist_ok=True)
                (demo / place).write_text(text)
            command = [sys.executable, str(BUILD), str(build), str(demo)]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            (build / "said").write_text(f"{done.returncode}\n{done.stdout}")
    code, _, said = (build / "said").read_text().partition("\n")
    assert code == "0", said
    return build / "site"
