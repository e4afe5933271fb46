"""Namespaces in which one would be root again, and those of other processes."""
# begins with: calls
# bgw: BGW-132

for name, flag in {"user": 0x10000000, "mount": 0x20000, "pid": 0x20000000, "network": 0x40000000, "ipc": 0x8000000}.items():
    pid = os.fork()
    if pid == 0:
        os._exit(0 if call(272, flag) >= 0 else 1)
    if os.waitpid(pid, 0)[1] == 0:
        print("REACHED", name)
for kind in ("mnt", "user", "pid", "net"):
    for process in ("1", "self"):
        try:
            number = os.open(f"/proc/{process}/ns/{kind}", os.O_RDONLY)
            tries(**{f"setns {process} {kind}": (308, number, 0)})
        except OSError:
            pass
