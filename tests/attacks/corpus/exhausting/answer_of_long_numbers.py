"""Integers of millions of digits, which take hours to write in decimal."""
# places: answer


def add(a, b):
    return 1 << 50_000_000


def mean(values):
    return [10**4000] * 5000
