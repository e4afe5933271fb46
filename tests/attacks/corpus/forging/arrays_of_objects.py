"""Structured arrays and arrays of objects, whose entries would have to be unpickled."""
# bgw: BGW-129

add = lambda *args: np.array([(1, 2)], dtype=[("a", "O"), ("b", "i4")])
mean = lambda *args: np.array([lambda: 1, None], dtype=object)
