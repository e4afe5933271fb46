import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    """A system call by its number (x86-64): its result, or minus the error's number."""
    ctypes.set_errno(0)
    words = [ctypes.c_char_p(a) if isinstance(a, bytes) else ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = libc.syscall(ctypes.c_long(number), *words)
    return -ctypes.get_errno() if result < 0 else result


def tries(**calls):
    """Say which of these calls, (number, arguments…), Linux did."""
    for name, (number, *arguments) in calls.items():
        if call(number, *arguments) >= 0:
            print("REACHED", name)
