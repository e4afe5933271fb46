"""While others are graded, the list of processes is watched for theirs."""
# places: last
# bgw: BGW-130

import os, time

mine, end, seen = {os.getpid(), os.getppid()}, time.monotonic() + 2, set()
while time.monotonic() < end:
    seen |= {int(p) for p in os.listdir("/proc") if p.isdigit()}
    time.sleep(0.02)
if len(seen - mine) > 3:
    print("REACHED", sorted(seen - mine))
