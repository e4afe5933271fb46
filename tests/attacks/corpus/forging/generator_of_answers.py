"""Generators, coroutines and futures: what they will give is to be seen when somebody looks."""
# bgw: BGW-103


async def mean(values):
    return np.mean(values)


def add(a, b):
    while True:
        yield 42
