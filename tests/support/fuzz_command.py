"""Read what nobody has thought of, a million times: `make fuzz`.

    python tests/support/fuzz_command.py [--inputs N] [--seed N] [--only TARGET] [--keep FOLDER] [--record]

Atheris (libFuzzer) makes inputs out of those in :mod:`fuzz_targets`, guided by the lines of Goodfit that they reach.
Each target is a process of its own: an error that is not meant for it, ten seconds or 2 GiB for one input, end it, and
the input is shown. Exit code 0 where nothing of that kind was found.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).resolve()
SECONDS, MEGABYTES = 10, 2048  # that one input may take
LONGEST = 1 << 14  # bytes of an input


def main(words: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=10_000, help="of all targets together (10,000)")
    parser.add_argument("--seed", type=int, default=1, help="of the inputs (1)")
    parser.add_argument("--only", action="append", default=[], help="this target; repeatable")
    parser.add_argument("--keep", type=Path, help="folder for inputs that reach something, to go on from")
    parser.add_argument("--record", action="store_true", help="keep the figures, and write docs/attacks.md anew")
    parser.add_argument("--read", nargs=2, metavar=("TARGET", "FILE"), help="read one input, with its traceback")
    parser.add_argument("--target", help=argparse.SUPPRESS)  # the process of one target
    options, further = parser.parse_known_args(words)
    if options.target:
        _fuzz(options.target, further)
    from fuzz_targets import TARGETS

    named = {*options.only, *(options.read or ())[:1]}
    if further or not named <= set(TARGETS):
        parser.error(f"{' '.join(further) or 'no such target'}; targets are: {', '.join(TARGETS)}")
    if options.read:
        TARGETS[options.read[0]].read(Path(options.read[1]).read_bytes())
        return 0
    found = run(options.inputs, options.seed, options.only, options.keep)
    print(json.dumps(found, indent=1))
    if options.record:
        from attack_record import keep

        keep("fuzz", found)
    return int(any(one["amiss"] for one in found["targets"].values()))


def run(inputs: int, seed: int = 1, only: Sequence[str] = (), keep: Path | None = None) -> dict[str, Any]:
    """Fuzz the targets, one after the other.

    Returns:
        What a record holds: date, machine, and by target: inputs, seconds, MB, the slowest input's seconds, and what
        was amiss, with the input as a Python literal.
    """
    from fuzz_targets import TARGETS

    chosen = {name: target for name, target in TARGETS.items() if not only or name in only}
    whole = sum(target.share for target in chosen.values())
    results = {}
    for name, target in chosen.items():
        with tempfile.TemporaryDirectory(prefix="goodfit-fuzz-") as folder:
            corpus = (keep or Path(folder)) / name.replace(" ", "_")
            corpus.mkdir(parents=True, exist_ok=True)
            for number, content in enumerate(target.seeds()):
                (corpus / f"seed{number}").write_bytes(content)
            results[name] = _results(name, inputs * target.share // whole, seed, corpus, Path(folder))
            print(f"{name}: {results[name]}", file=sys.stderr, flush=True)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"Python {platform.python_version()}, {os.cpu_count()} cores",
        "seed": seed,
        "inputs": sum(one["inputs"] for one in results.values()),
        "targets": results,
    }


def _results(name: str, inputs: int, seed: int, corpus: Path, folder: Path) -> dict[str, Any]:
    command = [
        sys.executable, str(HERE), "--target", name, f"-runs={inputs}", f"-seed={seed}", f"-timeout={SECONDS}",
        f"-rss_limit_mb={MEGABYTES}", f"-max_len={LONGEST}", f"-artifact_prefix={folder}/", "-print_final_stats=1",
        "-verbosity=0", str(corpus),
    ]  # fmt: skip
    began = time.monotonic()
    own = {**os.environ, "TMPDIR": str(folder)}  # what it leaves there goes with it
    ended = subprocess.run(command, capture_output=True, text=True, errors="replace", env=own, check=False)
    stats = dict(re.findall(r"stat::(\w+):\s+(\d+)", ended.stderr))
    amiss = ""
    if ended.returncode:
        kept = [path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()]
        said = ended.stdout.strip() or "\n".join(line for line in ended.stderr.split("\n") if "INFO" not in line)
        amiss = f"{said[-3000:]}\ninput: {kept[0]!r}" if kept else said[-3000:]
    return {
        "inputs": int(stats.get("number_of_executed_units", 0)),
        "seconds": round(time.monotonic() - began),
        "MB": int(stats.get("peak_rss_mb", 0)),
        "slowest": int(stats.get("slowest_unit_time_sec", 0)),
        "amiss": amiss,
    }


def _fuzz(name: str, words: Sequence[str]) -> None:
    """Let atheris feed one target; ends the process."""
    import atheris

    with atheris.instrument_imports(include=["goodfit"]):
        from fuzz_targets import TARGETS, other_json
    target = TARGETS[name]

    def changed(content: bytes, most: int, seed: int) -> bytes:
        chance = Random(seed)
        if target.inner is not None and chance.random() < 0.7:
            with contextlib.suppress(Exception):  # no JSON is left in it
                value, put = target.inner(content)
                return put(other_json(value, chance))[:most]
        return bytes(atheris.Mutate(content, most))

    atheris.Setup([sys.argv[0], *words], target.read, custom_mutator=changed)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
