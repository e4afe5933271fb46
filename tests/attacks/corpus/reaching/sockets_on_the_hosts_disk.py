"""Sockets are made in the folder that the kernel shares with the host until there are no names left on its disk."""
# places: last
# alone: yes

import os, socket

made = 0
try:
    while made < 6000:
        s = socket.socket(socket.AF_UNIX)
        s.bind(f"/run/goodfit/sockets/n{made:06}")
        s.close()
        made += 1
except OSError:
    pass
if made > 5000:
    print("REACHED", made, "names on the host's disk")
