"""Devices are made, and opened where they lie: disks, memory, FUSE, KVM, terminals, loops."""
# bgw: BGW-132

import os, stat

for name, number in {"disk": (8, 0), "memory": (1, 1), "null": (1, 3)}.items():
    try:
        os.mknod(f"/tmp/{name}", 0o660 | stat.S_IFBLK if name == "disk" else 0o660 | stat.S_IFCHR, os.makedev(*number))
        print("REACHED", "mknod", name)
    except OSError:
        pass
for path in ("/dev/fuse", "/dev/kvm", "/dev/net/tun", "/dev/loop-control", "/dev/loop0", "/dev/vhost-vsock", "/dev/userfaultfd",
             "/dev/dri/card0", "/dev/uinput", "/dev/mapper/control", "/dev/hwrng", "/dev/cpu/0/msr", "/dev/snapshot"):
    try:
        os.close(os.open(path, os.O_RDWR))
        print("REACHED", path)
    except OSError:
        pass
