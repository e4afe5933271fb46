"""The machine's clock and its name are set."""
# begins with: calls
# bgw: BGW-132

pair = (ctypes.c_long * 2)(1_000_000_000, 0)
tries(settimeofday=(164, ctypes.byref(pair), 0), clock_settime=(227, 0, ctypes.byref(pair)), hostname=(170, b"evil", 4))
