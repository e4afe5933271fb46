"""Seconds that each source notebook takes with the reference answers, its slowest cell, and what it wrote to stderr.

    .venv/bin/python tests/benchmarks/notebooks.py [ASSIGNMENT …]

A notebook is run from top to bottom in an ordinary kernel, imports included, as on a student's machine. Beside the
seconds stands their ratio to those of a plain training of a fixed size, timed right before it in the same run: that
ratio says the same on another machine. Exits with 1 where a notebook takes more than 60 s, a cell more than 20 s, or
stderr is not empty.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOK_SECONDS, CELL_SECONDS = 60, 20
BASELINE = """
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras, numpy, time
x, y = numpy.random.default_rng(0).random((4000, 784), dtype="float32"), numpy.arange(4000) % 10
started = time.monotonic()
keras.utils.set_random_seed(0)
model = keras.Sequential([keras.layers.Dense(128, activation="relu"), keras.layers.Dense(10, activation="softmax")])
model.compile("rmsprop", "sparse_categorical_crossentropy")
model.fit(x, y, batch_size=128, epochs=10, verbose=0)
print(time.monotonic() - started)
"""


def baseline() -> float:
    """Seconds of ten epochs of a small network, in a process of its own, imports not counted."""
    done = subprocess.run([sys.executable, "-c", BASELINE], capture_output=True, text=True, check=True)
    return float(done.stdout)


def run(path: Path) -> tuple[float, float, str, str]:
    """Run one notebook; returns its seconds, those of its slowest cell, that cell's grade_id, and its stderr."""
    notebook = nbformat.read(path, as_version=4)
    started = time.monotonic()
    resources = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, record_timing=True, kernel_name="python3", resources=resources).execute()
    whole = time.monotonic() - started
    slowest, name = 0.0, ""
    for cell in notebook.cells:
        times = cell.metadata.get("execution", {})
        if "iopub.status.busy" in times:
            start, end = (datetime.fromisoformat(times[f"iopub.status.{s}"]) for s in ("busy", "idle"))
            if (seconds := (end - start).total_seconds()) > slowest:
                slowest, name = seconds, cell.metadata.get("nbgrader", {}).get("grade_id", cell.id)
    outputs = [o for c in notebook.cells for o in c.get("outputs", [])]
    return whole, slowest, name, "".join(o.text for o in outputs if o.get("name") == "stderr")


def main() -> None:
    """Run the notebooks one after the other and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("assignments", nargs="*", default=sorted(p.name for p in (REPOSITORY / "source").iterdir()))
    wrong = []
    print(f"{'':28}{'s':>6}{'baseline s':>12}{'ratio':>7}{'slowest cell s':>16}")
    for name in parser.parse_args().assignments:
        unit = baseline()
        whole, slowest, cell, stderr = run(REPOSITORY / "source" / name / f"{name}.ipynb")
        print(f"{name:28}{whole:6.1f}{unit:12.2f}{whole / unit:7.1f}{slowest:16.1f}  {cell}", flush=True)
        if whole > NOTEBOOK_SECONDS or slowest > CELL_SECONDS or stderr:
            wrong.append(f"{name}: {whole:.0f} s, slowest cell {slowest:.0f} s, stderr: {stderr[:300]!r}")
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main()
