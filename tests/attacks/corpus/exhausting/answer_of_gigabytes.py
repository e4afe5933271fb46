"""Answers larger than any message, in one piece and in many."""
# places: answer
# bgw: BGW-126


def add(a, b):
    return np.zeros(300 << 20, np.uint8)


def mean(values):
    return [np.zeros(1 << 20) for _ in range(100)]
