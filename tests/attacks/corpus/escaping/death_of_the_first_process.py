"""The first process of the sandbox is killed, stopped or left behind, so that its children outlive it."""
# places: last
# alone: yes

import os, signal, time


def daemon():
    if os.fork():
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    import ctypes

    libc = ctypes.CDLL(None)
    libc.prctl(1, 0, 0, 0, 0)  # not to die with its parent
    libc.prctl(15, MARK[:15].encode(), 0, 0, 0)
    libc.prctl(36, 1, 0, 0, 0)  # whoever loses a parent comes here
    end = time.monotonic() + 60
    while time.monotonic() < end:
        time.sleep(0.1)


daemon()
for number in (signal.SIGSTOP, signal.SIGKILL):
    try:
        os.kill(1, number)
    except OSError:
        pass
