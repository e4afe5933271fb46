"""Files without end, in every folder that can be written."""
# places: last
# alone: yes

import os

for place in (".", "/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~"), "/run/goodfit/sockets"):
    total = 0
    try:
        for n in range(100):
            with open(f"{place}/{MARK}-{n}", "wb") as file:
                for _ in range(30):
                    total += file.write(b"x" * (1 << 20))
    except OSError:
        pass
    if total > 64 << 20:
        print("REACHED", place, total >> 20, "MiB")
