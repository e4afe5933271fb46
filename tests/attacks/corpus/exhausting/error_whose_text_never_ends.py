"""An exception whose text takes for ever, or takes all the memory, when somebody asks for it."""
# places: answer


class Endless(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __str__


class Huge(Exception):
    def __str__(self):
        return "x" * (1 << 40)


def add(a, b):
    raise Endless()


def mean(values):
    raise Huge()
