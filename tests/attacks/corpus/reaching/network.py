"""The internet, its name servers, and services on the machine itself, by TCP and UDP."""
# bgw: BGW-118, BGW-132
# quick: yes

import socket

for host, port in (("192.0.2.1", 80), ("127.0.0.1", 22), ("169.254.169.254", 80), ("::1", 80), ("127.0.0.1", 8888)):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind) as s:
                s.settimeout(0.5)
                s.connect((host, port))
                s.send(b"hello")
                print("REACHED", host, port, kind)
        except OSError:
            pass
try:
    print("REACHED", socket.getaddrinfo("example.org", 80))
except OSError:
    pass
