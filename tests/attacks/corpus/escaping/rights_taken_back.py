"""Root, groups, capabilities and limits that were taken away are asked back."""
# begins with: calls
# bgw: BGW-132

import resource

for name, ask in {
    "root": lambda: os.setuid(0), "another user": lambda: os.setresuid(1000, 1000, 1000), "groups": lambda: os.setgroups([0]),
    "group": lambda: os.setgid(0), "another's files": lambda: os.chown(".", 0, 0),
    "processes": lambda: resource.setrlimit(resource.RLIMIT_NPROC, (10**6, 10**6)),
    "memory": lambda: resource.setrlimit(resource.RLIMIT_DATA, (resource.RLIM_INFINITY,) * 2),
    "processor": lambda: resource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6)),
    "file size": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 40, 1 << 40)),
    "core": lambda: resource.setrlimit(resource.RLIMIT_CORE, (1 << 30, 1 << 30)),
}.items():
    if os.geteuid() == 0 and name in ("root", "group"):
        print("REACHED", "it is root")
    try:
        ask()
        print("REACHED", name)
    except (OSError, ValueError):
        pass
header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
tries(capset=(126, ctypes.byref(header), ctypes.byref(data)))
if libc.prctl(39, 0, 0, 0, 0) != 1:
    print("REACHED", "new privileges")
