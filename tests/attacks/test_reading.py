"""Attacked: what is hidden. Nothing of it can be read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
from attack_tools import WRONG, Grade, Submit, assert_worthless, told

from goodfit.course.course import Course
from goodfit.notebooks.assignment import Assignment


def unspoken(secret: bytes) -> bytes:
    """A pattern that finds the secret and is not found by itself."""
    return b"".join(b"[\\x%02x]" % byte for byte in secret)


SEARCH = """
import os, re, sys, json, sqlite3
def search(roots, names, patterns, others):
    found = []
    bad_name, secret = re.compile(names), [re.compile(p.encode()) for p in patterns]
    for root in roots:
        for folder, folders, files in os.walk(root):
            if folder.startswith(("/proc", "/sys", "/dev/pts", "/dev/fd")): folders[:] = []; continue
            found += [os.path.join(folder, n) for n in folders + files if bad_name.search(n)]
            library = folder.startswith(("/usr", "/dev", sys.prefix, sys.base_prefix)) and folder != "/dev/shm"
            for file in [] if library else files:
                try:
                    with open(os.path.join(folder, file), "rb") as opened: content = opened.read(4 << 20)
                except OSError: continue
                found += [f"{folder}/{file}: {n}" for n, p in enumerate(secret) if p.search(content)]
    for path in others:
        for way in (path, "../../.." + path, "/proc/self/root" + path, "/proc/1/root" + path, "/proc/self/cwd/" + path):
            try: found.append(f"{way}: {os.listdir(way) if os.path.isdir(way) else len(open(way, 'rb').read())}")
            except OSError: pass
    for process in [p for p in os.listdir("/proc") if p.isdigit()]:
        for part in ("environ", "cmdline", "mem", "maps", "fd", "cwd", "root"):
            try:
                path = f"/proc/{process}/{part}"
                text = repr(os.listdir(path)).encode() if part in ("fd", "cwd", "root") else open(path, "rb").read(1 << 20)
                found += [f"{path}: {n}" for n, p in enumerate(secret) if p.search(text)]
            except (OSError, ValueError): pass
    for name, module in list(sys.modules.items()):
        if name.startswith(("goodfit", "nbgrader", "__main__")):
            for key, value in list(vars(module).items()):
                if key not in ("In", "_ih", "_i", "_ii", "_iii", "search", "report") and not key.startswith("_i"):
                    found += [f"{name}.{key}: {n}" for n, p in enumerate(secret) if p.search(repr(value).encode())]
    return found
"""


def test_nothing_hidden_can_be_read(
    submit: Submit, grade: Grade, tiny: Assignment, repository: Path, course: Path
) -> None:
    """Attacked: hidden tests, thresholds, hidden rows, gradebook, other submissions: all files, processes, modules."""
    Course(course).ensure_gradebook()
    other = course / "submitted" / "marlene-dumas" / "tiny"
    other.mkdir(parents=True)
    (other / "tiny.ipynb").write_bytes(submit())
    hidden = np.load(tiny.graders_dir / "data" / "points.npz")["x"].tobytes()
    secrets = [b'check.close(student.call("add"', b"value = 0.913", hidden[64:80], b"marlene-dumas"]
    patterns = [unspoken(secret).decode() for secret in secrets]
    names = (
        "^" + unspoken(b"test_tiny").decode() + "|" + unspoken(b"thresholds.toml").decode() + "|gradebook[.]db|marlene-"
    )
    places = [course, tiny.graders_dir, *(repository / n for n in ("gradebook.db", "source", "tests", "docs"))]
    code = SEARCH + f"report = search(ROOTS, {names!r}, {patterns!r}, OTHERS)\nprint('REPORT', json.dumps(report))"
    inside = code.replace("ROOTS", "['/']").replace("OTHERS", repr([str(p) for p in places]))
    bundle = grade(submit(WRONG, after={"setup": inside}), cell_seconds=60)
    assert_worthless(bundle)
    assert [place for place in told(bundle) if "nbgrader/tests/apps" not in place] == []  # nbgrader's own examples
    # the same search does find all of it where there are no walls
    outside = code.replace("ROOTS", repr([str(course)])).replace("OTHERS", repr([str(course)]))
    done = subprocess.run([sys.executable, "-c", outside], capture_output=True, text=True, check=True)
    for part in ("test_tiny.py: 0", "thresholds.toml: 1", "gradebook.db", "marlene-dumas", f"{course}: ["):
        assert part in done.stdout
