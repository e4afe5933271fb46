"""The environment of this process, of its first process, of the fork server: after being made dumpable."""
# begins with: looking
# bgw: BGW-116

import ctypes

ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
for process in [p for p in os.listdir("/proc") if p.isdigit()] + ["self", "thread-self"]:
    for part in ("environ", "cmdline", "auxv", "comm"):
        show(f"/proc/{process}/{part}")
for line in open("/proc/self/environ").read().split("\0"):
    if line.startswith("PYTHONPATH=") and len(line) > 11:
        print("REACHED", line.split("=")[0])
