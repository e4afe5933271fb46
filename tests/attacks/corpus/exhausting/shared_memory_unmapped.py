"""Shared memory that is written and then taken out of the page tables: it is held, and nobody counts it."""
# places: last
# alone: yes
# bgw: BGW-132

import mmap, time

held = []
try:
    for n in range(7):
        part = mmap.mmap(-1, 256 << 20)
        for i in range(0, 256 << 20, 1 << 20):
            part[i : i + (1 << 20)] = b"x" * (1 << 20)
        part.madvise(mmap.MADV_DONTNEED)
        held.append(part)
except (OSError, MemoryError, ValueError):
    pass
if len(held) == 7 and held[0][5:6] == b"x":
    print("REACHED", 256 * len(held), "MiB")
time.sleep(0.5)
