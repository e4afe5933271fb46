"""Objects that say they are arrays and floats, to isinstance, to type-like attributes and to len."""
# bgw: BGW-103


class Liar:
    __class__ = property(lambda self: np.ndarray)
    dtype, shape, size, ndim = np.dtype(float), (11,), 11, 1
    __len__ = lambda self: 11
    __eq__ = lambda self, other: np.ones(11, bool)
    __hash__ = object.__hash__
    tobytes = lambda self, *args: b"\x00" * 88
    tolist = lambda self: [42] * 11


class LyingFloat(float):
    __class__ = property(lambda self: float)
    hex = __repr__ = __str__ = lambda self: "42"
    __float__ = lambda self: 42.0


add, mean = (lambda a, b: Liar()), (lambda values: LyingFloat(0.0))
