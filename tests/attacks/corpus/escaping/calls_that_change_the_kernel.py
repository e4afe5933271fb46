"""Modules, BPF, kexec, swap, accounting, performance counters: what changes Linux or looks into it."""
# begins with: calls
# bgw: BGW-132
# quick: yes

zeros = ctypes.create_string_buffer(256)
tries(
    init_module=(175, zeros, 256, b""), finit_module=(313, 0, b"", 0), bpf=(321, 0, zeros, 64), kexec=(246, 0, 0, 0, 0),
    swapon=(167, b"/tmp/x", 0), acct=(163, b"/tmp/x"), perf=(298, zeros, 0, -1, -1, 0), userfaultfd=(323, 0),
    io_uring=(425, 8, zeros), keyctl=(250, 0, -3, 1), add_key=(248, b"user", b"x", b"x", 1, -3), reboot=(169, 0, 0, 0, 0),
    handle=(304, 0, zeros, 0), personality=(135, 0x0400000), iopl=(172, 3), quotactl=(179, 0, 0, 0, 0), syslog=(103, 3, zeros, 64),
    pidfd_getfd=(438, 0, 0, 0), modify_ldt=(154, 1, zeros, 16), vhangup=(153,), lookup_dcookie=(212, 0, zeros, 10),
)
