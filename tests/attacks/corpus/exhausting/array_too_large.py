"""Arrays larger than the machine's memory, and products that need as much."""
# places: first, last

for make in (lambda: np.ones(1 << 45, np.uint8), lambda: np.zeros((1 << 20, 1 << 20)) + 1, lambda: "x" * (1 << 50),
             lambda: [0] * (1 << 45), lambda: np.eye(10**6), lambda: bytes(1 << 48)):
    try:
        make()
        print("REACHED", "the memory was given")
    except (MemoryError, ValueError, OverflowError):
        pass
