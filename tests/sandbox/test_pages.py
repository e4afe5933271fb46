"""The fork server's memory in huge pages: nothing in it changes, and forks still have copies of their own."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import os, re
from goodfit.sandbox.fork import pages

data = bytearray(os.urandom(4096) * (64 << 8))  # 64 MiB
before = hash(bytes(data))
gathered = pages.gather()
huge = int(re.search(r"AnonHugePages: +(\\d+)", open("/proc/self/smaps_rollup").read())[1]) << 10
assert hash(bytes(data)) == before
child = os.fork()
if not child:
    data[:] = bytes(len(data))
    os._exit(0)
os.waitpid(child, 0)
assert hash(bytes(data)) == before
print(gathered, huge)
"""


def test_memory_is_gathered_and_stays_what_it_is() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    gathered, huge = map(int, done.stdout.split())
    assert huge >= gathered  # both 0 where Linux cannot
