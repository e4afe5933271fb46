"""Processes of the same user are traced, and their memory copied, by the calls made for that."""
# begins with: calls
# bgw: BGW-132

for process in [int(p) for p in os.listdir("/proc") if p.isdigit() and int(p) != os.getpid()]:
    tries(**{f"ptrace {process}": (101, 16, process, 0, 0), f"seize {process}": (101, 0x4206, process, 0, 0)})
    local = ctypes.create_string_buffer(64)
    spans = (ctypes.c_ulong * 4)(ctypes.addressof(local), 64, 0x400000, 64)
    if call(310, process, ctypes.byref(spans), 1, ctypes.byref(spans, 16), 1, 0) > 0:
        print("REACHED", "process_vm_readv", process)
