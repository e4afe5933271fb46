# why: A budget that is too small gives a negative width.
# fails: test_widest_within_the_budget
# %% parameters-answer
def count_parameters(sizes, bias=True):
    """Number of parameters of a dense network with these layer sizes (inputs first, outputs last)."""
    return int(sum(a * b + (b if bias else 0) for a, b in zip(sizes[:-1], sizes[1:])))


def widest(inputs, outputs, budget):
    """Largest number of units of one hidden layer for which the network has at most `budget` parameters."""
    return int((budget - outputs) // (inputs + 1 + outputs))
