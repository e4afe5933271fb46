"""Families of sockets beside those of the internet: netlink, packets, vsock, Bluetooth, AF_ALG, keys, XDP."""
# bgw: BGW-132

import socket

for family in range(2, 46):
    for kind in (1, 2, 3, 5):
        try:
            socket.socket(family, kind).close()
            print("REACHED", "family", family)
        except OSError:
            pass
