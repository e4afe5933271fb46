"""Objects that hand out arrays of objects, and that run code in whoever unpickles them."""
# bgw: BGW-129


class Same:
    __eq__ = lambda self, other: True
    __hash__ = object.__hash__


class Hostile:
    def __array__(self, *args, **kwargs):
        return np.array([Same()], dtype=object)

    def __reduce__(self):
        return eval, ("print('REACHED', 'unpickled')",)


add = mean = lambda *args: Hostile()
