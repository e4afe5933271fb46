"""A thread goes on taking memory while the next cells run."""
# places: first
# alone: yes

import threading, time

hoard = []


def take():
    while True:
        hoard.append(bytearray(b"x") * (64 << 20))
        time.sleep(0.05)


threading.Thread(target=take, daemon=True).start()
