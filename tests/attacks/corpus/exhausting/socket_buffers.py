"""Memory in the buffers of unix sockets that nobody reads."""
# places: last
# limits: total_memory_bytes=1000000000

import socket

pairs, held, part = [], 0, b"x" * (1 << 20)
try:
    while held < 720 << 20:
        a, b = socket.socketpair()
        a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20)
        a.setblocking(False)
        pairs.append((a, b))
        try:
            while True:
                held += a.send(part)
        except BlockingIOError:
            pass
except OSError as error:
    print(error)
print(len(pairs), "pairs", held >> 20, "MiB", flush=True)
if held >= 720 << 20:
    print("REACHED", held >> 20, "MiB")
