"""Unix sockets of the host, by path and by abstract name: Docker, D-Bus, X, the fork server, other kernels."""
# begins with: looking
# bgw: BGW-130

import glob, socket

mine = {f"/run/goodfit/sockets/{name}" for name in os.listdir("/run/goodfit/sockets")} if os.path.isdir("/run/goodfit/sockets") else set()
paths = ["/var/run/docker.sock", "/run/dbus/system_bus_socket", "/tmp/.X11-unix/X0", "\0/tmp/.X11-unix/X0", "/dev/log"]
paths += glob.glob("/tmp/gf-*/*") + glob.glob("/tmp/**/*server*", recursive=True) + glob.glob("/run/**/*sock*", recursive=True)
paths += [line.split()[-1].replace("@", "\0", 1) for line in open("/proc/net/unix") if "@" in line] if os.path.exists("/proc/net/unix") else []
for path in set(paths) - mine:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        try:
            with socket.socket(socket.AF_UNIX, kind) as s:
                s.settimeout(1)
                s.connect(path)
                print("REACHED", repr(path))
        except OSError:
            pass
