"""The same calls by the numbers of 32-bit and x32 programs, which a filter for x86-64 does not know."""
# begins with: calls
# places: last
# alone: yes

import mmap

BIT = 0x40000000
for name, number in {"x32 unshare": 272, "x32 mount": 165, "x32 socket": 41, "x32 ptrace": 521}.items():
    pid = os.fork()
    if pid == 0:
        result = call(BIT | number, 2 if "socket" in name else 0x10000000, 1, 0)
        os._exit(0 if result >= 0 else 1)
    status = os.waitpid(pid, 0)[1]
    if status == 0:
        print("REACHED", name)
code = bytes([0x53, 0xB8, 54, 1, 0, 0, 0xBB, 0, 0, 0, 0x10, 0xCD, 0x80, 0x5B, 0xC3])  # int 0x80: unshare(CLONE_NEWUSER)
pid = os.fork()
if pid == 0:
    area = mmap.mmap(-1, 4096, prot=7)
    area.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(area))
    os._exit(0 if ctypes.CFUNCTYPE(ctypes.c_int)(address)() == 0 else 1)
if os.waitpid(pid, 0)[1] == 0:
    print("REACHED", "int 0x80 unshare")
