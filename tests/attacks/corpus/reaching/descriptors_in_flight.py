"""Descriptors parked in a socket count against the user, on all sandboxes together: 1,250 stop the class."""
# places: last
# only: user
# alone: yes
# bgw: BGW-126

import array, socket, time

a, b = socket.socketpair()
a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
sent = 0
try:
    for i in range(40):
        a.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0] * 250))])
        sent += 250
except OSError:
    pass
if sent > 1024:
    print("REACHED", sent, "descriptors in flight")
time.sleep(2)
