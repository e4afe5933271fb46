"""Answers nested thousands of times, and one that holds itself."""
# places: answer


def add(a, b):
    tree = [1]
    for _ in range(100_000):
        tree = [tree]
    return tree


def mean(values):
    ring = []
    ring.append(ring)
    return {"a": ring}
