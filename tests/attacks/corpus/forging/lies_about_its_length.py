"""Lists and dictionaries whose length, iteration and items do not agree."""
# bgw: BGW-103


class Long(list):
    __len__ = lambda self: 10**12
    __iter__ = lambda self: iter([42] * 3)
    __getitem__ = lambda self, i: 42


class Pairs(dict):
    items = lambda self: [(1, 2, 3), None]
    keys = lambda self: [[]]
    __len__ = lambda self: -1


add, mean = (lambda a, b: Long([1])), (lambda values: Pairs(a=1))
