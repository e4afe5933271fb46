"""Memory in the buffers of unix sockets that nobody reads."""
# places: last
# alone: yes
# expected: open: no limit counts what is on its way in a socket

import socket

pairs, held = [], 0
try:
    for n in range(220):
        a, b = socket.socketpair()
        a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20)
        a.setblocking(False)
        pairs.append((a, b))
        try:
            while True:
                held += a.send(b"x" * 65536)
        except BlockingIOError:
            pass
except OSError:
    pass
if held > 32 << 20:
    print("REACHED", held >> 20, "MiB, of which the kernel keeps twice as much")
