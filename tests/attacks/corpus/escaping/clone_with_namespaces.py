"""The same by clone and clone3, with flags that a filter may not see."""
# begins with: calls
# bgw: BGW-132
# places: last

flags = (ctypes.c_uint64 * 11)(0x10000000 | 0x20000, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)
pid = call(435, ctypes.byref(flags), 88)
if pid == 0:
    os._exit(0)
if pid > 0:
    os.waitpid(pid, 0)
    print("REACHED", "clone3")
pid = call(56, 0x10000000 | 17, 0, 0, 0, 0)
if pid == 0:
    os._exit(0)
if pid > 0:
    os.waitpid(pid, 0)
    print("REACHED", "clone")
