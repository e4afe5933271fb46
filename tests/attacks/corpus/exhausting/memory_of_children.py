"""Each of many children takes as much memory as one process may have."""
# places: last
# alone: yes

import os, time

for n in range(8):
    if os.fork() == 0:
        try:
            hoard = [bytearray(b"x") * (64 << 20) for _ in range(6)]
            time.sleep(20)
        finally:
            os._exit(0)
time.sleep(15)
