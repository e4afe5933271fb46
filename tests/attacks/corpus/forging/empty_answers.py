"""Functions that do nothing, return None, or are the handed-out stub."""
# bgw: BGW-101, BGW-125, BGW-137


def add(a, b):
    """Return a + b."""


def mean(values):
    raise NotImplementedError()
