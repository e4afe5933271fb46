"""The process reads its own memory, in which the fork server may have left something of the grader or of others."""
# places: last
# bgw: BGW-116
# expected: open: the fork server's own requests, with paths of course and graders, are still in the memory of its forks

import re

pattern = re.compile(rb"[\x20-\x7e]{0,80}(?:/source/|/graders/|/submitted/|thresholds|gradebook[.]db)[\x20-\x7e]{0,80}")
printed = 0
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        span, rights, *rest = line.split()
        if rights.startswith("rw") and not line.rstrip().endswith(("]", ".so")) or "[heap]" in line:
            low, high = (int(n, 16) for n in span.split("-"))
            try:
                memory.seek(low)
                content = memory.read(min(high - low, 64 << 20))
            except OSError:
                continue
            for found in pattern.findall(content):
                if printed < 600_000:
                    print(found.decode())
                    printed += len(found)
