"""The process reads its own memory, in which the fork server may have left something of the grader or of others."""
# places: last
# bgw: BGW-116
# expected: open: the fork server's own requests, with paths of course and graders, are still in the memory of its forks

import ctypes, re

ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE: then its own memory is a file that it may open

pattern = re.compile(rb"[\x20-\x7e]{0,120}(?:/graders\b|/submitted/|thresholds[.]toml|gradebook[.]db)[\x20-\x7e]{0,40}")
found = set()
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        span, rights, _, _, inode = line.split()[:5]
        if rights.startswith("rw") and inode == "0":
            low, high = (int(n, 16) for n in span.split("-"))
            try:
                memory.seek(low)
                found |= set(pattern.findall(memory.read(min(high - low, 64 << 20))))
            except (OSError, OverflowError):
                continue
for text in sorted(found)[:3000]:
    print(text.decode())
