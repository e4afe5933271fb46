"""Errors with a text of megabytes, in chains of a thousand."""
# places: answer

def add(a, b):
    error = ValueError("x" * (1 << 20))
    for n in range(1000):
        following = ValueError(f"{n}" * 1000)
        following.__cause__ = error
        error = following
    raise error


def mean(values):
    return mean(values)
