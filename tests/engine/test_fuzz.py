"""What reads other people's bytes ends in the errors meant for it, also where a fuzzer looks for a way out of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from fuzz_command import HERE, run
from fuzz_targets import TARGETS, other_json

BROKEN = """
from fuzz_targets_of_goodfit import Target, other_json

def read(content):
    assert b"q" not in content, "there is a q"

TARGETS = {"letters": Target(read, lambda: [b"abc"], 1)}
"""


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_what_is_near_them_can_be_read(name: str) -> None:
    target, chance = TARGETS[name], Random(5)
    for seed in target.seeds():
        target.read(seed)
        target.read(seed[: len(seed) // 2])
        if target.inner is not None and not seed.startswith((b"\xff\xfe", b"\xfe\xff")):
            for _ in range(20):
                value, put = target.inner(seed)
                target.read(put(other_json(value, chance)))


@pytest.mark.all
def test_ten_thousand_inputs_are_read() -> None:
    found = run(10_000)
    assert {name: one["amiss"] for name, one in found["targets"].items() if one["amiss"]} == {}
    assert found["inputs"] > 9_900


@pytest.mark.all
def test_a_fault_is_found_and_its_input_is_shown(tmp_path: Path) -> None:
    shutil.copy(HERE, tmp_path)
    shutil.copy(HERE.with_name("fuzz_targets.py"), tmp_path / "fuzz_targets_of_goodfit.py")
    (tmp_path / "fuzz_targets.py").write_text(BROKEN)
    command = [sys.executable, "fuzz_command.py", "--inputs", "100000"]
    environment = {"PYTHONPATH": str(HERE.parent), "PATH": "/usr/bin"}
    ended = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert ended.returncode == 1
    assert "there is a q" in ended.stdout
    assert "input: b'" in ended.stdout
